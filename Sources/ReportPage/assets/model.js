// The page's values, as they stand in the block of JSON, with names in place of numbers and what every section needs.

const DATA = JSON.parse(document.getElementById("data").textContent);

const PLACES = DATA.places.map((place) => ({
  ...place, name: place.workload, label: place.mesh_cluster ? `${place.workload}@${place.mesh_cluster}` : place.workload,
}));

/** Ways from workload to workload, most requests first. */
const PATHS = DATA.paths.map((path, index) => {
  const from = path.from === null ? null : PLACES[path.from];
  const to = path.to === null ? null : PLACES[path.to];
  const via = path.via.map((number) => PLACES[number]);
  const service = DATA.services[path.service];
  const places = [from, ...via, to].filter((place) => place);
  const label = [from ? from.label : "?", ...via.map((place) => place.label),
    to ? to.label : END_WORDS[path.end] || "?"].join(" → ");
  return {
    ...path, index, from, to, via, service, places, label,
    key: [label, service, path.carrier, path.end].join("|"),
    words: [label, service, path.carrier, ...Object.keys(path.by_flag)].join(" ").toLowerCase(),
    stops: stops(from, via, to, service),
    client: histogram(path.client), server: histogram(path.server), border: histogram(path.border),
  };
});

const CLUSTERS = [...new Set(PLACES.map((place) => place.mesh_cluster).filter((name) => name))].sort();
const SERVICES = DATA.services.filter((name) => name !== "");

/** Where a request is drawn to go, one after another; what no log tells of is a place of its own. */
function stops(from, via, to, service) {
  return [from ? from.label : UNKNOWN_CALLER, ...via.map((place) => place.label), to ? to.label : unseen(service)];
}
function unseen(service) { return "→ " + shortService(service); }

/** Bin and count by turns, bins as distances: [[microseconds, count], …], ascending. */
function histogram(numbers) {
  const bins = [];
  let bin = 0;
  for (let at = 0; at + 1 < numbers.length; at += 2) {
    bin += numbers[at];
    bins.push([binMicroseconds(bin), numbers[at + 1]]);
  }
  return bins;
}

/** Three leading digits and a magnitude: what MeshweftKit's DurationHistogram rounds a duration to. */
function binMicroseconds(bin) {
  if (bin < 1000) return bin;
  const magnitude = Math.floor((bin - 1000) / 900);
  return ((bin - 1000) % 900 + 100) * 10 ** (magnitude + 1);
}

/** p50, p90 and p99 of several histograms together by nearest rank, in microseconds; nulls without any. */
function quantiles(histograms) {
  const sums = new Map();
  let total = 0;
  for (const [us, number] of histograms.flat()) {
    sums.set(us, (sums.get(us) || 0) + number);
    total += number;
  }
  const bins = [...sums].sort((a, b) => a[0] - b[0]);
  return [0.5, 0.9, 0.99].map((share) => {
    let seen = 0;
    const rank = Math.max(1, Math.ceil(share * total));
    for (const [us, number] of bins) {
      seen += number;
      if (seen >= rank) return us;
    }
    return null;
  });
}

function total(items, key) { return items.reduce((sum, item) => sum + item[key], 0); }

/** Failures by flag over several paths, most first. */
function byFlag(paths) {
  const sums = new Map();
  for (const path of paths) {
    for (const [flag, number] of Object.entries(path.by_flag)) sums.set(flag, (sums.get(flag) || 0) + number);
  }
  return [...sums].sort((a, b) => b[1] - a[1]);
}

/** A flag in words; a number is a response code. */
function flagWords(flag) {
  return Object.hasOwn(DATA.flags, flag) ? DATA.flags[flag] : /^\d+$/.test(flag) ? "response code" : "";
}

/** Which failures there are, as small marks. */
function flagMarks(flags) {
  return flags.map(([flag, number]) =>
    el("span", { class: "flag", title: flagWords(flag) || null }, flag, number > 1 && el("b", null, count(number))));
}

function failureClass(share) {
  return share === 0 ? "f0" : share < 0.01 ? "f1" : share < 0.05 ? "f2" : share < 0.2 ? "f3" : "f4";
}

/** The time that a bucket of the load begins at, in milliseconds, for all stretches one after another. */
const BUCKETS = DATA.load.time.stretches.flatMap(([start, number], stretch) =>
  Array.from({ length: number }, (_, at) => ({
    start: start + at * DATA.load.time.width_s * 1000, isFirst: at === 0 && stretch > 0,
  })));

/** Attempts by path and host; `counts` are [bucket, attempts, failures, busy µs]. */
const LOAD = DATA.load.rows.map(([path, host, ...numbers]) => {
  const counts = [];
  for (let at = 0; at + 3 < numbers.length; at += 4) counts.push(numbers.slice(at, at + 4));
  return { path: PATHS[path], host: DATA.load.hosts[host], counts };
});
