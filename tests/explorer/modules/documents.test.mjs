// Reading, completing and laying out documents.

import assert from "node:assert/strict";
import { test } from "node:test";

import { suggestions } from "../../../server/explorer/static/completion.js";
import { lex, lineOf, offsetOf } from "../../../server/explorer/static/lexer.js";
import { prettify } from "../../../server/explorer/static/prettify.js";
import { starters } from "../../../server/explorer/static/starters.js";
import { issuesOf, schema, wordsOf } from "./worlds.mjs";

const ODD = [
  "",
  "{",
  "}}",
  '"open',
  '"""open',
  "😀 # 注释\n{ me }",
  "query Q($a: [Int!]! = 3) @x {",
  "{ a(b: }",
];
const OFFERED = starters({ mode: "test", people: [] }).map(({ document }) => document);

/** The labels of what fits at the `|` of a text. */
function fits(marked) {
  const caret = marked.indexOf("|");
  return suggestions(marked.replace("|", ""), caret, schema).items.map(({ label }) => label);
}

test("tokens lie end to end, whatever the text", () => {
  for (const text of [...ODD, ...OFFERED])
    assert.equal(
      lex(text)
        .map((each) => each.text)
        .join(""),
      text,
    );
});

test("any unfinished document is read to its end", () => {
  for (const whole of OFFERED)
    for (let length = 0; length <= whole.length; length += 1) {
      issuesOf(whole.slice(0, length));
      suggestions(whole.slice(0, length), length, schema);
    }
});

test("a place and its line and column name each other", () => {
  const text = "ab\n\ncd";
  for (let at = 0; at <= text.length; at += 1) {
    const { line, column } = lineOf(text, at);
    assert.equal(offsetOf(text, line, column), at);
  }
});

test("an empty document begins with an operation", () => {
  assert.deepEqual(fits("|"), ["query", "mutation", "subscription", "fragment"]);
});

test("in a selection the fields of its type fit", () => {
  assert.ok(fits("{ | }").includes("me"));
  assert.deepEqual(fits("{ me { wallets { curr|"), ["currency"]);
  assert.ok(fits("query A { me { id } } { me { wallets { | } } }").includes("balance"));
});

test("in a union only its members fit", () => {
  const labels = fits('mutation { signIn(input: {name: "a", password: "b"}) { | } }');
  assert.ok(labels.includes("... on SignedIn"));
  assert.ok(labels.includes("... on Problem"));
  assert.ok(!labels.includes("person"));
});

test("arguments, their fields, their values and variables fit where they belong", () => {
  assert.deepEqual(fits("{ wallet(|) }"), ["id"]);
  assert.ok(fits("mutation { prepareTransfer(input: { | }) }").includes("walletId"));
  assert.ok(fits("mutation { prepareTransfer(input: { arrival: | }) }").includes("NEXT_DAY"));
  assert.deepEqual(fits("query ($wallet: ID!) { wallet(id: $|) }"), ["$wallet"]);
  assert.deepEqual(fits("query ($wallet: ID!) { wallet(id: |) }"), ["$wallet"]);
});

test("types fit after a colon of a variable and after on", () => {
  assert.ok(fits("query ($a: Regi|) { me { id } }").includes("RegisterInput"));
  assert.ok(fits("{ node(id: 1) { ... on Wal| } }").includes("Wallet"));
});

test("in texts and comments nothing fits", () => {
  assert.deepEqual(fits('{ wallet(id: "w|'), []);
  assert.deepEqual(fits("# me|"), []);
});

test("what cannot be right is named", () => {
  assert.deepEqual(issuesOf("{ colour }"), ["issue.field"]);
  assert.deepEqual(issuesOf("{ me }"), ["issue.selection"]);
  assert.deepEqual(issuesOf("{ wallet { id } }"), ["issue.missing"]);
  assert.deepEqual(issuesOf("{ me(name: 1) { id } }"), ["issue.argument"]);
  assert.deepEqual(issuesOf("{ wallet(id: $none) { id } }"), ["issue.variable"]);
  assert.deepEqual(issuesOf("query ($a: Nothing) { me { id } }"), ["issue.type"]);
  assert.deepEqual(issuesOf("{ me { id }"), ["issue.unclosed"]);
  assert.deepEqual(issuesOf("{ me { id } ) }"), ["issue.strange"]);
});

test("what is offered at the start is all right", () => {
  for (const document of OFFERED) assert.deepEqual(issuesOf(document), []);
});

test("laying out keeps every word, and does nothing more the second time", () => {
  for (const document of OFFERED) {
    const once = prettify(document);
    assert.deepEqual(wordsOf(once), wordsOf(document));
    assert.equal(prettify(once), once);
  }
});

test("laying out writes a document as a person would", () => {
  const text =
    "query A($a:ID!,$b:[Int!]=[1,2]){me{id ...F wallets{a:movements(first:5,filter:{kinds:[TRANSFER]}){edges{cursor}}}}}fragment F on Person{id}";
  assert.equal(
    prettify(text),
    `query A($a: ID!, $b: [Int!] = [1, 2]) {
  me {
    id
    ...F
    wallets {
      a: movements(first: 5, filter: { kinds: [TRANSFER] }) {
        edges {
          cursor
        }
      }
    }
  }
}

fragment F on Person {
  id
}
`,
  );
});

test("what does not match is left as it is", () => {
  assert.equal(prettify("{ me { id }"), "{ me { id }");
});
