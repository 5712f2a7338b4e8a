// What `meshweft findings` concludes: each opens its evidence, and what helps.

const SPREAD_KINDS = new Set(["connection_pinning", "few_connections", "proxy_share", "late_host", "lost_connections", "sticky_key",
  "weighted_subsets", "outlier_ejection", "locality", "failover", "adaptive_balancing", "unexplained", "uneven_work"]);
const FAILURE_KINDS = new Set(["no_healthy_upstream", "unknown_sni", "no_route", "passthrough", "tls_failure", "connect_timeout",
  "connection_refused", "proxy_bypass", "idle_timeout", "connection_cut", "circuit_breaker", "request_timeout",
  "client_gave_up", "server_errors", "grpc_failures"]);

/** Conclusions that are seen at once; the others are behind a line that opens. */
const FIRST_CONCLUSIONS = 6;

/** Those about what is chosen: the services of the chosen paths, and what is about no service while nothing is chosen. */
function conclusions(paths) {
  if (!isFiltered()) return DATA.conclusions;
  const services = new Set(paths.map((path) => path.service));
  return DATA.conclusions.filter((finding) => services.has(finding.subject.service));
}

function conclusionList(list) {
  if (!list.length) return null;
  const rest = list.slice(FIRST_CONCLUSIONS), omitted = isFiltered() ? 0 : DATA.conclusions_omitted;
  return [el("div", { class: "conclusions" }, list.slice(0, FIRST_CONCLUSIONS).map(conclusion)),
    rest.length > 0 && el("details", { class: "more" }, el("summary", null, `${plural(rest.length, "more finding")}`),
      el("div", { class: "conclusions" }, rest.map(conclusion))),
    omitted > 0 && el("p", { class: "note" }, `${plural(omitted, "finding")} beyond these; \`meshweft findings\` lists them.`)];
}

function conclusion(finding) {
  const { service } = finding.subject;
  const isKnown = SERVICES.includes(service);
  return el("details", { class: `conclusion ${finding.severity}` },
    el("summary", null, el("span", { class: "verdict " + finding.severity }, finding.severity), " ",
      el("span", { class: "kind" }, finding.kind), " ", finding.sentence),
    el("ul", { class: "evidence" }, finding.evidence.map((text) => el("li", null, commands(text)))),
    finding.remedies.map((remedy) => el("div", { class: "remedy" }, el("p", null, el("b", null, "Helps: "), commands(remedy.text)),
      remedy.yaml && manifest(remedy.yaml))),
    isKnown && el("p", null, SPREAD_KINDS.has(finding.kind)
      ? button("Show its hosts", `hosts-${finding.kind}-${service}`, () => { choose({ service }); jump("imbalance"); }, { class: "link" })
      : button("Show its traces", `traces-${finding.kind}-${service}`,
        () => { choose(FAILURE_KINDS.has(finding.kind) ? { service, traces: "failed" } : { service }); jump("traces"); },
        { class: "link" })));
}

/** Text between backquotes is something to type. */
function commands(text) {
  return text.split("`").map((part, at) => at % 2 ? el("code", null, part) : part);
}

/** A manifest to apply, with a button that copies it. */
function manifest(yaml) {
  const code = el("pre", { class: "manifest" }, yaml.split("\n").map((line) => [line, document.createElement("br")]));
  const label = el("span", null, "Copy");
  const copy = el("button", { type: "button", class: "link copy", on: { click: async () => {
    // A page that may not write to the clipboard selects the text instead.
    try { await navigator.clipboard.writeText(yaml); label.textContent = "Copied"; } catch { getSelection().selectAllChildren(code); }
  } } }, label);
  return [copy, code];
}
