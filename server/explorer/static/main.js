// The explorer, put together: what is open, who asks, and where the answer goes.

import { show, spoken } from "./answers.js";
import { ask } from "./asking.js";
import { find, settled } from "./dom.js";
import { Header } from "./header.js";
import { offsetOf } from "./lexer.js";
import { Manual } from "./manual.js";
import { People } from "./people.js";
import { dig, filledIn, referencesIn } from "./references.js";
import { INTROSPECTION, Schema } from "./schema.js";
import { starters } from "./starters.js";
import { Question } from "./question.js";
import { Strip, titleOf } from "./strip.js";
import { Watch, showWatch } from "./watching.js";
import { choose, language, preferred, t } from "./words.js";
import { Workspace } from "./workspace.js";

const config = JSON.parse(document.querySelector("meta[name=upay]").content);
const LANGUAGE = "upay.language";

choose(sessionStorage.getItem(LANGUAGE) ?? preferred(navigator.languages));
const workspace = new Workspace(sessionStorage, starters(config));
const people = new People();
const watches = new Map();
const busy = new Set();
let schema;
let isUnreachable = false;

const pane = find("answer");
const question = new Question({ workspace, run, find: lookUp, schema: () => schema });
const manual = new Manual(find("manual-body"), (text, isWhole) => question.write(text, isWhole));
const strip = new Strip({ workspace, watches, busy });
const header = new Header({ config, people, signIn, signOut, speak });

workspace.addEventListener("changed", () => drawTab());
workspace.addEventListener("written", () => strip.draw());
people.addEventListener("changed", () => drawAll());

function drawAll() {
  header.draw();
  manual.draw();
  drawTab();
}

function drawTab() {
  strip.draw();
  question.draw({ people, isBusy: busy.has(workspace.currentId), watch: watch() });
  drawAnswer();
}

function drawAnswer() {
  const current = watch();
  pane.setAttribute("aria-busy", String(busy.has(workspace.currentId)));
  if (!current) return show(pane, workspace.current, answer(), acts);
  current.unseen = 0;
  return showWatch(pane, current, language());
}

function watch() {
  return watches.get(workspace.currentId);
}

function answer() {
  const away = isUnreachable ? { isAway: true, retry: readSchema } : undefined;
  return workspace.answer(workspace.currentId, people.current) ?? away;
}

const acts = {
  say: toast,
  retry: run,
  open: (id) => workspace.open(id),
  goTo: ({ line, column }) => question.goTo(offsetOf(workspace.current.document, line, column)),
  remedies: () => header.remedies(),
};

async function run() {
  const { id, document: query, variables: written } = workspace.current;
  if (watch()?.isOpen) return stopWatch(id);
  const operation = question.operation();
  const given = question.variables();
  if (!operation || given === undefined || busy.has(id)) return undefined;
  const missing = missingIn(written);
  if (missing.length) return keep(id, { missing });
  const neighbours = new Map();
  const variables = filledIn(given, (path) => lookUp(path, neighbours));
  const asked = { query, variables, operationName: operation.name ?? undefined };
  if (operation.kind === "subscription") return startWatch(id, asked);
  return askFor(id, asked);
}

async function askFor(id, asked) {
  const who = people.current;
  busy.add(id);
  watches.delete(id);
  drawTab();
  const answer = await ask({ ...asked, token: await people.token(), language: language() });
  busy.delete(id);
  if (!schema && !answer.isAway) readSchema();
  keep(id, { ...answer, who: people.displayName(who) }, who);
  people.noticed(answer.body?.data);
  // What nobody asked as somebody is over when the server says so.
  if (answer.body?.data?.signOut) forget(who);
}

function keep(id, answer, who = people.current) {
  workspace.keepAnswer(id, who, answer);
  find("said").textContent = spoken(answer);
  drawTab();
}

function startWatch(id, asked) {
  const who = people.current;
  const token = () => people.token(who);
  const started = new Watch({ ...asked, token, who: people.displayName(who) });
  started.owner = who;
  started.addEventListener("changed", () => {
    if (workspace.currentId === id) drawTab();
    else strip.draw();
  });
  watches.set(id, started);
  drawTab();
}

function stopWatch(id) {
  watches.get(id).stop();
  drawTab();
}

/** What a reference stands for: an earlier answer of whoever is signed in, or a word of ours. */
function lookUp(path, remembered = new Map()) {
  if (path === "random") return remembered.get(path) ?? remembered.set(path, word()).get(path);
  if (path === "language") return language() === "en" ? "EN" : "ZH_CN";
  if (path === "neighbour") return config.people.find(({ name }) => name !== people.current)?.name;
  const [id, ...steps] = path.split(".");
  return dig(workspace.answer(id, people.current)?.body?.data, steps);
}

function word() {
  return Array.from(crypto.getRandomValues(new Uint8Array(4)), (byte) =>
    (byte % 36).toString(36),
  ).join("");
}

function missingIn(written) {
  const ids = referencesIn(written)
    .filter((path) => lookUp(path) === undefined)
    .map((path) => path.split(".")[0]);
  return [...new Set(ids)]
    .map((id) => workspace.tabs.find((tab) => tab.id === id))
    .filter(Boolean)
    .map((tab) => ({ id: tab.id, title: titleOf(tab) }));
}

/** One click for somebody of the demo; `isAnew` when what was asked needs a session that lives. */
async function signIn(name, isAnew = false) {
  if (!isAnew && people.all.some((session) => session.name === name)) return people.choose(name);
  const answered = await people.signIn(name, config.password, language());
  if (!answered.body?.data?.signIn?.tokens) return keep(workspace.currentId, answered);
  if (isAnew && question.operation()?.kind === "query") return run();
  return undefined;
}

async function signOut() {
  const who = people.current;
  await people.signOut();
  forget(who);
}

function forget(who) {
  for (const [id, each] of watches) {
    if (each.owner !== who) continue;
    each.stop();
    watches.delete(id);
  }
  if (people.all.some(({ name }) => name === who)) people.forget(who);
  workspace.forget(who);
}

function speak(chosen) {
  sessionStorage.setItem(LANGUAGE, chosen);
  choose(chosen);
  header.translate();
  drawAll();
}

const quiet = settled(() => (find("toast").hidden = true), 3_000);
function toast(text) {
  find("toast").textContent = text;
  find("toast").hidden = false;
  quiet();
}

async function readSchema() {
  const { body, isAway } = await ask({ query: INTROSPECTION, language: language() });
  isUnreachable = Boolean(isAway);
  if (body?.data) schema = new Schema(body.data);
  manual.draw(schema);
  drawTab();
}

speak(language());
readSchema();
