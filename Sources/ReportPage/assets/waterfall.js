// One trace: its requests over time, what the border cost, what carried them, and why meshweft thinks so.

const openHops = new Set();

function waterfall(trace, room) {
  return el("div", { class: "waterfall" },
    el("div", { class: "ids" }, el("span", null, "trace ", el("code", null, trace.id)),
      el("span", { class: "quiet" }, `${day(trace.start_ms)} ${clock(trace.start_ms, true)} UTC`)),
    el("div", { class: "rows", role: "list" }, scaleRow(trace, room),
      trace.hops.map((hop, number) => hopRow(trace, hop, number))),
    waterfallLegend(), clockNote(trace),
    trace.omitted > 0 && el("p", { class: "note" }, `${plural(trace.omitted, "more request")} of this trace are not on this `
      + `page: meshweft trace ${trace.id}`),
    el("div", { class: "legs" }, trace.legs.map((leg) => legFacts(trace, leg))),
    el("details", { class: "more evidence" }, el("summary", null, "Evidence of every link"),
      el("ul", null, trace.hops.flatMap((hop) => hop.why || []).map((sentence) => el("li", null, sentence)))));
}

function waterfallLegend() {
  const entries = [["swatch line-server", "server"], ["swatch line-border", "border: the client's time less the server's"],
    ["swatch line-client", "no server's line"], ["swatch line-failed", "failed"], ["link sure", "link sure (99 % or more)"],
    ["link likely", "likely (80 % or more)"], ["link unsure", "less"]];
  return el("ul", { class: "legend" }, entries.map(([mark, words]) =>
    el("li", null, el("span", { class: mark, role: mark.startsWith("link") ? "img" : null,
      "aria-label": mark.startsWith("link") ? words : null }), words)));
}

/** Times of another mesh cluster are drawn on the first hop's clock; their log lines say something else. */
function clockNote(trace) {
  const offsets = new Map();
  for (const hop of [...trace.hops, ...trace.carriers]) if (hop.clock_us) offsets.set(hop.mesh_cluster, hop.clock_us);
  return [...offsets].map(([cluster, us]) => el("p", { class: "note" }, `The clock of ${cluster} is ${duration(Math.abs(us))} `
    + `${us > 0 ? "ahead" : "behind"}, as its requests tell; its times are drawn without that.`));
}

function scaleRow(trace) {
  return el("div", { class: "hop scale", "aria-hidden": "true" }, el("span"),
    el("span", { class: "lane" }, [0, 0.25, 0.5, 0.75, 1].map((share) =>
      el("span", { class: "mark" + (share === 1 ? " last" : ""), css: { left: `${share * 100}%` } }, duration(trace.duration_us * share)))),
    el("span"));
}

function hopRow(trace, hop, number) {
  const whole = Math.max(1, trace.duration_us);
  const start = Math.max(0, Math.min(1, hop.at_us / whole));
  const size = Math.max(0, Math.min(1 - start, (hop.duration_us || 0) / whole));
  const key = `${trace.id}-${number}`;
  const isOpen = openHops.has(key);
  const answers = trace.hops.filter((other) => other.parent === number && other.role === "server");
  const lane = el("span", { class: "lane" },
    el("span", { class: `span ${hop.role}${answers.length ? " split" : ""}${isFailed(hop) ? " failed" : ""}`, css: { left: `${start * 100}%`, width: `${size * 100}%` } },
      hop.role === "client" && answers.map((answer) => serverPart(hop, answer))));
  const name = button([el("span", { class: `role ${hop.role}` }, hop.role),
    el("span", { class: "hop-what" },
      el("span", { class: "clip" }, hop.method ? `${hop.method} ${cut(hop.path || "–", 80)}` : hop.service || "TCP"),
      el("span", { class: "sub clip" }, hop.pod + (hop.mesh_cluster ? "@" + hop.mesh_cluster : "")))],
  "hop-" + key, () => { if (!openHops.delete(key)) openHops.add(key); draw(); },
  { class: "hop-name", "aria-expanded": isOpen ? "true" : "false", css: { "--depth": String(Math.min(hop.depth, 8)) } });
  return el("div", { class: "hop-block", role: "listitem" },
    el("div", { class: "hop" }, name, lane, el("span", { class: "hop-end" },
      el("span", { class: "code " + codeClass(hop) }, hop.code ?? "–"), (hop.flags || []).map((flag) =>
        el("span", { class: "flag", title: flagWords(flag) || null }, flag)),
      link(hop), el("b", null, duration(hop.duration_us)))),
    isOpen && hopDetails(hop));
}

/** The server's share of the client's bar: what is left and right of it is the border. */
function serverPart(client, server) {
  const whole = Math.max(1, client.duration_us || 0);
  const left = Math.max(0, Math.min(1, (server.at_us - client.at_us) / whole));
  const width = Math.max(0, Math.min(1 - left, (server.duration_us || 0) / whole));
  return el("span", { class: "server-part", css: { left: `${left * 100}%`, width: `${width * 100}%` } });
}

