"use strict";
// Making nodes. Text from logs becomes text nodes and attribute values only; nothing here, or anywhere in this script,
// parses a string as markup, and the page's policy would not let it.

/**
 * Controls, bidi and other format characters, line separators, lone surrogates, and whatever shows no ink but the space and
 * the thin one of this page's own numbers: shown as escapes, as in a terminal (Shown.swift).
 */
const HIDDEN =
  /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800\u{16FE4}\u{13441}\u{13442}\u{1D159}]|(?![ \u2009])\p{Zs}/gu;
const ESCAPES = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

function shown(value) {
  return String(value).replace(HIDDEN,
    (c) => ESCAPES[c] || "\\u{" + c.codePointAt(0).toString(16).toUpperCase() + "}");
}

function append(parent, children) {
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    parent.append(child instanceof Node ? child : document.createTextNode(shown(child)));
  }
  return parent;
}

function setAttributes(node, attributes) {
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "on") for (const [event, handler] of Object.entries(value)) node.addEventListener(event, handler);
    else if (name === "css") for (const [property, v] of Object.entries(value)) node.style.setProperty(property, v);
    else node.setAttribute(name, value === true ? "" : shown(value));
  }
  return node;
}

/** An HTML element. `on` holds listeners, `css` style properties; everything else is an attribute. */
function el(name, attributes, ...children) {
  return append(setAttributes(document.createElement(name), attributes), children);
}

/** An SVG element. */
function svg(name, attributes, ...children) {
  return append(setAttributes(document.createElementNS("http://www.w3.org/2000/svg", name), attributes), children);
}

/** A button that looks like its text. `key` finds it again after the page was drawn anew. */
function button(label, key, action, attributes) {
  return el("button", { type: "button", "data-key": key, on: { click: action }, ...attributes }, label);
}

/** Makes something that is no button one for the keyboard and for screen readers. */
function pressable(node, key, label, pressed, action) {
  setAttributes(node, { role: "button", tabindex: "-1", "data-key": key, "aria-label": label,
    "aria-pressed": pressed ? "true" : "false" });
  node.addEventListener("click", action);
  node.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    action(event);
  });
  return node;
}

/** One stop for the Tab key; arrow keys go from item to item inside. */
function roving(container, selector) {
  const items = [...container.querySelectorAll(selector)];
  const first = items.find((item) => item.getAttribute("aria-pressed") === "true") || items[0];
  for (const item of items) item.setAttribute("tabindex", item === first ? "0" : "-1");
  container.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
    const at = items.indexOf(event.target);
    if (!step || at < 0) return;
    event.preventDefault();
    const next = items[(at + step + items.length) % items.length];
    items[at].setAttribute("tabindex", "-1");
    next.setAttribute("tabindex", "0");
    next.focus();
  });
  return container;
}

/** A section of the page with its heading; `aside` stands at the heading's right. */
function panel(id, title, hint, aside, ...children) {
  return el("section", { id, class: "panel", "aria-labelledby": id + "-title" },
    el("div", { class: "panel-head" },
      el("div", null, el("h2", { id: id + "-title" }, title), hint && el("p", { class: "hint" }, hint)), aside),
    children);
}

/** A few exclusive choices; `chosen` is the value of one of `[value, label]`. */
function choices(name, label, options, chosen, choose) {
  return el("div", { class: "choices", role: "group", "aria-label": label }, options.map(([value, text]) =>
    button(text, `${name}-${value}`, () => choose(value), { "aria-pressed": value === chosen ? "true" : "false" })));
}

function empty(words) { return el("p", { class: "empty" }, words); }
