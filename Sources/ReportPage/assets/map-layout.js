// Where the map's nodes stand: layers from callers over proxies to servers, one band for each mesh cluster.

const NODE = { width: 176, height: 46, gap: 16, layerGap: 44, head: 26, pad: 14, flow: 26 };
const NODE_UPRIGHT = { width: 136, height: 46, gap: 10, layerGap: 54, head: 26, pad: 10, flow: 34 };

/** Nodes and edges of all paths: what a place or a flow adds up to. */
function mapGraph(paths) {
  const nodes = new Map(), edges = new Map();
  const node = (label, place, kind) => {
    if (!nodes.has(label)) {
      nodes.set(label, { label, place, cluster: place ? place.mesh_cluster : "", kinds: new Set(), requests: 0,
        failures: 0, paths: [] });
    }
    const found = nodes.get(label);
    found.kinds.add(kind);
    return found;
  };
  for (const path of paths) {
    const places = [path.from, ...path.via, path.to];
    const met = new Set();
    path.stops.forEach((stop, at) => {
      const kind = places[at] === null ? "unseen" : at === 0 ? "caller" : at === path.stops.length - 1 ? "server" : "proxy";
      const found = node(stop, places[at], kind);
      if (met.has(stop)) return;
      met.add(stop);
      found.requests += path.requests;
      found.failures += path.failures;
      found.paths.push(path);
    });
    path.stops.slice(1).forEach((to, at) => {
      const key = edgeKey(path.stops[at], to);
      if (!edges.has(key)) edges.set(key, { key, from: path.stops[at], to, requests: 0, failures: 0, paths: [] });
      const edge = edges.get(key);
      edge.requests += path.requests;
      edge.failures += path.failures;
      edge.paths.push(path);
    });
  }
  return { nodes: [...nodes.values()], edges: [...edges.values()] };
}

/** The graph's busiest part, so that a mesh of a thousand workloads is still a picture. */
function busiest(paths, limit) {
  const chosen = [];
  const labels = new Set();
  for (const path of paths) {
    if (new Set([...labels, ...path.stops]).size > limit) continue;
    path.stops.forEach((stop) => labels.add(stop));
    chosen.push(path);
  }
  return chosen;
}

/** Gives every node its layer: the longest way from a caller, cycles cut where the fewest requests flow back. */
function layer(graph) {
  const out = new Map(graph.nodes.map((node) => [node.label, []]));
  const into = new Map(graph.nodes.map((node) => [node.label, 0]));
  for (const edge of [...graph.edges].sort((a, b) => b.requests - a.requests)) {
    if (edge.from === edge.to || reaches(out, edge.to, edge.from)) { edge.isBack = true; continue; }
    out.get(edge.from).push(edge.to);
    into.set(edge.to, into.get(edge.to) + 1);
  }
  const layers = new Map(graph.nodes.map((node) => [node.label, 0]));
  const ready = graph.nodes.map((node) => node.label).filter((label) => into.get(label) === 0);
  while (ready.length) {
    const label = ready.shift();
    for (const next of out.get(label)) {
      layers.set(next, Math.max(layers.get(next), layers.get(label) + 1));
      into.set(next, into.get(next) - 1);
      if (into.get(next) === 0) ready.push(next);
    }
  }
  for (const node of graph.nodes) node.layer = layers.get(node.label);
}

function reaches(out, from, to) {
  const waiting = [from], seen = new Set();
  while (waiting.length) {
    const label = waiting.pop();
    if (label === to) return true;
    if (seen.has(label)) continue;
    seen.add(label);
    waiting.push(...out.get(label));
  }
  return false;
}

/** Sorts the nodes of every cell (band and layer) so that few flows cross. */
function order(graph, bands) {
  const cells = new Map();
  const neighbours = new Map(graph.nodes.map((node) => [node.label, []]));
  const byLabel = new Map(graph.nodes.map((node) => [node.label, node]));
  for (const edge of graph.edges) {
    neighbours.get(edge.from).push([edge.to, edge.requests]);
    neighbours.get(edge.to).push([edge.from, edge.requests]);
  }
  for (const node of [...graph.nodes].sort((a, b) => b.requests - a.requests)) {
    const key = node.cluster + "\n" + node.layer;
    if (!cells.has(key)) cells.set(key, []);
    cells.get(key).push(node);
  }
  const place = () => { for (const cell of cells.values()) cell.forEach((node, at) => { node.slot = at; }); };
  place();
  const position = (node) => bands.indexOf(node.cluster) * 1000 + node.slot;
  for (let round = 0; round < 4; round += 1) {
    for (const node of graph.nodes) {
      let sum = 0, weight = 0;
      for (const [label, requests] of neighbours.get(node.label)) {
        sum += position(byLabel.get(label)) * Math.sqrt(requests);
        weight += Math.sqrt(requests);
      }
      node.pull = weight ? sum / weight : position(node);
    }
    for (const cell of cells.values()) cell.sort((a, b) => a.pull - b.pull || b.requests - a.requests);
    place();
  }
  return cells;
}

/** How many nodes stand beside each other in a band at most. */
function mostOf(cells, name) {
  return Math.max(...[...cells].filter(([key]) => key.split("\n")[0] === name).map(([, cell]) => cell.length));
}

/** Upright, nodes are as wide as fits, within reason: a phone is narrow. */
function uprightSize(slots, room) {
  const nodes = slots.reduce((sum, most) => sum + most, 0);
  const around = slots.length * (2 * NODE_UPRIGHT.pad + 10) - 10 + (nodes - slots.length) * NODE_UPRIGHT.gap;
  const width = Math.floor((room - around) / nodes);
  return { ...NODE_UPRIGHT, width: Math.max(92, Math.min(NODE_UPRIGHT.width, width)) };
}

/** Coordinates: `along` the layers and `across` the bands; upright turns the two around. */
function layout(paths, isUpright, room) {
  const graph = mapGraph(paths);
  layer(graph);
  const known = [...new Set(graph.nodes.map((node) => node.cluster))].filter((name) => name).sort();
  const bandNames = graph.nodes.some((node) => !node.cluster) ? [...known, ""] : known;
  const cells = order(graph, bandNames);
  const layers = Math.max(...graph.nodes.map((node) => node.layer)) + 1;
  const slots = bandNames.map((name) => mostOf(cells, name));
  const size = isUpright ? uprightSize(slots, room) : NODE;
  const [alongSize, acrossSize] = isUpright ? [size.height, size.width] : [size.width, size.height];
  const least = alongSize + size.layerGap;
  const step = isUpright || layers < 2 ? least
    : Math.max(least, Math.min(least * 1.9, (room - size.width - 2 * size.pad - 2) / (layers - 1)));
  const bands = [];
  let across = 0;
  for (const [number, name] of bandNames.entries()) {
    const most = slots[number];
    const inner = most * (acrossSize + size.gap) - size.gap;
    const head = isUpright ? size.pad : size.head;
    bands.push({ name, across, size: inner + head + size.pad });
    for (const [key, cell] of cells) {
      if (key.split("\n")[0] !== name) continue;
      const start = across + head + (inner - cell.length * (acrossSize + size.gap) + size.gap) / 2;
      cell.forEach((node, at) => {
        node.across = start + at * (acrossSize + size.gap);
        node.along = size.pad + (isUpright ? size.head : 0) + node.layer * step;
      });
    }
    across += inner + head + size.pad + 10;
  }
  const length = (layers - 1) * step + alongSize + 2 * size.pad + (isUpright ? size.head : 0);
  return { graph, bands, size, isUpright, length, breadth: across - 10, alongSize, acrossSize };
}
