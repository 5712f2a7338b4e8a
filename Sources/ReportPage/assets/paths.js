// The paths as a table, as `meshweft paths` lists them.

const PATH_ROWS = 20;
let pathsShowAll = false;

const PATH_COLUMNS = [
  ["path", "Path", (path) => path.label, "text"],
  ["requests", "Requests", (path) => path.requests],
  ["failed", "Failed", (path) => path.failures / Math.max(1, path.requests + path.connections)],
  ["p50", "Client p50", (path) => pathTimes(path).client[0]],
  ["p99", "Client p99", (path) => pathTimes(path).client[2]],
  ["server", "Server p50", (path) => pathTimes(path).server[0]],
  ["border", "Border p50", (path) => pathTimes(path).border[0]],
  ["border99", "Border p99", (path) => pathTimes(path).border[2]],
  ["sure", "Sure", (path) => path.confidence],
];

const TIMES = new Map();
function pathTimes(path) {
  if (!TIMES.has(path)) {
    TIMES.set(path, { client: quantiles([path.client]), server: quantiles([path.server]), border: quantiles([path.border]) });
  }
  return TIMES.get(path);
}

function pathsPanel(paths) {
  const [, , value, kind] = PATH_COLUMNS.find(([name]) => name === state.sort) || PATH_COLUMNS[1];
  const sorted = [...paths].sort((a, b) => kind === "text" ? value(a) < value(b) ? -1 : 1
    : (value(b) ?? -1) - (value(a) ?? -1) || a.index - b.index);
  const rows = isPrinting || pathsShowAll ? sorted : sorted.slice(0, PATH_ROWS);
  const left = DATA.paths_omitted;
  return panel("paths", "Paths", "From workload to workload. The border is the client's time less the server's.", null,
    paths.length ? el("div", { class: "scroll" }, pathsTable(rows, Math.max(...paths.map((path) => path.requests))))
      : empty("No path fits."),
    sorted.length > PATH_ROWS && button(pathsShowAll ? "Show fewer" : `Show all ${sorted.length}`, "paths-all",
      () => { pathsShowAll = !pathsShowAll; draw(); }, { class: "link fold" }),
    left.paths > 0 && el("p", { class: "note" }, `${plural(left.paths, "more path")} with few requests `
      + `(${count(left.requests)}, ${count(left.failures)} failed) are not on this page; \`meshweft paths\` lists them.`));
}

function pathsTable(paths, most) {
  const head = el("tr", null, PATH_COLUMNS.map(([name, label, , kind], at) => el("th", {
    scope: "col", class: kind === "text" ? null : "number", "aria-sort": state.sort === name ? kind === "text" ? "ascending" : "descending" : null,
  }, button(label, "sort-" + name + at, () => choose({ sort: name }), { class: "sort" }))));
  const table = el("table", { class: "table paths" }, el("caption", { class: "visually-hidden" }, "Paths"),
    el("thead", null, head), el("tbody", null, paths.map((path) => pathRow(path, most))));
  return roving(table, "button.row");
}

function pathRow(path, most) {
  const times = pathTimes(path);
  const share = path.failures / Math.max(1, path.requests + path.connections);
  const isChosen = state.path === path.key;
  const cell = (value, attributes) => el("td", { class: "number", ...attributes }, value);
  const row = el("tr", { class: isChosen ? "chosen" : null },
    el("td", { class: "way" }, button(pathName(path), "path-" + path.key, () => toggle("path", path.key),
      { class: "row", "aria-pressed": isChosen ? "true" : "false", tabindex: "-1" }),
      el("div", { class: "sub" }, shortService(path.service), path.end !== "server" && ` · ${END_WORDS[path.end]}`,
        !path.via.length && CARRIER_WORDS[path.carrier] && ` · ${CARRIER_WORDS[path.carrier]}`)),
    cell(path.connections ? [plural(path.connections, "connection"), el("div", { class: "sub" },
      bytes(path.bytes_sent + path.bytes_received))] : [count(path.requests), bar(path.requests / most, share)], { "data-label": "Requests" }),
    cell(path.failures ? [el("span", { class: failureClass(share) }, percent(share)),
      el("div", null, flagMarks(byFlag([path])))] : el("span", { class: "quiet" }, "–"), { "data-label": "Failed" }),
    cell(duration(times.client[0]), { "data-label": "Client p50" }), cell(duration(times.client[2]), { "data-label": "Client p99" }),
    cell(duration(times.server[0]), { "data-label": "Server p50" }),
    cell(duration(times.border[0]), { class: "number border-time", "data-label": "Border p50" }),
    cell(duration(times.border[2]), { class: "number border-time", "data-label": "Border p99" }),
    cell(path.confidence === null ? "–" : percent(path.confidence), { "data-label": "Sure" }));
  tip(row.querySelector("button"), () => flowFacts(path.label, [path]));
  return row;
}

/** sleep@ack1 → proxy → httpbin@ack2 with the mesh clusters in grey. */
function pathName(path) {
  const parts = [path.from, ...path.via, path.to].map((place, at, all) => place
    ? [el("span", { class: at > 0 && at < all.length - 1 ? "stop proxy" : "stop" }, place.name),
      place.mesh_cluster && el("span", { class: "at" }, "@" + place.mesh_cluster)]
    : el("span", { class: "stop missing" }, at === 0 ? "?" : shortService(path.service)));
  return parts.map((part, at) => [at > 0 && el("span", { class: "arrow" }, " → "), el("span", { class: "place" }, part)]);
}

function bar(share, failed) {
  return el("span", { class: "mini", "aria-hidden": "true" },
    el("span", { class: "mini-fill", css: { width: `${Math.max(1, share * 100)}%` } },
      failed > 0 && el("span", { class: "mini-failed", css: { width: `${Math.max(2, failed * 100)}%` } })));
}
