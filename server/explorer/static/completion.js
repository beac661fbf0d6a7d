// What could stand at the caret of a document, best first.

import { lex, meaningful } from "./lexer.js";
import { read } from "./places.js";
import { isComposite, isRequired, written } from "./schema.js";

const MOST = 60;
const WORDS = new Set(["name", "variable", "directive"]);
const SILENT = new Set(["comment", "string"]);

/** `{ start, end, items }`: the items fit where the text from start to end is, or will be. */
export function suggestions(text, caret, schema) {
  const all = lex(text);
  const under = all.find(({ start, end }) => start < caret && caret <= end);
  const isWord = WORDS.has(under?.kind);
  if (SILENT.has(under?.kind)) return { start: caret, end: caret, items: [] };
  const tokens = meaningful(all);
  const token = isWord ? under : { kind: "name", text: "", start: caret, end: caret };
  token.isCaret = true;
  if (!isWord) tokens.splice(tokens.filter(({ start }) => start < caret).length, 0, token);
  const { operations } = read(tokens, schema);
  const around = operations.find((each) => each.start <= caret && caret <= each.end);
  const prefix = text.slice(token.start, caret).toLowerCase();
  const items = candidates(token, schema, around, tokens)
    .map((item) => ({ ...item, rank: rank(item.label.toLowerCase(), prefix) }))
    .filter((item) => item.rank < 3)
    .sort((one, other) => one.rank - other.rank)
    .slice(0, MOST);
  return { start: token.start, end: isWord ? token.end : caret, items };
}

/** How a field is written when somebody picks it; `|` is where the caret goes. */
export function insertion(field, schema) {
  const required = [...field.args.values()].filter(isRequired);
  const args = required.length ? `(${required[0].name}: |)` : "";
  if (!isComposite(schema.named(field.type))) return `${field.name}${args}`;
  return `${field.name}${args} {\n  ${args ? "" : "|"}\n}`;
}

// What begins like it before what only contains it.
function rank(label, prefix) {
  if (label.startsWith(prefix) || label.startsWith(`$${prefix}`)) return 0;
  return label.includes(prefix) ? 1 : 3;
}

function candidates({ place, kind }, schema, around, tokens) {
  if (kind === "variable" && place?.kind === "variable") return variables(around);
  switch (place?.kind) {
    case "definition":
      return keywords("query", "mutation", "subscription", "fragment");
    case "field":
      return fields(place.parent, schema);
    case "argument":
      return [...(place.definitions?.values() ?? [])].map((each) =>
        item(each, `${each.name}: |`, written(each.type)),
      );
    case "value":
      return [...values(place.type), ...variables(around)];
    case "type":
      return types(place.among === "input" ? schema.inputs() : schema.composites());
    case "fragment":
      return [...narrower(place.parent, schema), ...fragments(tokens)];
    case "directive":
      return [...schema.directives.values()].map((each) => item(each, `@${each.name}`, "", "@"));
    default:
      return [];
  }
}

function fields(parent, schema) {
  const own = [...(parent?.fields.values() ?? [])].map((field) =>
    item(field, insertion(field, schema), written(field.type)),
  );
  const narrowed = parent?.kind === "OBJECT" ? [] : narrower(parent, schema, "... ");
  const name = { label: "__typename", insert: "__typename", detail: "String!" };
  return parent ? [...own, ...narrowed, name] : [];
}

function narrower(parent, schema, before = "") {
  const interfaces = new Set(schema.possible(parent).flatMap(({ interfaces }) => interfaces ?? []));
  const shared = [...new Set([...interfaces].map(({ name }) => name))].map((name) =>
    schema.type(name),
  );
  return [...schema.possible(parent), ...shared].map((type) => ({
    label: `${before}on ${type.name}`,
    insert: `${before}on ${type.name} {\n  |\n}`,
    detail: "",
    description: type.description,
  }));
}

function fragments(tokens) {
  const named = tokens.filter((_, index) => tokens[index - 1]?.text === "fragment");
  return keywords(...named.map(({ text }) => text));
}

function values(type) {
  if (type?.kind === "ENUM")
    return [...type.enumValues.values()].map((each) => item(each, each.name, ""));
  return type?.name === "Boolean" ? keywords("true", "false") : [];
}

function variables(operation) {
  return keywords(...(operation?.variables ?? []));
}

function types(list) {
  return list.filter(({ name }) => !name.startsWith("__")).map((type) => item(type, type.name, ""));
}

function keywords(...names) {
  return names.map((name) => ({ label: name, insert: name, detail: "" }));
}

function item({ name, description }, insert, detail, before = "") {
  return { label: before + name, insert, detail, description };
}
