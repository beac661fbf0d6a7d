// Reads a document with the schema beside it: what each token stands for, and what cannot be right.
// It is forgiving, because what is being typed is hardly ever a whole document.

import { isComposite, isRequired } from "./schema.js";

const OPERATIONS = new Set(["query", "mutation", "subscription"]);
const LITERALS = new Set(["true", "false", "null"]);

/** Gives each token its `place`; answers with the issues and the operations that were found. */
export function read(tokens, schema) {
  const reader = new Reader(tokens, schema);
  while (reader.next) reader.definition();
  return { issues: reader.issues, operations: reader.operations };
}

class Reader {
  constructor(tokens, schema) {
    this.tokens = tokens;
    this.schema = schema;
    this.at = 0;
    this.issues = [];
    this.operations = [];
    this.used = [];
  }

  get next() {
    return this.tokens[this.at];
  }

  is(text) {
    return this.next?.text === text;
  }

  isKind(kind) {
    return this.next?.kind === kind;
  }

  take(place) {
    const token = this.tokens[this.at++];
    token.place = place;
    return token;
  }

  complain(token, key, words = {}) {
    if (!token.isCaret) this.issues.push({ start: token.start, end: token.end, key, words });
  }

  strange() {
    const token = this.take();
    this.complain(token, "issue.strange", { text: token.text });
  }

  /** Everything up to a closing mark; what `each` leaves where it is has no business there. */
  until(closing, each) {
    const opening = this.take();
    while (this.next && !this.is(closing)) {
      const before = this.at;
      each();
      if (this.at === before) {
        if (closing !== "}" && this.is("}")) break;
        this.strange();
      }
    }
    if (this.is(closing)) this.take();
    else this.complain(opening, "issue.unclosed", { text: opening.text });
  }

  definition() {
    const { text, start } = this.next;
    if (text === "{") this.operation("query", start);
    else if (OPERATIONS.has(text)) {
      this.take({ kind: "keyword" });
      this.operation(text, start);
    } else if (text === "fragment") this.fragment();
    else if (this.isKind("name"))
      this.complain(this.take({ kind: "definition" }), "issue.definition");
    else this.strange();
  }

  operation(kind, start) {
    const operation = { kind, start, name: null, variables: new Set() };
    this.operations.push(operation);
    this.used = [];
    if (this.isKind("name")) operation.name = this.take({ kind: "operation" }).text;
    if (this.is("(")) this.until(")", () => this.variable(operation));
    this.directives();
    if (this.is("{")) this.selections(this.schema?.roots[kind]);
    operation.end = this.tokens[this.at - 1].end;
    for (const token of this.used) {
      const isMissing = !operation.variables.has(token.text);
      if (isMissing) this.complain(token, "issue.variable", { name: token.text });
    }
  }

  variable(operation) {
    if (!this.isKind("variable")) return;
    operation.variables.add(this.take({ kind: "declared" }).text);
    if (this.is(":")) {
      this.take();
      this.typeReference();
    }
    if (this.is("=")) {
      this.take();
      this.value();
    }
    this.directives();
  }

  typeReference() {
    if (this.is("[")) this.until("]", () => this.typeReference());
    else if (this.isKind("name")) this.typeName("input");
    if (this.is("!")) this.take();
  }

  typeName(among) {
    const token = this.take({ kind: "type", among });
    const type = this.schema?.type(token.text);
    if (this.schema && !type) this.complain(token, "issue.type", { name: token.text });
    return type;
  }

  fragment() {
    this.take({ kind: "keyword" });
    if (this.isKind("name")) this.take({ kind: "operation" });
    const type = this.on();
    this.directives();
    if (this.is("{")) this.selections(type);
  }

  on() {
    if (!this.is("on")) return undefined;
    this.take({ kind: "keyword" });
    return this.isKind("name") ? this.typeName("composite") : undefined;
  }

  selections(type) {
    this.until("}", () => this.selection(type));
  }

  selection(type) {
    if (this.isKind("name")) this.field(type);
    if (!this.isKind("spread")) return;
    this.take();
    if (this.is("on")) {
      const narrowed = this.on();
      this.directives();
      if (this.is("{")) this.selections(narrowed);
      return;
    }
    if (this.isKind("name")) this.take({ kind: "fragment", parent: type });
    this.directives();
    if (this.is("{")) this.selections(type);
  }

  field(parent) {
    let token = this.take({ kind: "field", parent });
    if (this.is(":")) {
      token.place = { kind: "alias" };
      this.take();
      if (!this.isKind("name")) return;
      token = this.take({ kind: "field", parent });
    }
    const definition = parent?.fields.get(token.text);
    token.place.definition = definition;
    const isUnknown = parent && !definition && !token.text.startsWith("__");
    if (isUnknown) this.complain(token, "issue.field", { name: token.text, type: parent.name });
    if (this.is("(")) this.arguments(definition?.args, token);
    else this.require(definition?.args, new Set(), token);
    this.directives();
    const inner = definition && this.schema.named(definition.type);
    if (this.is("{")) this.selections(inner);
    else if (isComposite(inner)) this.complain(token, "issue.selection", { name: token.text });
  }

  directives() {
    while (this.isKind("directive")) {
      const token = this.take({ kind: "directive" });
      const args = this.schema?.directives.get(token.text.slice(1))?.args;
      if (this.is("(")) this.arguments(args, token);
    }
  }

  arguments(definitions, owner) {
    this.until(")", () => this.pair("argument", definitions, owner));
  }

  /** A name with its value: an argument, or a field of an input. */
  pair(kind, definitions, owner) {
    if (!this.isKind("name")) return;
    const token = this.take({ kind, definitions });
    const definition = definitions?.get(token.text);
    token.place.definition = definition;
    if (definitions && !definition)
      this.complain(token, "issue.argument", { name: token.text, owner: owner?.text ?? "" });
    if (!this.is(":")) return;
    this.take();
    this.value(definition?.type);
  }

  require(definitions, given, owner) {
    for (const definition of definitions?.values() ?? []) {
      const isMissing = isRequired(definition) && !given.has(definition.name);
      if (isMissing) this.complain(owner, "issue.missing", { name: definition.name });
    }
  }

  value(type) {
    const inner = type && this.schema?.named(type);
    if (this.is("[")) this.until("]", () => this.value(type));
    else if (this.is("{")) this.until("}", () => this.pair("argument", inner?.inputFields));
    else if (this.isKind("variable")) this.used.push(this.take({ kind: "variable" }));
    else if (this.isKind("string") || this.isKind("number")) this.take({ kind: "literal" });
    else if (this.isKind("name")) this.word(inner);
  }

  word(type) {
    const token = this.take({ kind: "value", type });
    const isKnown = LITERALS.has(token.text) || type?.kind !== "ENUM";
    if (!isKnown && !type.enumValues.has(token.text))
      this.complain(token, "issue.value", { name: token.text, type: type.name });
  }
}
