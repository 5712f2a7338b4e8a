// Latency with the border split out: p50 to p99 of the client's time, the server's, and what lies between.

const LATENCY_ROWS = 14;
const KINDS = [["client", "client"], ["server", "server"], ["border", "border"]];

function latencyPanel(paths, room) {
  const timed = paths.filter((path) => path.client.length || path.server.length);
  if (!timed.length) return panel("latency", "Latency", null, null, empty("No request of a known duration fits."));
  const rows = timed.slice(0, isPrinting ? timed.length : LATENCY_ROWS).map((path) => ({ path, times: pathTimes(path) }));
  const values = rows.flatMap(({ times }) => KINDS.flatMap(([kind]) => times[kind])).filter((us) => us !== null && us > 0);
  const scale = logScale(Math.min(...values), Math.max(...values));
  const isNarrow = room < 720;
  const width = isNarrow ? room : Math.max(240, room - 300 - 190);
  return panel("latency", "Latency",
    "From p50 (dot) over p90 (tick) to p99 (end), on a logarithmic scale. The border is the client's time less the server's.",
    el("ul", { class: "legend" }, KINDS.map(([kind, words]) =>
      el("li", null, el("span", { class: "swatch line-" + kind }), words))),
    el("div", { class: isNarrow ? "latency narrow" : "latency" },
      el("div", { class: "latency-row", "aria-hidden": "true" }, el("span"), axis(scale, width),
        el("span", { class: "latency-numbers head" }, ["p50", "p90", "p99"].map((words) => el("span", null, words)))),
      rows.map(({ path, times }) => latencyRow(path, times, scale, width))),
    timed.length > rows.length
      && el("p", { class: "note" }, `${timed.length - LATENCY_ROWS} more paths with fewer requests: filter to see them.`));
}

/** Powers of ten that hold all values, and where on them a duration lies, 0 to 1. */
function logScale(least, most) {
  const low = Math.log10(Math.max(1, least)) - 0.12, high = Math.max(low + 0.7, Math.log10(Math.max(1, most)) + 0.12);
  const ticks = [];
  for (let power = Math.floor(low); power <= high; power += 1) {
    for (const digit of high - low > 2.2 ? [1] : [1, 2, 5]) {
      const place = Math.log10(digit) + power;
      if (place >= low && place <= high) ticks.push(digit * 10 ** power);
    }
  }
  return { at: (us) => (Math.log10(Math.max(1, us)) - low) / (high - low), ticks };
}

function axis(scale, width) {
  return svg("svg", { class: "axis", width, height: 18, viewBox: `0 0 ${width} 18`, "aria-hidden": "true" },
    scale.ticks.map((us) => svg("text", { class: "tick middle", x: scale.at(us) * width, y: 12 }, duration(us))));
}

function latencyRow(path, times, scale, width) {
  const height = 44;
  const track = svg("svg", { class: "ranges", width, height, viewBox: `0 0 ${width} ${height}`, role: "img",
    "aria-label": KINDS.map(([kind]) => `${kind} ${times[kind].map(duration).join(", ")}`).join("; ") },
  scale.ticks.map((us) =>
    svg("line", { class: "grid", x1: scale.at(us) * width, x2: scale.at(us) * width, y1: 0, y2: height })));
  KINDS.forEach(([kind], row) => {
    const [p50, p90, p99] = times[kind];
    if (p50 === null) return;
    const y = 9 + row * 13;
    const x = [p50, p90, p99].map((us) => scale.at(us) * width);
    track.append(svg("line", { class: `range ${kind}`, x1: x[0], x2: Math.max(x[2], x[0] + 1), y1: y, y2: y }),
      svg("line", { class: `tick-mark ${kind}`, x1: x[1], x2: x[1], y1: y - 4.5, y2: y + 4.5 }),
      svg("circle", { class: `dot ${kind}`, cx: x[0], cy: y, r: 4 }));
  });
  const row = el("div", { class: "latency-row", tabindex: "0" },
    el("div", { class: "latency-name" }, pathName(path), el("div", { class: "sub" }, shortService(path.service))),
    track,
    el("div", { class: "latency-numbers" }, KINDS.map(([kind]) => times[kind].map((us) => el("span", { class: kind }, duration(us))))));
  return tip(row, () => flowFacts(path.label, [path]));
}
