// The mesh map: mesh clusters as bands, workloads and proxies as nodes, flows as wide as their requests.

const MAP_NODES = 48;
let mapShowsAll = false;

function meshMap(paths, room) {
  const shown = isPrinting || mapShowsAll ? PATHS : busiest(PATHS, MAP_NODES);
  if (!shown.length) return panel("map", "Mesh map", null, null, empty("No requests in these logs."));
  // From left to right where there is room for it, else from top to bottom.
  const across = layout(shown, false, room);
  const plan = room < 620 || across.length > room ? layout(shown, true, room) : across;
  const chosen = new Set(paths);
  const hidden = PATHS.length - shown.length;
  return panel("map", "Mesh map",
    "Width is requests, colour is the share that failed. Choose a node, a flow or a mesh cluster to see only that.",
    hidden > 0 || mapShowsAll ? button(mapShowsAll ? "Show the busiest" : `Show ${plural(hidden, "more path")}`, "map-all",
      () => { mapShowsAll = !mapShowsAll; draw(); }, { class: "link fold" }) : null,
    el("div", { class: "scroll" }, drawMap(plan, chosen)), mapLegend());
}

function drawMap(plan, chosen) {
  const [width, height] = plan.isUpright ? [plan.breadth, plan.length] : [plan.length, plan.breadth];
  const picture = svg("svg", { class: "map", viewBox: `0 0 ${width} ${height}`, width, height, role: "group",
    "aria-label": "Mesh map; arrow keys go from item to item, Enter chooses" });
  const isAny = isFiltered();
  for (const band of plan.bands) picture.append(drawBand(plan, band));
  flowEnds(plan);
  const edges = [...plan.graph.edges].sort((a, b) => a.requests - b.requests);
  for (const [number, edge] of edges.entries()) edge.number = String(number);
  for (const node of plan.graph.nodes) {
    node.flows = edges.filter((edge) => edge.from === node.label || edge.to === node.label).map((edge) => edge.number);
  }
  for (const edge of edges) picture.append(drawFlow(plan, edge, chosen, isAny));
  for (const node of plan.graph.nodes) picture.append(drawNode(plan, node, chosen, isAny));
  return roving(picture, "[role=button]");
}

/** From along and across to x and y. */
function at(plan, along, across) { return plan.isUpright ? [across, along] : [along, across]; }

function drawBand(plan, band) {
  const [x, y] = at(plan, 0, band.across);
  const [width, height] = plan.isUpright ? [band.size, plan.length] : [plan.length, band.size];
  const words = band.name || (plan.isUpright ? "not in the logs" : "mesh cluster not known, or not in the logs");
  const group = svg("g", { class: "band" + (state.cluster && state.cluster === band.name ? " chosen" : "") },
    svg("rect", { x: x + 0.5, y: y + 0.5, width: width - 1, height: height - 1, rx: 10 }),
    svg("text", { x: x + 12, y: y + 18 }, fitted(words, width - 20, "600 12px")));
  return band.name ? pressable(group, "band-" + band.name, `Mesh cluster ${band.name}`, state.cluster === band.name,
    () => toggle("cluster", band.name)) : group;
}

const PEN = document.createElement("canvas").getContext("2d");

/** Text with an ellipsis where it would be wider than so many pixels. */
function fitted(text, width, font) {
  PEN.font = `${font} ${getComputedStyle(document.body).fontFamily}`;
  const safe = shown(text);
  if (PEN.measureText(safe).width <= width) return safe;
  let length = safe.length;
  while (length > 1 && PEN.measureText(safe.slice(0, length) + "…").width > width) length -= 1;
  return safe.slice(0, length) + "…";
}

/** Where at its two nodes each flow begins and ends, flows beside each other, none hiding another. */
function flowEnds(plan) {
  const through = new Map(plan.graph.nodes.map((node) => [node.label, { node, out: [], into: [] }]));
  for (const edge of plan.graph.edges) {
    through.get(edge.from).out.push(edge);
    through.get(edge.to).into.push(edge);
  }
  const most = Math.max(...plan.graph.nodes.map((node) => node.requests), 1);
  const width = (requests) => requests ? Math.max(1.5, requests / most * plan.size.flow) : 0;
  for (const edge of plan.graph.edges) edge.width = width(edge.requests);
  for (const { node, out, into } of through.values()) {
    for (const [list, far, end] of [[out, "to", "begin"], [into, "from", "finish"]]) {
      list.sort((a, b) => through.get(a[far]).node.across - through.get(b[far]).node.across);
      let offset = -list.reduce((sum, edge) => sum + edge.width, 0) / 2;
      for (const edge of list) {
        edge[end] = [node.along + (end === "begin" ? plan.alongSize : 0),
          node.across + plan.acrossSize / 2 + offset + edge.width / 2];
        offset += edge.width;
      }
    }
  }
}

function curve(plan, edge) {
  const [a0, c0] = edge.begin, [a1, c1] = edge.finish;
  const bend = edge.isBack ? 90 : Math.max(24, (a1 - a0) / 2);
  const point = (along, across) => at(plan, along, across).map((value) => value.toFixed(1)).join(" ");
  return `M${point(a0, c0)} C${point(a0 + bend, c0)} ${point(a1 - bend, c1)} ${point(a1, c1)}`;
}

