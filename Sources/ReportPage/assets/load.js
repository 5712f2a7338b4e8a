// Load over time: a small chart per service, stacked by host, caller or path.

const SERIES = 7;
const LOAD_CHARTS = 12;
const LOAD_KINDS = [["rate", "Requests"], ["failures", "Failures"], ["busy", "In flight"]];
const LOAD_BY = [["host", "by host"], ["caller", "by caller"]];

function loadPanel(paths, room) {
  const services = [...new Set(paths.map((path) => path.service))];
  const chosen = new Set(paths);
  const columns = Math.max(1, Math.min(services.length, room > 1000 ? 3 : room > 640 ? 2 : 1));
  const width = Math.floor((room - (columns - 1) * 20) / columns);
  const limit = isPrinting || openKeys.has("load") ? services.length : LOAD_CHARTS;
  const seconds = DATA.load.time.width_s;
  return panel("load", "Load over time",
    `Attempts per second at each host, in steps of ${duration(seconds * 1e6)}. In flight is how many were open at once, on average.`,
    el("div", { class: "switches" },
      choices("load", "What is shown", LOAD_KINDS, state.load, (value) => choose({ load: value })),
      choices("by", "Split", LOAD_BY, state.by, (value) => choose({ by: value }))),
    el("div", { class: "charts", css: { "--columns": String(columns) } },
      services.slice(0, limit).map((service) => loadChart(service, chosen, width))),
    !services.length && empty("No path fits."),
    services.length > LOAD_CHARTS && button(limit > LOAD_CHARTS ? "Show fewer" : `Show all ${services.length} services`,
      "load-all", () => { if (!openKeys.delete("load")) openKeys.add("load"); draw(); }, { class: "link fold" }));
}

/** The name of a row in the chosen split. */
function seriesName({ path, host }) {
  return state.by === "caller" ? path.from ? path.from.label : UNKNOWN_CALLER : hostName(path.service, host);
}

/** Names of a service's rows by attempts, whatever is chosen and shown: so a name keeps its colour. */
function seriesOrder(service) {
  const sums = new Map();
  for (const row of LOAD) {
    if (row.path.service !== service) continue;
    const name = seriesName(row);
    sums.set(name, (sums.get(name) || 0) + row.counts.reduce((sum, numbers) => sum + numbers[1], 0));
  }
  return [...sums].sort((a, b) => b[1] - a[1]).map(([name]) => name);
}

/** What is stacked: name, colour, its value per bucket and its sum; the largest first, the small ones as one. */
function loadSeries(service, chosen) {
  const order = seriesOrder(service);
  const own = order.length > SERIES ? SERIES - 1 : SERIES;
  const series = new Map();
  for (const row of LOAD) {
    if (row.path.service !== service || !chosen.has(row.path)) continue;
    const colour = Math.min(own, order.indexOf(seriesName(row)));
    const name = colour < own ? order[colour] : `${order.length - own} others`;
    if (!series.has(name)) series.set(name, { name, colour, values: new Float64Array(BUCKETS.length), sum: 0 });
    const one = series.get(name);
    for (const [bucket, attempts, failures, busy] of row.counts) {
      const value = state.load === "busy" ? busy / 1e6 : state.load === "failures" ? failures : attempts;
      one.values[bucket] += value / DATA.load.time.width_s;
      one.sum += value;
    }
  }
  return [...series.values()].sort((a, b) => a.colour - b.colour);
}

const POD_OF = new Map(DATA.imbalance.flatMap(({ report }) =>
  report.hosts.map((host) => [report.service + "\n" + host.host, host.pod])));

// Free text finds a path by the hosts and pods that it led to, too.
for (const { path, host } of LOAD) {
  path.words += ` ${host} ${POD_OF.get(path.service + "\n" + host) || ""}`.toLowerCase();
}

/** A host's pod where a log tells it, else its address. */
function hostName(service, host) {
  return host === "" ? "sent nowhere" : POD_OF.get(service + "\n" + host) || host;
}

function loadChart(service, chosen, width) {
  const series = loadSeries(service, chosen);
  const sums = BUCKETS.map((_, at) => series.reduce((sum, one) => sum + one.values[at], 0));
  const peak = Math.max(...sums, 0);
  const unit = (value) => state.load === "busy" ? trimmed(value, value < 10 ? 2 : 0) : rate(value);
  return el("article", { class: "chart" },
    el("div", { class: "chart-head" }, el("h3", null, shortService(service)),
      el("span", { class: "quiet" }, peak > 0 ? `peak ${unit(peak)}` : state.load === "failures" ? "no failures" : "nothing")),
    stack(series, sums, peak, width, unit, `${shortService(service)}: peak ${unit(peak)}`),
    el("ul", { class: "legend" }, series.filter((one) => one.sum > 0).map((one) =>
      el("li", null, el("span", { class: `swatch s${one.colour}` }), el("span", { class: "clip" }, one.name)))));
}

/** A tidy number at or above a value. */
function tidy(value) {
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10].map((digit) => digit * power).find((candidate) => candidate >= value * 0.999) || value;
}

