// References in variables, problems in answers, and the texts in both languages.

import assert from "node:assert/strict";
import { test } from "node:test";

import { paintJson } from "../../../server/explorer/static/painting.js";
import { problemsIn } from "../../../server/explorer/static/problems.js";
import { filledIn, referencesIn } from "../../../server/explorer/static/references.js";
import { LANGUAGES, preferred } from "../../../server/explorer/static/words.js";

const ANSWERS = { "look.id": "wal_1", "look.seq": 7 };
const find = (path) => ANSWERS[path];

test("a reference alone keeps its kind, and one inside a text becomes text", () => {
  const filled = filledIn({ a: ["{look.seq}", "n-{look.seq}-{look.id}"], b: null, c: 1 }, find);
  assert.deepEqual(filled, { a: [7, "n-7-wal_1"], b: null, c: 1 });
});

test("what has no value yet stays as it was written", () => {
  assert.deepEqual(filledIn({ a: "{none}" }, find), { a: "{none}" });
});

test("references are found in texts only, each once", () => {
  assert.deepEqual(referencesIn('{"a": "{x.y} {z}", "b": {"c": "{z}"}}'), ["x.y", "z"]);
});

test("painted JSON is the text that was painted", () => {
  for (const text of ['{"a": [1, -2.5e3, true, null, "x{y.z}"]}', '{"open', "", "{} // 中文"])
    assert.equal(
      paintJson(text)
        .pieces.map(([, part]) => part)
        .join(""),
      text,
    );
});

test("problems, failures and errors are found wherever they stand", () => {
  const body = {
    data: {
      signIn: { code: "SIGN_IN_REFUSED", message: "No.", nextStep: "Look.", retry: "AFTER_FIX" },
      movement: {
        failure: { title: "Declined", nextStep: "Ask the bank.", code: "PROVIDER_DECLINED" },
      },
    },
    errors: [{ message: "Sign in first.", extensions: { code: "UNAUTHENTICATED" } }],
  };
  assert.deepEqual(
    problemsIn(body).map(({ title }) => title),
    ["Sign in first.", "No.", "Declined"],
  );
});

test("both languages say the same things with the same blanks", () => {
  const { en, "zh-CN": zh } = LANGUAGES;
  const blanks = (text) => (text.match(/\{\w+\}/g) ?? []).sort();
  assert.deepEqual(Object.keys(zh), Object.keys(en));
  for (const key of Object.keys(en)) assert.deepEqual(blanks(zh[key]), blanks(en[key]), key);
});

test("a browser's first language that there is wins", () => {
  assert.equal(preferred(["fr-FR", "zh-TW", "en"]), "zh-CN");
  assert.equal(preferred(["fr-FR"]), "en");
});
