// The printed schema, as the explorer's modules read it.

import { readFileSync } from "node:fs";

import { lex, meaningful } from "../../../server/explorer/static/lexer.js";
import { read } from "../../../server/explorer/static/places.js";
import { Schema } from "../../../server/explorer/static/schema.js";

export const schema = new Schema(JSON.parse(readFileSync(process.env.UPAY_SCHEMA, "utf8")));

/** What is wrong with a document, in the keys of its texts. */
export function issuesOf(text) {
  return read(meaningful(lex(text)), schema).issues.map(({ key }) => key);
}

export function wordsOf(text) {
  return meaningful(lex(text)).map((token) => token.text);
}