function stack(series, sums, peak, width, unit, label) {
  const height = 132, foot = 20, left = 38, head = 6;
  const top = peak > 0 ? tidy(peak) : 1;
  const gap = 16;
  const { each, stretches } = timeAxis(width - left, gap);
  const y = (value) => head + (height - head - foot) * (1 - value / top);
  const picture = svg("svg", { class: "stack", width, height, viewBox: `0 0 ${width} ${height}`, role: "img",
    "aria-label": label });
  for (const share of [0, 0.5, 1]) {
    picture.append(svg("line", { class: "grid", x1: left, x2: width, y1: y(top * share), y2: y(top * share) }),
      svg("text", { class: "tick end", x: left - 6, y: y(top * share) + 3.5 },
        share ? unit(top * share).replace("/s", "") : "0"));
  }
  let x = left;
  let next = left;
  const labels = [];
  BUCKETS.forEach((bucket, at) => {
    const stretch = stretches.find((one) => one.first === at);
    if (stretch) {
      if (at > 0) picture.append(svg("path", { class: "break", d: `M${next + gap / 2 - 2} ${height - foot + 4}l4 -8` }));
      x = next + (at > 0 ? gap : 0);
      next = x + stretch.width;
      labels.push({ x, text: stretch.label, isFirst: true });
    } else if (isRound(bucket.start, (width - left) / each)) {
      labels.push({ x, text: timeLabel(bucket.start, false), isFirst: false });
    }
    const inner = Math.max(0.5, each - (each > 6 ? 2 : each > 3 ? 1 : 0));
    let base = 0;
    series.forEach((one) => {
      if (!one.values[at]) return;
      const size = y(base) - y(base + one.values[at]);
      picture.append(svg("rect", { class: `s${one.colour}`, x, y: y(base + one.values[at]), width: inner,
        height: Math.max(0.5, size) }));
      base += one.values[at];
    });
    if (sums[at] > 0) {
      const hit = svg("rect", { class: "hit", x, y: head, width: Math.max(each, 1), height: height - head - foot });
      picture.append(tip(hit, () => facts(`${day(bucket.start)} ${clock(bucket.start)}`, series
        .filter((one) => one.values[at] > 0).map((one) => [one.name, unit(one.values[at])]))));
    }
    x += each;
  });
  picture.append(...fitting(labels, width).map((label) =>
    svg("text", { class: "tick", x: label.x, y: height - 6 }, label.text)));
  return picture;
}

/** Pixels of a tick's text. */
function textWidth(text) { return text.length * 6.6 + 10; }

/**
 * How wide a bucket is, and each stretch of time between two gaps, with its label: a stretch has room for the time at which it
 * begins, however short it is.
 */
function timeAxis(width, gap) {
  const starts = BUCKETS.flatMap((bucket, at) => at === 0 || bucket.isFirst ? [at] : []);
  const room = width - gap * Math.max(0, starts.length - 1);
  const forms = [(start) => timeLabel(start, true), (start) => BUCKETS_SPAN_DAYS ? day(start).slice(5) : timeLabel(start, false)];
  const made = forms.map((form) => starts.map((first, number) => {
    const label = form(BUCKETS[first].start);
    return { first, label, buckets: (starts[number + 1] ?? BUCKETS.length) - first, least: textWidth(label) };
  }));
  const fits = (stretches) => stretches.reduce((sum, one) => sum + one.least, 0) <= room;
  const stretches = made.find(fits) || made[1].map((one) => ({ ...one, least: 0 }));
  let each = room / Math.max(1, BUCKETS.length);
  // Who needs more than his share for his label takes it from the others.
  for (let round = 0; round < stretches.length; round += 1) {
    const long = stretches.filter((one) => one.buckets * each >= one.least);
    const taken = stretches.reduce((sum, one) => sum + (one.buckets * each < one.least ? one.least : 0), 0);
    const left = (room - taken) / Math.max(1, long.reduce((sum, one) => sum + one.buckets, 0));
    if (!long.length || left >= each) break;
    each = left;
  }
  each = Math.max(0.2, each);
  return { each, stretches: stretches.map((one) => ({ ...one, width: Math.max(one.least, one.buckets * each) })) };
}

/** The labels that have room beside each other: those of beginnings, then others from the left. */
function fitting(labels, width) {
  const placed = [];
  for (const label of [...labels].sort((a, b) => b.isFirst - a.isFirst || a.x - b.x)) {
    const end = label.x + textWidth(label.text);
    const isFree = placed.every((other) => end <= other.x + 1 || label.x + 1 >= other.x + textWidth(other.text));
    if (isFree && end - 10 <= width + 1) placed.push(label);
  }
  return placed;
}

const BUCKETS_SPAN_DAYS = BUCKETS.length > 0 && day(BUCKETS[0].start) !== day(BUCKETS[BUCKETS.length - 1].start);

function timeLabel(start, isFirst) {
  const time = DATA.load.time.width_s < 60 ? clock(start) : minute(start);
  if (DATA.load.time.width_s >= 86400) return day(start).slice(5);
  return isFirst && BUCKETS_SPAN_DAYS ? `${day(start).slice(5)} ${time}` : time;
}

/** Whether a time is a round one on an axis with room for so many buckets. */
function isRound(start, room) {
  const step = DATA.load.time.width_s * 1000 * Math.max(1, room / 6);
  const steps = [1, 2, 5, 10, 15, 30, 60, 300, 600, 900, 1800, 3600, 7200, 21600, 43200, 86400, 604800];
  const chosen = (steps.find((seconds) => seconds * 1000 >= step) || 604800) * 1000;
  return start % chosen === 0;
}
