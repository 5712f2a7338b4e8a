// Draws the page from the values and from what is chosen, anew whenever that changes.

const PAGE = el("main", { id: "page" });

/** Pixels inside a panel on a sheet of A4. */
const PAPER_ROOM = 660;

function draw() {
  const active = document.activeElement;
  const key = active && active.dataset ? active.dataset.key : null;
  const place = key && PAGE.contains(active) ? active.getBoundingClientRect().top : null;
  const selection = active && active.type === "search" ? active.selectionStart : null;
  const paths = chosenPaths();
  const room = panelRoom();
  hideTip();
  BAR.replaceChildren(toolbar());
  PAGE.replaceChildren(...[
    header(), figures(paths), findings(paths), meshMap(paths, room), pathsPanel(paths), loadPanel(paths, room),
    imbalancePanel(paths), latencyPanel(paths, room), tracesPanel(room), missingPanel(), sourcesPanel(), footer(),
  ].filter((node) => node));
  if (isPrinting) for (const details of PAGE.querySelectorAll("details")) details.open = true;
  if (key) restoreFocus(key, selection, place);
}

/** Pixels from edge to edge inside a panel. */
function panelRoom() {
  if (isPrinting) return PAPER_ROOM;
  const sizes = getComputedStyle(PAGE);
  const inner = PAGE.clientWidth - parseFloat(sizes.paddingLeft) - parseFloat(sizes.paddingRight);
  return Math.floor(inner) - (innerWidth <= 640 ? 26 : 34);
}

/** Drawing replaces what had the focus: the same thing gets it back, and stays where it was on the screen. */
function restoreFocus(key, selection, place) {
  const node = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
  if (!node) return;
  node.focus({ preventScroll: true });
  if (place !== null) scrollBy({ top: node.getBoundingClientRect().top - place, behavior: "instant" });
  if (selection !== null && node.setSelectionRange) node.setSelectionRange(selection, selection);
}

function footer() {
  return el("footer", null, generated());
}

const BAR = el("div", { class: "bar-holder" });
try {
  const theme = localStorage.getItem("meshweft-theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch { /* a page opened from a file may have no storage */ }
document.body.append(BAR, PAGE, TIP);
draw();

addEventListener("hashchange", () => { state = readState(); draw(); });
addEventListener("popstate", () => { state = readState(); draw(); });
addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    if (!TIP.hidden) hideTip();
    else if (document.activeElement && document.activeElement.type === "search" && state.q) choose({ q: "" });
  }
  if (event.key === "/" && !/INPUT|SELECT|TEXTAREA/.test(document.activeElement.tagName)) {
    event.preventDefault();
    document.querySelector("[data-key=q]").focus();
  }
});

for (const [event, isPaper] of [["beforeprint", true], ["afterprint", false]]) {
  addEventListener(event, () => { isPrinting = isPaper; draw(); });
}

let drawnWidth = innerWidth, resizing;
addEventListener("resize", () => {
  if (innerWidth === drawnWidth) return;
  clearTimeout(resizing);
  resizing = setTimeout(() => { drawnWidth = innerWidth; draw(); }, 150);
});
