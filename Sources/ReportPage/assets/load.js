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
  const limit = openKeys.has("load") ? services.length : LOAD_CHARTS;
  const seconds = DATA.load.time.width_s;
  return panel("load", "Load over time",
    `Every attempt to reach a host, in pieces of ${duration(seconds * 1e6)}. In flight is busy time over time.`,
    el("div", { class: "switches" },
      choices("load", "What is shown", LOAD_KINDS, state.load, (value) => choose({ load: value })),
      choices("by", "Split", LOAD_BY, state.by, (value) => choose({ by: value }))),
    el("div", { class: "charts", css: { "--columns": String(columns) } },
      services.slice(0, limit).map((service) => loadChart(service, chosen, width))),
    !services.length && empty("No path fits."),
    services.length > LOAD_CHARTS && button(limit > LOAD_CHARTS ? "Show fewer" : `Show all ${services.length} services`,
      "load-all", () => { if (!openKeys.delete("load")) openKeys.add("load"); draw(); }, { class: "link" }));
}

/** What is stacked: name, its value per bucket and its sum; the largest first, the small ones as one. */
function loadSeries(service, chosen) {
  const series = new Map();
  for (const { path, host, counts } of LOAD) {
    if (path.service !== service || !chosen.has(path)) continue;
    const name = state.by === "caller" ? path.from ? path.from.label : UNKNOWN_CALLER : hostName(service, host);
    if (!series.has(name)) series.set(name, { name, values: new Float64Array(BUCKETS.length), failures: 0, sum: 0 });
    const one = series.get(name);
    for (const [bucket, attempts, failures, busy] of counts) {
      const value = state.load === "busy" ? busy / 1e6 : state.load === "failures" ? failures : attempts;
      one.values[bucket] += value / DATA.load.time.width_s;
      one.sum += value;
    }
  }
  const sorted = [...series.values()].sort((a, b) => b.sum - a.sum);
  if (sorted.length <= SERIES) return sorted;
  const others = { name: `${sorted.length - SERIES + 1} others`, values: new Float64Array(BUCKETS.length), sum: 0 };
  for (const one of sorted.splice(SERIES - 1)) {
    one.values.forEach((value, at) => { others.values[at] += value; });
    others.sum += one.sum;
  }
  return [...sorted, others];
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
    el("ul", { class: "legend" }, series.filter((one) => one.sum > 0).map((one, at) =>
      el("li", { class: "clip" }, el("span", { class: `swatch s${at}` }), one.name))));
}

/** A tidy number at or above a value: 1, 2 or 5 with zeros. */
function tidy(value) {
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 5, 10].map((digit) => digit * power).find((candidate) => candidate >= value * 0.999) || value;
}

function stack(series, sums, peak, width, unit, label) {
  const height = 132, foot = 20, left = 38, head = 6;
  const top = peak > 0 ? tidy(peak) : 1;
  const gap = 16, gaps = BUCKETS.filter((bucket) => bucket.isFirst).length;
  const each = (width - left - gaps * gap) / Math.max(1, BUCKETS.length);
  const y = (value) => head + (height - head - foot) * (1 - value / top);
  const picture = svg("svg", { class: "stack", width, height, viewBox: `0 0 ${width} ${height}`, role: "img",
    "aria-label": label });
  for (const share of [0, 0.5, 1]) {
    picture.append(svg("line", { class: "grid", x1: left, x2: width, y1: y(top * share), y2: y(top * share) }),
      svg("text", { class: "tick end", x: left - 6, y: y(top * share) + 3.5 },
        share ? unit(top * share).replace("/s", "") : "0"));
  }
  let x = left;
  const labels = [];
  BUCKETS.forEach((bucket, at) => {
    if (bucket.isFirst) {
      x += gap;
      picture.append(svg("path", { class: "break", d: `M${x - gap / 2 - 2} ${height - foot + 4}l4 -8` }));
    }
    const inner = Math.max(0.5, each - (each > 6 ? 2 : each > 3 ? 1 : 0));
    let base = 0;
    series.forEach((one, number) => {
      if (!one.values[at]) return;
      const size = y(base) - y(base + one.values[at]);
      picture.append(svg("rect", { class: `s${number}`, x, y: y(base + one.values[at]), width: inner,
        height: Math.max(0.5, size) }));
      base += one.values[at];
    });
    if (at === 0 || bucket.isFirst) labels.push({ x, text: timeLabel(bucket.start, true), weight: stretchLength(at) });
    else if (isRound(bucket.start, (width - left) / each)) labels.push({ x, text: timeLabel(bucket.start, false), weight: 0 });
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

/** How many buckets a stretch has that begins at one. */
function stretchLength(at) {
  const next = BUCKETS.findIndex((bucket, number) => number > at && bucket.isFirst);
  return (next < 0 ? BUCKETS.length : next) - at;
}

/** The labels that have room beside each other, those of the longest stretches first. */
function fitting(labels, width) {
  const placed = [];
  for (const label of [...labels].sort((a, b) => b.weight - a.weight || a.x - b.x)) {
    const end = label.x + label.text.length * 6.6 + 10;
    const isFree = placed.every((other) => end < other.x || label.x > other.x + other.text.length * 6.6 + 10);
    if (isFree && end - 10 <= width) placed.push(label);
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
