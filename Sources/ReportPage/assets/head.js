// The page's head: what it is about, the filters, the figures, and what stands out.

function header() {
  const times = DATA.window;
  return el("header", { class: "top" },
    el("div", { class: "title" }, el("h1", null, DATA.title),
      el("p", { class: "about" }, span(times.first_ms, times.last_ms)),
      DATA.generated_ms !== null && el("p", { class: "about" }, generated())),
    el("ul", { class: "scope" }, [
      [DATA.source_count, "log"], [DATA.hops, "hop"], [CLUSTERS.length, "mesh cluster"],
      [SERVICES.length, "service"], [DATA.traces.length, "trace here", "traces here"],
    ].map(([number, one, many]) => el("li", null, plural(number, one, many)))),
    DATA.notes.map((note) => el("p", { class: "note" }, note)));
}

/** When and by what the page was made. */
function generated() {
  const at = DATA.generated_ms === null ? "" : ` at ${day(DATA.generated_ms)} ${clock(DATA.generated_ms)} UTC`;
  return `Generated${at} by meshweft ${DATA.version}`;
}

/** Search, choices, and what is chosen; stays in sight. */
function toolbar() {
  return el("div", { class: "bar", role: "search" },
    el("div", { class: "bar-row" },
      searchField(),
      select("service", "All services", SERVICES.map((name) => [name, shortService(name)])),
      select("cluster", "All mesh clusters", CLUSTERS.map((name) => [name, name])),
      select("node", "All workloads", [...new Set(PLACES.map((place) => place.label))].sort().map((name) => [name, name])),
      button("", "theme", toggleTheme, { class: "icon theme", "aria-label": "Light or dark" })),
    chips());
}

function searchField() {
  const field = el("input", { type: "search", placeholder: "Filter by any text: path, pod, id, flag…", "data-key": "q",
    "aria-label": "Filter by free text", value: state.q, autocomplete: "off", spellcheck: "false" });
  let waiting;
  field.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => choose({ q: field.value.trim() }), 200);
  });
  return field;
}

function select(name, all, options) {
  const field = el("select", { "aria-label": all, "data-key": "select-" + name,
    on: { change: () => choose({ [name]: field.value }) } },
    el("option", { value: "" }, all),
    options.map(([value, label]) => el("option", { value }, cut(label, 60))));
  // Values are compared as they are: what is shown may have been made harmless.
  [...field.options].slice(1).forEach((option, at) => { option.value = options[at][0]; });
  field.value = state[name];
  if (field.selectedIndex < 0) field.selectedIndex = 0;
  field.classList.toggle("chosen", state[name] !== "");
  return field;
}

function chips() {
  // The row is always there: a first chip would push the page down, away from under the pointer.
  if (!isFiltered()) return el("div", { class: "chips none" }, "Everything is shown. Choose above, or press a node, flow or path.");
  const words = { service: shortService(state.service), cluster: state.cluster, node: state.node, edge: state.edge,
    path: state.path.split("|")[0], q: `“${state.q}”` };
  const names = { service: "service", cluster: "mesh cluster", node: "workload", edge: "flow", path: "path", q: "text" };
  return el("div", { class: "chips", role: "status" },
    FILTERS.filter((name) => state[name]).map((name) =>
      button([el("span", { class: "chip-name" }, names[name]), el("span", { class: "clip" }, words[name]),
        el("span", { class: "x" }, "×")],
        "chip-" + name, () => choose({ [name]: "" }), { class: "chip", "aria-label": `Remove filter ${names[name]}` })),
    FILTERS.filter((name) => state[name]).length > 1
      && button("Clear all", "clear", clearFilters, { class: "link" }));
}

function toggleTheme() {
  const root = document.documentElement;
  const isDark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = isDark ? "light" : "dark";
  // A page opened from a file may have no storage.
  try { localStorage.setItem("meshweft-theme", root.dataset.theme); } catch { /* it lasts until the page is closed */ }
}

