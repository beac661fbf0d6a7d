// Cuts a GraphQL document into tokens that lie end to end, whatever state it is in.

const KINDS = [
  ["space", /[\s,\uFEFF]+/],
  ["comment", /#[^\n\r]*/],
  ["string", /"""(?:\\"""|[^"]|"(?!""))*(?:"""|$)|"(?:\\.|[^"\\\n\r])*"?/],
  ["spread", /\.\.\./],
  ["variable", /\$\w*/],
  ["directive", /@\w*/],
  ["number", /-?\d[\d.eE+-]*/],
  ["name", /[A-Za-z_]\w*/],
  ["mark", /[!:=|&(){}[\]]/],
  ["strange", /[^]/u],
];
const TOKEN = new RegExp(
  KINDS.map(([kind, { source }]) => `(?<${kind}>${source})`).join("|"),
  "gu",
);

/** Every token of a text, spaces included: `{ kind, text, start, end }`. */
export function lex(text) {
  return Array.from(text.matchAll(TOKEN), (found) => ({
    kind: KINDS.find(([kind]) => found.groups[kind] !== undefined)[0],
    text: found[0],
    start: found.index,
    end: found.index + found[0].length,
  }));
}

/** The tokens that mean something to GraphQL. */
export function meaningful(tokens) {
  return tokens.filter(({ kind }) => kind !== "space" && kind !== "comment");
}

/** Line and column of a place in a text, both from 1. */
export function lineOf(text, offset) {
  const before = text.slice(0, offset).split("\n");
  return { line: before.length, column: before.at(-1).length + 1 };
}

/** The place in a text that a line and a column name. */
export function offsetOf(text, line, column) {
  const lines = text.split("\n").slice(0, line - 1);
  return Math.min(text.length, lines.reduce((sum, each) => sum + each.length + 1, 0) + column - 1);
}
