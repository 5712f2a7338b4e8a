// Imbalance per service: connections against requests per host, the verdict, why, who, and what helps.

const HOST_ROWS = 12;

function chosenServices(paths) {
  const names = new Set(paths.map((path) => path.service));
  return DATA.imbalance.filter(({ report }) => names.has(report.service));
}

function imbalancePanel(paths) {
  const services = chosenServices(paths);
  const chosen = new Set(paths);
  // Nothing to compare, or nothing uneven among many: a line each is enough, unless it is what was asked for.
  const isAlone = services.length === 1;
  const isPlain = ({ hosts, report }) => !isAlone && (hosts < 2 || report.verdict === "too_few");
  const isCalm = (service) => !isPlain(service) && services.length > 4 && service.report.verdict === "balanced";
  const telling = services.filter((service) => !isPlain(service) && !isCalm(service));
  const shown = isPrinting ? telling : telling.slice(0, 12);
  return panel("imbalance", "Imbalance",
    "Connections and requests per host; the dashed line is the mean.",
    el("ul", { class: "legend" }, [["", "up to the mean, or near it"], ["over", "20 % above the mean"], ["over far", "50 % above"]]
      .map(([mark, words]) => el("li", null, el("span", { class: `swatch track-fill ${mark}` }), words))),
    shown.map((service) => imbalanceCard(service, chosen)),
    !services.length && empty("No service fits."),
    telling.length > shown.length
      && el("p", { class: "note" }, `${telling.length - shown.length} more services: choose one above.`),
    serviceLines("Balanced", services.filter(isCalm)), serviceLines("Nothing to compare", services.filter(isPlain)),
    DATA.services_omitted > 0 && el("p", { class: "note" }, `${plural(DATA.services_omitted, "more service")} with few `
      + "requests are not on this page; `meshweft imbalance` lists them."));
}

function serviceLines(title, services) {
  if (!services.length) return null;
  return el("div", { class: "card" }, el("h3", null, title), el("ul", { class: "plain" }, services.map((service) =>
    el("li", null, button(shortService(service.report.service), "plain-" + service.report.service,
      () => choose({ service: service.report.service }), { class: "link" }),
    el("span", { class: "quiet" }, " ", headline(service.report, service.hosts))))));
}

function imbalanceCard(service, chosen) {
  const { report } = service;
  return el("article", { class: "card" },
    el("div", { class: "card-head" }, el("h3", null, shortService(report.service)),
      el("span", { class: "verdict " + report.verdict }, VERDICT_WORDS[report.verdict] || report.verdict),
      report.verdict === "imbalanced" && CAUSE_WORDS[report.cause]
        && el("span", { class: "cause" }, CAUSE_WORDS[report.cause])),
    el("p", { class: "headline" }, headline(report, service.hosts)),
    hostBars(service, chosen),
    report.verdict === "imbalanced" && el("p", null, el("b", null, "Why: "), report.cause_text),
    report.drivers.length > 0 && drivers(report),
    report.remedies.length > 0 && el("details", { class: "more" }, el("summary", null, "What helps"),
      el("ul", null, report.remedies.map((remedy) => el("li", null, remedy)))),
    service.matrix.length > 1 && matrix(service),
    caveats(report));
}

function headline(report, hosts) {
  const { requests, connections } = report;
  if (hosts === 0) return "No request reached a host that a log names.";
  if (hosts === 1) return `All ${plural(report.requests.total, "request")} went to one host.`;
  if (report.verdict === "too_few") {
    return `${plural(requests.total, "request")} over ${plural(hosts, "host")}: not enough to tell imbalance from chance.`;
  }
  return [`Acts like `, el("b", null, decimal(requests.effective_hosts, 1)), ` of ${plural(hosts, "host")}. Requests `,
    el("b", null, `${decimal(requests.max_over_mean, 2)} × mean`), ` at the busiest, connections `,
    el("b", null, `${decimal(connections.max_over_mean, 2)} ×`), ", busy time ",
    el("b", null, `${decimal(report.busy_ms.max_over_mean, 2)} ×`), "."];
}

/** One row per host: its connections and its requests on scales of their own, each with the mean marked. */
function hostBars(service, chosen) {
  const { report } = service;
  const key = "hosts-" + report.service;
  const isOpen = isPrinting || openKeys.has(key);
  const hosts = isOpen ? report.hosts : report.hosts.slice(0, HOST_ROWS);
  const part = isFiltered() ? requestsByHost(report.service, chosen) : null;
  const head = (words, metric) => el("span", { class: "host-head" }, words,
    el("span", { class: "quiet" }, `, mean ${decimal(metric.total / Math.max(1, service.hosts), metric.total < 100 ? 1 : 0)}`));
  return el("div", { class: "hosts", role: "table", "aria-label": `Hosts of ${report.service}` },
    el("div", { class: "host header", role: "row" }, el("span", { class: "host-head", role: "columnheader" }, "Host"),
      head("Connections", report.connections), head("Requests", report.requests)),
    hosts.map((host) => hostRow(host, service, part)),
    report.hosts.length > HOST_ROWS && button(isOpen ? "Show fewer" : `Show all ${report.hosts.length}`, key,
      () => { if (!openKeys.delete(key)) openKeys.add(key); draw(); }, { class: "link fold" }),
    service.hosts > report.hosts.length
      && el("p", { class: "note" }, `${service.hosts - report.hosts.length} more hosts with fewer requests.`));
}