/** How sure the weakest of a hop's links is; its evidence where one points at it. */
function link(hop) {
  if (!hop.why || !hop.why.length) return null;
  const confidences = [hop.parent_confidence, ...(hop.via || []).map(([, confidence]) => confidence)]
    .filter((value) => value !== null && value !== undefined);
  const least = confidences.length ? Math.min(...confidences) : null;
  const mark = least === null ? "none" : least >= 0.99 ? "sure" : least >= 0.8 ? "likely" : "unsure";
  const node = el("span", { class: "link " + mark, tabindex: "0", role: "img",
    "aria-label": "Evidence: " + hop.why.join(" ") });
  const words = () => [el("strong", { class: "tip-title" }, least === null ? "No link" : `${percent(least)} sure`),
    hop.why.map((sentence) => el("p", null, sentence))];
  // A finger points at nothing: it taps.
  node.addEventListener("click", () => showTip(node, words()));
  return tip(node, words);
}

function hopDetails(hop) {
  const rows = [["log line", hop.source], ["request id", hop.request_id], ["authority", hop.authority], ["service", hop.service],
    ["protocol", hop.protocol], ["from", hop.downstream_remote], ["to", hop.downstream_local], ["upstream host", hop.upstream_host],
    ["upstream from", hop.upstream_local], ["bytes received", hop.bytes_received], ["bytes sent", hop.bytes_sent],
    ["user agent", hop.agent], ["details", hop.details], ["failure", hop.failure],
    ["flags", (hop.flags || []).map((flag) => `${flag}${flagWords(flag) ? `: ${flagWords(flag)}` : ""}`).join("; ")],
    ["anomalies", (hop.anomalies || []).join(", ")]];
  return el("dl", { class: "facts hop-facts" }, rows.filter(([, value]) => value !== undefined && value !== null && value !== "")
    .map(([name, value]) => [el("dt", null, name), el("dd", null, value)]));
}

/** client 49 ms = server 42 ms + border 7 ms; and what the request went over. */
function legFacts(trace, leg) {
  const client = leg.client, server = leg.server;
  const name = `${leg.stops[0]} → ${leg.service ? shortService(leg.service) : leg.stops[leg.stops.length - 1]}`;
  const isRetried = leg.answers.length > 1;
  const sum = client && server && client.duration_us !== null && server.duration_us !== null
    ? [el("span", { class: "client" }, `client ${duration(client.duration_us)}`), " = ",
      el("span", { class: "server" }, `${isRetried ? "the last server" : "server"} ${duration(server.duration_us)}`), " + ",
      el("span", { class: "border" }, `${isRetried ? "border and earlier attempts" : "border"} `
        + duration(client.duration_us - server.duration_us)),
      isRetried && `, ${leg.answers.length} attempts`]
    : server ? "no client's line is linked" : "no server's line is linked";
  const via = [...leg.answers, server, client].filter((hop) => hop).flatMap((hop) =>
    (hop.via || []).map(([carrier, sure]) => ({ carrier: trace.carriers[carrier], sure, hop }))).filter((one) => one.carrier);
  const known = new Set();
  const carriers = via.filter(({ carrier }) => !known.has(carrier) && known.add(carrier));
  const words = client ? client.carrier_words : server && server.carrier_words;
  return el("div", { class: "leg" }, el("div", { class: "leg-name" }, name), el("div", null, sum),
    carriers.map(({ carrier, sure, hop }) => carrierFacts(carrier, sure, hop)),
    !carriers.length && words && el("div", { class: "quiet" }, `carrier: ${words}`));
}

function carrierFacts(carrier, sure, hop) {
  const age = hop.at_us - carrier.at_us;
  const words = [age >= 0 ? `${duration(age)} old` : `opened ${duration(-age)} after the request`,
    carrier.duration_us !== null && `lived ${duration(carrier.duration_us)}`,
    `${bytes(carrier.bytes_received || 0)} in, ${bytes(carrier.bytes_sent || 0)} out`,
    (carrier.flags || []).join(" "), `${percent(sure)} sure`].filter((word) => word);
  const node = el("div", { class: "carrier", tabindex: "0" }, el("span", { class: "role proxy" }, "carrier"), " ",
    `${carrier.pod}${carrier.mesh_cluster ? "@" + carrier.mesh_cluster : ""} → ${carrier.upstream_host || "no host"}`,
    el("span", { class: "quiet" }, ` · ${words.join(" · ")}`));
  return tip(node, () => facts(carrier.source, [["from", carrier.downstream_remote || "–"], ["to", carrier.downstream_local || "–"],
    ["onwards from", carrier.upstream_local || "–"], ["onwards to", carrier.upstream_host || "–"], ["server name", carrier.sni || "–"]]));
}