function drawFlow(plan, edge, chosen, isAny) {
  const mine = edge.paths.filter((path) => chosen.has(path));
  const requests = total(mine, "requests"), failures = total(mine, "failures");
  const d = curve(plan, edge);
  const isUnseen = edge.to.startsWith("→ ") || edge.from === UNKNOWN_CALLER;
  const part = edge.requests ? Math.max(1.5, edge.width * requests / edge.requests) : 1;
  const group = svg("g", { class: "flow" + (isUnseen ? edge.width > 5 ? " unseen wide" : " unseen" : "") + (state.edge === edge.key ? " chosen" : ""),
    "data-flow": edge.number },
    isAny && requests < edge.requests && svg("path", { class: "rest", d, "stroke-width": edge.width }),
    mine.length && svg("path", { class: "line " + failureClass(requests ? failures / requests : 0), d, "stroke-width": part }),
    svg("path", { class: "hit", d, "stroke-width": Math.max(14, edge.width) }));
  pressable(group, "edge-" + edge.key, `Flow from ${edge.from} to ${edge.to}, ${plural(edge.requests, "request")}, `
    + `${percent(edge.failures / Math.max(1, edge.requests))} failed`, state.edge === edge.key,
    () => toggle("edge", edge.key));
  return tip(group, () => flowFacts(`${edge.from} → ${edge.to.replace("→ ", "")}`, mine.length ? mine : edge.paths));
}

function flowFacts(title, paths) {
  const requests = total(paths, "requests"), failures = total(paths, "failures");
  const times = (kind) => quantiles(paths.map((path) => path[kind])).map(duration).join(" / ");
  return [facts(title, [
    ["requests", count(requests)],
    ["failed", failures ? `${count(failures)} (${percent(failures / requests)})` : "none"],
    ["client p50 / p90 / p99", times("client")],
    paths.some((path) => path.border.length) && ["border", times("border")],
    ["sent, received", `${bytes(total(paths, "bytes_sent"))}, ${bytes(total(paths, "bytes_received"))}`],
  ]), flagMarks(byFlag(paths))];
}

function drawNode(plan, node, chosen, isAny) {
  const [x, y] = at(plan, node.along, node.across);
  const { width, height } = plan.size;
  const mine = node.paths.filter((path) => chosen.has(path));
  const isProxy = node.kinds.has("proxy") && node.kinds.size === 1, isUnseen = node.kinds.has("unseen");
  // A filter's part of it; the whole where it has none.
  const counted = mine.length ? mine : node.paths;
  const requests = total(counted, "requests"), share = total(counted, "failures") / Math.max(1, requests);
  const name = node.place ? node.place.name : node.label.replace("→ ", "");
  const group = svg("g", { class: "node" + (isProxy ? " proxy" : "") + (isUnseen ? " unseen" : "")
    + (state.node === node.label ? " chosen" : "") + (isAny && !mine.length ? " faded" : "") },
    svg("rect", { x, y, width, height, rx: isProxy ? height / 2 : 7 }),
    svg("text", { x: x + width / 2, y: y + 19, class: "name" }, fitted(name, width - (isProxy ? 26 : 16), isProxy ? "500 12.5px" : "600 12.5px")),
    svg("text", { x: x + width / 2, y: y + 35, class: "more" },
      width < 125 ? count(requests) : `${count(requests)} req`, share > 0 && svg("tspan",
        { class: failureClass(share) }, ` · ${percent(share)}${width < 125 ? "" : " failed"}`)));
  const what = isProxy ? "Proxy" : isUnseen ? "Not in the logs:" : "Workload";
  pressable(group, "node-" + node.label, `${what} ${node.label}, ${plural(node.requests, "request")}`,
    state.node === node.label, () => toggle("node", node.label));
  near(group, node);
  return tip(group, () => flowFacts(node.label.replace("→ ", "no line from "), counted));
}

/** Pointing at a node leaves the flows that are not its own faint. */
function near(group, node) {
  const light = (isOn) => {
    const picture = group.ownerSVGElement;
    picture.classList.toggle("pointed", isOn);
    for (const flow of picture.querySelectorAll(".flow")) {
      flow.classList.toggle("near", isOn && node.flows.includes(flow.dataset.flow));
    }
  };
  for (const [event, isOn] of [["pointerenter", true], ["focus", true], ["pointerleave", false], ["blur", false]]) {
    group.addEventListener(event, () => light(isOn));
  }
}

function mapLegend() {
  const entries = [["f0", "none failed"], ["f1", "under 1 %"], ["f2", "1–5 %"], ["f3", "5–20 %"], ["f4", "over 20 %"]];
  return el("ul", { class: "legend" }, entries.map(([mark, words]) =>
    el("li", null, el("span", { class: "swatch line-" + mark }), words)),
    el("li", null, el("span", { class: "swatch pill" }), "cross-network proxy"),
    el("li", null, el("span", { class: "swatch dashed" }), "not in the logs"));
}
