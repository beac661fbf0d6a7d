// Writes a GraphQL document anew: one field a line, two spaces a level, comments kept.

import { lex } from "./lexer.js";

const WIDTH = 88;

/** The same document, laid out; what does not lie within braces that match is left as it was. */
export function prettify(text) {
  const tokens = lex(text).filter(({ kind }) => kind !== "space");
  return isBalanced(tokens) ? new Writer(tokens).written() : text;
}

function isBalanced(tokens) {
  const closings = { "{": "}", "(": ")", "[": "]" };
  const open = [];
  for (const { kind, text } of tokens) {
    if (kind !== "mark") continue;
    if (closings[text]) open.push(closings[text]);
    else if ("})]".includes(text) && open.pop() !== text) return false;
  }
  return open.length === 0;
}

class Writer {
  constructor(tokens) {
    this.tokens = tokens;
    this.at = 0;
    this.lines = [];
    this.line = "";
    this.depth = 0;
  }

  written() {
    while (this.at < this.tokens.length) this.one();
    this.end();
    return `${this.lines.join("\n").trim()}\n`;
  }

  one() {
    const token = this.tokens[this.at];
    if (token.kind === "comment") this.comment(token);
    else if (token.text === "{") this.open();
    else if (token.text === "}") this.close();
    else if (token.text === "(") this.group();
    else this.word(token);
  }

  comment(token) {
    this.end();
    this.line = token.text;
    this.end();
    this.at += 1;
  }

  open() {
    this.line += this.line ? " {" : "{";
    this.end();
    this.depth += 1;
    this.at += 1;
  }

  close() {
    this.end();
    this.depth -= 1;
    this.line = "}";
    this.end();
    if (this.depth === 0) this.lines.push("");
    this.at += 1;
  }

  /** Arguments stay on their field's line as long as they fit there. */
  group() {
    const from = this.at;
    let depth = 0;
    do {
      if (this.tokens[this.at].text === "(") depth += 1;
      if (this.tokens[this.at].text === ")") depth -= 1;
      this.at += 1;
    } while (depth > 0);
    const inner = this.tokens.slice(from + 1, this.at - 1);
    const flat = `(${flowing(inner)})`;
    const isShort = this.depth * 2 + this.line.length + flat.length <= WIDTH;
    if (isShort && inner.every(({ kind }) => kind !== "comment")) this.line += flat;
    else this.spread(inner);
  }

  spread(inner) {
    this.line += "(";
    this.end();
    this.depth += 1;
    for (const part of pairs(inner)) {
      this.line = flowing(part);
      this.end();
    }
    this.depth -= 1;
    this.line = ")";
  }

  word(token) {
    const before = this.tokens[this.at - 1];
    if (this.line && this.startsLine(token, before)) this.end();
    const isTight = token.text === ":" || (before?.kind === "spread" && token.text !== "on");
    this.line += (this.line && !isTight ? " " : "") + token.text;
    this.at += 1;
  }

  /** Within a selection a name begins a line, unless something before it asks for it. */
  startsLine({ kind, text }, before) {
    if (kind === "spread") return true;
    if (this.depth === 0 || kind !== "name") return false;
    const isOn = text === "on" && before.kind === "spread";
    return (
      !isOn && before.text !== ":" && before.kind !== "spread" && !this.line.endsWith("... on")
    );
  }

  end() {
    if (this.line) this.lines.push("  ".repeat(this.depth) + this.line);
    this.line = "";
  }
}

/** Tokens on one line, with spaces and commas where a person would put them. */
function flowing(tokens) {
  const open = [];
  let line = "";
  tokens.forEach((token, index) => {
    const before = tokens[index - 1];
    if (token.kind === "mark" && "}])".includes(token.text)) open.pop();
    line += gap(token, before, startsPart(tokens, index, open.at(-1))) + token.text;
    if (token.kind === "mark" && "{[(".includes(token.text)) open.push(token.text);
  });
  return line;
}

function gap(token, before, isPart) {
  if (!before) return "";
  if (isPart) return ", ";
  const isTight = ["!", ":", "]", ")", "("].includes(token.text) || "[(".includes(before.text);
  return isTight ? "" : " ";
}

function startsPart(tokens, index, within) {
  const before = tokens[index - 1]?.text ?? "";
  const isItem = within === "[" && !"[{(".includes(before) && !"])}!".includes(tokens[index].text);
  const isPair = tokens[index + 1]?.text === ":" && !"[{(".includes(before);
  return before !== "" && (isItem || isPair);
}

function pairs(tokens) {
  let depth = 0;
  const parts = [];
  tokens.forEach((token, index) => {
    if (index === 0 || (depth === 0 && startsPart(tokens, index))) parts.push([]);
    parts.at(-1).push(token);
    if (token.kind === "mark" && "{[(".includes(token.text)) depth += 1;
    if (token.kind === "mark" && "}])".includes(token.text)) depth -= 1;
  });
  return parts;
}
