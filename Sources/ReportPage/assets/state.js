// What is chosen. It stands in the address after the #, so that a link, Back and Forward bring it again.

const FILTERS = ["service", "cluster", "node", "edge", "path", "q"];
const SETTINGS = { load: "rate", by: "host", traces: "slowest", sort: "requests" };

let state = readState();

/** On paper nothing can be unfolded: lists are whole there. */
let isPrinting = false;

function readState() {
  const values = new URLSearchParams(location.hash.slice(1));
  const read = {};
  for (const name of [...FILTERS, "trace"]) read[name] = values.get(name) || "";
  for (const [name, usual] of Object.entries(SETTINGS)) read[name] = values.get(name) || usual;
  return read;
}

function writeState() {
  const values = new URLSearchParams();
  for (const [name, value] of Object.entries(state)) {
    if (value && value !== SETTINGS[name]) values.set(name, value);
  }
  const hash = values.toString();
  if (hash !== location.hash.slice(1)) history.pushState(null, "", hash ? "#" + hash : location.pathname + location.search);
}

/** Chooses; `draw` of main.js shows it. */
function choose(changes) {
  state = { ...state, ...changes };
  writeState();
  draw();
}

/** Chooses a value of one filter, or lets it go where it was chosen already. */
function toggle(name, value) { choose({ [name]: state[name] === value ? "" : value }); }

function clearFilters() { choose(Object.fromEntries(FILTERS.map((name) => [name, ""]))); }

function isFiltered() { return FILTERS.some((name) => state[name]); }

/** The words of the free text, all of which have to be there. */
function searchWords() { return state.q.toLowerCase().split(/\s+/).filter((word) => word); }

function hasWords(text, words) { return words.every((word) => text.includes(word)); }

/** Everything but the free text. */
function pathFits(path) {
  return (!state.service || path.service === state.service)
    && (!state.cluster || path.places.some((place) => place.mesh_cluster === state.cluster))
    && (!state.node || path.stops.includes(state.node))
    && (!state.edge || edgesOf(path).includes(state.edge))
    && (!state.path || path.key === state.path);
}

function edgesOf(path) { return path.stops.slice(1).map((stop, at) => edgeKey(path.stops[at], stop)); }
function edgeKey(from, to) { return `${from} ⇢ ${to}`; }

/** The paths that are chosen. Free text that no path has is about traces: then it does not restrict paths. */
function chosenPaths() {
  const fitting = PATHS.filter(pathFits);
  const words = searchWords();
  const found = words.length ? fitting.filter((path) => hasWords(path.words, words)) : fitting;
  return found.length || !words.length ? found : fitting;
}

/** Whether the free text restricts paths at all. */
function textFindsPaths() {
  const words = searchWords();
  return words.length > 0 && PATHS.some((path) => pathFits(path) && hasWords(path.words, words));
}
