// One tooltip for the whole page, for the pointer and for the keyboard.

const TIP = el("div", { class: "tip", role: "tooltip", id: "tip", hidden: true });

/** Shows what `content` gives (nodes and strings) while a node is pointed at or has the focus. */
function tip(node, content) {
  node.addEventListener("pointerenter", (event) => {
    if (event.pointerType !== "touch") showTip(node, content(), event);
  });
  node.addEventListener("pointermove", (event) => { if (!TIP.hidden) placeTip(event.clientX, event.clientY); });
  node.addEventListener("pointerleave", hideTip);
  node.addEventListener("focus", () => { if (node.matches(":focus-visible")) showTip(node, content()); });
  node.addEventListener("blur", hideTip);
  return node;
}

function showTip(node, content, event) {
  TIP.replaceChildren();
  append(TIP, [content]);
  TIP.hidden = false;
  node.setAttribute("aria-describedby", "tip");
  if (event) return placeTip(event.clientX, event.clientY);
  const box = node.getBoundingClientRect();
  placeTip(box.left + Math.min(box.width / 2, 160), box.bottom);
}

function placeTip(x, y) {
  const box = TIP.getBoundingClientRect();
  const left = Math.max(8, Math.min(x + 14, innerWidth - box.width - 8));
  const below = y + 16;
  const top = below + box.height > innerHeight - 8 ? Math.max(8, y - box.height - 12) : below;
  TIP.style.left = left + "px";
  TIP.style.top = top + "px";
}

function hideTip() { TIP.hidden = true; }

/** Names and values under each other. */
function facts(title, rows) {
  return [el("strong", { class: "tip-title" }, title), el("dl", { class: "facts" }, rows.filter((row) => row)
    .map(([name, value]) => [el("dt", null, name), el("dd", null, value)]))];
}