function hostRow(host, service, part) {
  const { report } = service;
  const track = (metric, value, kind, of) => {
    const most = Math.max(...report.hosts.map((other) => other[metric]), 1);
    const mean = report[metric].total / Math.max(1, service.hosts);
    const over = mean > 0 && value / mean >= 1.2 ? value / mean >= 1.5 ? " over far" : " over" : "";
    return el("span", { class: "track", role: "cell" },
      el("span", { class: "track-room" },
        el("span", { class: `track-fill ${kind}${over}${of === null ? "" : " pale"}`, css: { width: `${value / most * 100}%` } }),
        of !== null && el("span", { class: `track-fill part ${kind}${over}`, css: { width: `${of / most * 100}%` } }),
        el("span", { class: "mean", css: { left: `${mean / most * 100}%` } })),
      el("span", { class: "track-value" }, count(value)));
  };
  const row = el("div", { class: "host", role: "row", tabindex: "0" },
    el("span", { class: "host-name", role: "cell" }, el("span", { class: "clip" }, host.pod || host.host),
      el("span", { class: "sub" }, [host.pod && host.host, host.mesh_cluster].filter((text) => text).join(" · "))),
    track("connections", host.connections, "connections", null),
    track("requests", host.requests, "requests", part ? part.get(host.host) || 0 : null));
  return tip(row, () => facts(host.pod || host.host, [
    ["address", host.host], ["connections", count(host.connections)], ["requests", count(host.requests)],
    part && ["of what is chosen", count(part.get(host.host) || 0)],
    ["share", percent(host.requests / Math.max(1, report.requests.total))],
    ["busy", duration(host.busy_ms * 1000)], ["bytes", bytes(host.bytes)],
    ["failed attempts", count(host.failures)],
  ]));
}

function requestsByHost(service, chosen) {
  const sums = new Map();
  for (const { path, host, counts } of LOAD) {
    if (path.service !== service || !chosen.has(path)) continue;
    sums.set(host, (sums.get(host) || 0) + counts.reduce((sum, numbers) => sum + numbers[1], 0));
  }
  return sums;
}

function drivers(report) {
  return [el("p", { class: "who" }, el("b", null, "Who: ")),
    el("ul", { class: "drivers" }, report.drivers.slice(0, 5).map((driver) => el("li", null,
      el("span", { class: "clip" }, driver.client_pod || "a client without logs"),
      el("span", { class: "driver-share" }, percent(driver.share)),
      el("span", { class: "quiet" }, `${plural(driver.requests, "request")} over ${plural(driver.connections, "connection")} to `
        + hostName(report.service, driver.host)))))];
}

/** Which client calls which host, by requests. */
function matrix(service) {
  const { report } = service;
  const hosts = report.hosts.slice(0, 24);
  const most = Math.max(...service.matrix.flatMap(({ cells }) => cells.map(([, , requests]) => requests)), 1);
  return el("details", { class: "more" }, el("summary", null, "Who calls which host"),
    el("div", { class: "scroll" }, el("table", { class: "matrix" },
      el("thead", null, el("tr", null, el("td"), hosts.map((host) =>
        el("th", { scope: "col", title: host.host }, el("span", null, tail(host.pod || host.host)))))),
      el("tbody", null, service.matrix.map(({ client, cells }) => el("tr", null,
        el("th", { scope: "row", class: "clip" }, client || "a client without logs"),
        hosts.map((_, number) => {
          const [, connections, requests] = cells.find(([host]) => host === number) || [0, 0, 0];
          const heat = requests ? 0.1 + 0.9 * Math.sqrt(requests / most) : 0;
          return el("td", { class: heat > 0.6 ? "hot" : null, css: { "--heat": String(heat.toFixed(2)) },
            title: requests ? `${plural(requests, "request")} over ${plural(connections, "connection")}` : null },
          requests ? count(requests) : "");
        })))))),
    service.clients > service.matrix.length
      && el("p", { class: "note" }, `${service.clients - service.matrix.length} more clients with fewer requests.`));
}

/** The end of a pod's name, which tells it from the others. */
function tail(name) { return name.length > 12 ? "…" + name.slice(-6) : name; }

function caveats(report) {
  const worst = report.worst_minute;
  const lines = worst
    ? [`Worst minute: ${worst.start_time.slice(0, 16).replace("T", " ")}, ${decimal(worst.max_over_mean, 2)} × mean of `
      + `${plural(worst.requests, "request")}.`, ...report.caveats] : report.caveats;
  return lines.length ? el("ul", { class: "caveats" }, lines.map((line) => el("li", null, line))) : null;
}
