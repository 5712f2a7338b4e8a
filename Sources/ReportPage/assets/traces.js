// The slowest and the failed traces: a list, each opens into its waterfall.

const TRACE_ROWS = 15;
const openKeys = new Set();

/** The waterfall's requests with their names, and what filters look at. */
const TRACES = DATA.traces.map((trace) => {
  const hops = trace.hops.map((hop) => ({ ...hop, place: placeLabel(hop) }));
  const carriers = trace.carriers.map((hop) => ({ ...hop, place: placeLabel(hop) }));
  const all = [...hops, ...carriers];
  const legs = legsOf(hops, carriers);
  return {
    ...trace, hops, carriers, legs,
    clusters: new Set(all.map((hop) => hop.mesh_cluster)), places: new Set(all.map((hop) => hop.place)),
    services: new Set(all.map((hop) => hop.service)),
    words: [trace.id, ...all.flatMap((hop) => [hop.path, hop.method, hop.request_id, hop.pod, hop.place, hop.agent,
      hop.service, hop.authority, hop.upstream_host, hop.details, hop.code, ...hop.flags || [], ...hop.anomalies || []])]
      .filter((text) => text !== undefined && text !== null).join(" ").toLowerCase(),
  };
});

const TRACES_SPAN_DAYS = new Set(TRACES.map((trace) => day(trace.start_ms))).size > 1;

function placeLabel(hop) { return hop.mesh_cluster ? `${hop.workload}@${hop.mesh_cluster}` : hop.workload; }

/** Each client's request with the last server hop that answered it and the proxies between: a path's stops. */
function legsOf(hops, carriers) {
  const legs = [];
  hops.forEach((hop, number) => {
    const answers = hops.filter((other) => other.parent === number && other.role === "server");
    if (hop.role === "server" && hop.parent !== null && hop.parent !== undefined) return;
    const server = hop.role === "server" ? hop : answers[answers.length - 1];
    const via = [hop, ...answers].flatMap((one) => (one.via || []).map(([carrier]) => carriers[carrier]))
      .filter((carrier) => carrier).map((carrier) => carrier.place);
    legs.push({ client: hop.role === "server" ? null : hop, server, answers, service: hop.service || "",
      stops: [hop.role === "server" ? UNKNOWN_CALLER : hop.place, ...new Set(via),
        server ? server.place : unseen(hop.service || "")] });
  });
  return legs;
}

function traceFits(trace) {
  const words = searchWords();
  const path = state.path && PATHS.find((one) => one.key === state.path);
  return (!state.service || trace.services.has(state.service))
    && (!state.cluster || trace.clusters.has(state.cluster))
    && (!state.node || trace.places.has(state.node) || trace.legs.some((leg) => leg.stops.includes(state.node)))
    && (!state.edge || trace.legs.some((leg) => edgesOf(leg).includes(state.edge)))
    && (!path || trace.legs.some((leg) => leg.service === path.service && leg.stops.join("\n") === path.stops.join("\n")))
    && hasWords(trace.words, words);
}

function tracesPanel(room) {
  const lists = { slowest: DATA.slowest.map((number) => TRACES[number]).filter(traceFits)
    .sort((a, b) => b.duration_us - a.duration_us),
    failed: DATA.failed.map((number) => TRACES[number]).filter(traceFits) };
  const kind = state.traces === "failed" ? "failed" : "slowest";
  const list = isPrinting ? [...new Set([...lists.slowest, ...lists.failed])] : lists[kind];
  const isOpen = isPrinting || openKeys.has("traces");
  const rows = isOpen ? list : list.slice(0, TRACE_ROWS);
  const named = TRACES.find((trace) => trace.id === state.trace);
  if (named && !rows.includes(named)) rows.unshift(named);
  const most = Math.max(...list.map((trace) => trace.duration_us), 1);
  const body = el("div", { class: "traces" }, rows.map((trace) => traceRow(trace, most, room)));
  return panel("traces", "Traces",
    isPrinting ? "The slowest requests, with some of every service; then failed ones, the newest of every kind of failure."
      : kind === "failed" ? "Failed requests, the newest of every kind of failure." : "The slowest requests, with some of every service.",
    isPrinting ? null : choices("traces", "Which traces", [["slowest", `Slowest ${lists.slowest.length}`], ["failed", `Failed ${lists.failed.length}`]],
      kind, (value) => choose({ traces: value })),
    list.length || named ? roving(body, "button.row") : empty(kind === "failed" ? "No failed trace fits." : "No trace fits."),
    list.length > TRACE_ROWS && button(isOpen ? "Show fewer" : `Show all ${list.length}`, "traces-all",
      () => { if (!openKeys.delete("traces")) openKeys.add("traces"); draw(); }, { class: "link fold" }));
}

function traceRow(trace, most, room) {
  const first = trace.hops[0] || trace.carriers[0] || {};
  const isOpen = state.trace === trace.id;
  const code = first.code === undefined || first.code === null ? "–" : first.code;
  const border = trace.legs.reduce((sum, leg) => sum + borderOf(leg), 0);
  return el("article", { class: "trace" + (isOpen ? " open" : ""), id: "trace-" + trace.id },
    el("div", { class: "trace-head" },
      button([el("span", { class: "chevron", "aria-hidden": "true" }),
        el("span", { class: "trace-what" },
          el("span", { class: "code " + codeClass(first) }, code), " ",
          (first.flags || []).length > 0 && el("span", { class: "flag first" }, first.flags.join(",")),
          first.method ? `${first.method} ` : "", el("span", { class: "trace-path" }, cut(first.path || first.service || "TCP", 90))),
        el("span", { class: "trace-way" }, wayOf(trace)),
        el("span", { class: "trace-time" }, el("span", { class: "quiet" },
          TRACES_SPAN_DAYS ? `${day(trace.start_ms)} ` : "", clock(trace.start_ms, true)),
          el("b", null, duration(trace.duration_us)))],
      "trace-" + trace.id, () => choose({ trace: isOpen ? "" : trace.id }),
      { class: "row", "aria-expanded": isOpen ? "true" : "false", tabindex: "-1" }),
      el("span", { class: "trace-bar", "aria-hidden": "true" },
        el("span", { class: "trace-fill", css: { width: `${trace.duration_us / most * 100}%` } },
          border > 0 && el("span", { class: "trace-border", css: { width: `${Math.min(100, border / Math.max(1, trace.duration_us) * 100)}%` } })))),
    isOpen && waterfall(trace, room));
}

/** The workloads in the order in which they were reached, without the proxies. */
function wayOf(trace) {
  const stops = [];
  for (const { stops: all } of trace.legs) {
    for (const stop of [all[0], all[all.length - 1]]) if (!stops.includes(stop)) stops.push(stop);
  }
  return cut(stops.map((stop) => stop.replace("→ ", "")).join(" → "), 120);
}

function borderOf(leg) {
  if (!leg.client || !leg.server) return 0;
  return Math.max(0, (leg.client.duration_us || 0) - (leg.server.duration_us || 0));
}

function isFailed(hop) { return (hop.flags || []).length > 0 || hop.code === 0 || hop.code >= 500; }
function codeClass(hop) { return isFailed(hop) ? "bad" : hop.code >= 400 ? "warn" : "good"; }