/** The figures, of what is chosen. */
function figures(paths) {
  // What is chosen of the paths that are not on the page is not known; without a filter it is all of them.
  const rest = isFiltered() ? { paths: 0, requests: 0, failures: 0 } : DATA.paths_omitted;
  const requests = total(paths, "requests") + rest.requests, failures = total(paths, "failures") + rest.failures;
  const client = quantiles(paths.map((path) => path.client));
  const border = quantiles(paths.map((path) => path.border));
  const proxied = paths.filter((path) => path.via.length);
  const services = chosenServices(paths);
  const uneven = services.filter((service) => service.report.verdict === "imbalanced").length;
  return el("section", { class: "figures", "aria-label": "Figures" },
    figure("Requests", count(requests), plural(paths.length + rest.paths, "path")),
    figure("Failed", percent(failures / Math.max(1, requests)), failures ? plural(failures, "request") : "none",
      failures ? failureClass(failures / requests) : ""),
    figure("Client time", duration(client[0]), `p90 ${duration(client[1])}, p99 ${duration(client[2])}`),
    figure("Border cost", duration(border[0]), border[0] === null ? "no request seen at both ends"
      : `p90 ${duration(border[1])}, p99 ${duration(border[2])}`),
    figure("Through proxies", percent(total(proxied, "requests") / Math.max(1, requests)),
      plural(total(proxied, "requests"), "request")),
    figure("Uneven services", services.length ? `${uneven} of ${services.length}` : "–", "by requests per host",
      uneven ? "uneven" : ""));
}

function figure(name, value, more, mark) {
  return el("div", { class: "figure" }, el("div", { class: "figure-name" }, name),
    el("div", { class: "figure-value " + (mark || "") }, value), el("div", { class: "figure-more" }, more));
}

/** Conclusions and sentences about what is chosen, each opens its evidence or leads to where it comes from. */
function findings(paths) {
  const concluded = conclusions(paths);
  const list = [...unevenServices(paths, concluded), ...failingPaths(paths, concluded)];
  const notes = isFiltered() ? [] : DATA.findings;
  const search = searchNote();
  if (!concluded.length && !list.length && !notes.length && !search) return null;
  return el("section", { class: "findings", "aria-labelledby": "findings-title" },
    el("h2", { id: "findings-title" }, "What stands out"), search,
    conclusionList(concluded),
    el("ul", null,
      list.map(({ mark, text, key, action }) =>
        el("li", { class: mark }, button(text, key, action, { class: "finding" }))),
      notes.map((note) => el("li", { class: "mark-note" }, commands(note)))));
}

/** Where to look for a text that nothing on this page has: it holds some traces of many. */
function searchNote() {
  const words = searchWords();
  const isLost = words.length > 0 && !textFindsPaths() && !TRACES.some((trace) => hasWords(trace.words, words));
  const named = isLost ? state.q : TRACES.some((trace) => trace.id === state.trace) ? "" : state.trace;
  if (!named) return null;
  const isID = /^[0-9a-f-]{8,}$/i.test(named);
  return el("p", { class: "search-note", role: "status" }, `Nothing on this page has “${cut(named, 80)}”. The page holds `
    + `${plural(DATA.traces.length, "trace")}; the database has all: `,
    el("code", null, isID ? `meshweft trace ${named}` : `meshweft traces --path '*${cut(named, 80)}*'`));
}

/** Conclusions about any of this service, of kinds that say more than a sum does. */
function isConcluded(concluded, service, kinds) {
  return concluded.some((finding) => finding.subject.service === service && (!kinds || kinds.has(finding.kind)));
}

function unevenServices(paths, concluded) {
  return chosenServices(paths).filter((service) => service.report.verdict === "imbalanced"
    && !isConcluded(concluded, service.report.service, SPREAD_KINDS)).slice(0, 5)
    .map(({ report }) => ({
      mark: "mark-uneven", key: "finding-" + report.service,
      action: () => { choose({ service: report.service }); jump("imbalance"); },
      text: [el("b", null, shortService(report.service)), ` acts like ${decimal(report.requests.effective_hosts, 1)} of `
        + `${report.hosts.length} hosts: `, (CAUSE_WORDS[report.cause] || report.cause)
        + `, the busiest host has ${decimal(report.requests.max_over_mean, 2)} times the mean.`],
    }));
}

function failingPaths(paths, concluded) {
  return paths.filter((path) => path.failures > 0 && !isConcluded(concluded, path.service, FAILURE_KINDS)
    && path.failures / (path.requests + path.connections) >= 0.01)
    .sort((a, b) => b.failures - a.failures).slice(0, 4)
    .map((path) => ({
      mark: "mark-failed", key: "finding-" + path.key,
      action: () => { choose({ path: path.key, traces: "failed" }); jump("traces"); },
      text: [el("b", null, `${percent(path.failures / (path.requests + path.connections))} failed`), ` on ${path.label}`,
        path.to ? "" : ` (${shortService(path.service)})`, ": ", flagMarks(Object.entries(path.by_flag))],
    }));
}

function jump(id) {
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  document.getElementById(id)?.scrollIntoView({ behavior: calm ? "auto" : "smooth" });
}
