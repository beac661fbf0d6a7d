// Colours for what is typed: each text becomes pieces `[class, text]` that lie end to end.

import { lex, meaningful } from "./lexer.js";
import { read } from "./places.js";

const JSON_TOKEN =
  /("(?:\\.|[^"\\\n])*"?)(\s*:)?|(-?\d[\d.eE+-]*)|\b(true|false|null)\b|([{}[\],])/g;
const REFERENCE = /(\{[\w.]+\})/;
const BY_KIND = { comment: "comment", string: "string", number: "number", variable: "variable" };
const BY_PLACE = {
  keyword: "keyword",
  operation: "title",
  field: "field",
  alias: "alias",
  argument: "argument",
  type: "type",
  fragment: "type",
  value: "value",
  declared: "variable",
};

/** A document's pieces, and what cannot be right in it. */
export function paintDocument(text, schema) {
  const tokens = lex(text);
  const { issues } = read(meaningful(tokens), schema);
  const pieces = tokens.map(({ kind, place, text }) => [
    BY_PLACE[place?.kind] ?? classOf(kind),
    text,
  ]);
  return { pieces, issues };
}

/** The pieces of JSON, references to earlier answers among them. */
export function paintJson(text) {
  const pieces = [];
  let from = 0;
  for (const found of text.matchAll(JSON_TOKEN)) {
    const [whole, string, colon, number, literal] = found;
    if (found.index > from) pieces.push(["", text.slice(from, found.index)]);
    from = found.index + whole.length;
    if (colon !== undefined) pieces.push(["argument", string], ["mark", colon]);
    else if (string !== undefined) pieces.push(...paintString(string));
    else pieces.push([number ? "number" : literal ? "keyword" : "mark", whole]);
  }
  if (from < text.length) pieces.push(["", text.slice(from)]);
  return { pieces, issues: [] };
}

function paintString(string) {
  return string
    .split(REFERENCE)
    .filter(Boolean)
    .map((part) => [REFERENCE.test(part) ? "reference" : "string", part]);
}

function classOf(kind) {
  if (kind === "directive") return "keyword";
  return BY_KIND[kind] ?? (kind === "name" ? "field" : "mark");
}
