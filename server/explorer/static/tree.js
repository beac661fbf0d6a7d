// JSON as a tree that folds, whose values can be copied as references.

import { h } from "./dom.js";

/** The tree of a value; `picked(path)` hears which leaf somebody wants. */
export function tree(value, picked) {
  const element = h("div", { class: "tree", onkeydown: walked }, node(null, value, [], picked));
  return element;
}

function node(key, value, path, picked) {
  const isBranch = value !== null && typeof value === "object" && Object.keys(value).length > 0;
  return isBranch ? branch(key, value, path, picked) : leaf(key, value, path, picked);
}

function branch(key, value, path, picked) {
  const isList = Array.isArray(value);
  const [opening, closing] = isList ? "[]" : "{}";
  const entries = Object.entries(value);
  const summary = h(
    "summary",
    {},
    named(key),
    h("span", { class: "mark" }, opening),
    h("span", { class: "folded" }, ` ${entries.length} ${closing}`),
  );
  const inner = entries.map(([name, each]) =>
    node(isList ? null : name, each, [...path, name], picked),
  );
  return h(
    "details",
    { open: path[0] !== "extensions" },
    summary,
    h("div", { class: "inner" }, inner),
    h("div", { class: "mark closing" }, closing),
  );
}

function leaf(key, value, path, picked) {
  const kind = value === null || typeof value === "boolean" ? "keyword" : typeof value;
  const button = h(
    "button",
    { type: "button", class: `leaf ${kind}`, tabindex: "-1", onclick: () => picked(path) },
    JSON.stringify(value),
  );
  return h("div", { class: "row" }, named(key), button);
}

function named(key) {
  return key === null
    ? null
    : [h("span", { class: "argument" }, key), h("span", { class: "mark" }, ": ")];
}

/** Up and down go from one line to the next; Tab passes over the leaves. */
function walked(event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  const lines = [...event.currentTarget.querySelectorAll("summary, .leaf")];
  const seen = lines.filter((line) => line.offsetParent !== null);
  seen[seen.indexOf(document.activeElement) + step]?.focus();
  event.preventDefault();
}
