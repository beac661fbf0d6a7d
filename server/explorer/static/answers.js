// The pane that shows what came back: the problem first, then everything.

import { copy, h } from "./dom.js";
import { problemsIn } from "./problems.js";
import { tree } from "./tree.js";
import { t } from "./words.js";

/** Draws an answer into `pane`; `acts` has `say`, `goTo`, `open`, `retry` and `remedies()`. */
export function show(pane, tab, answer, acts) {
  pane.replaceChildren(...parts(tab, answer, acts));
}

/** An answer in one breath, for who listens to the screen. */
export function spoken({ isAway, missing, status, milliseconds, body }) {
  if (isAway) return t("away");
  if (missing) return t("answer.missing");
  const problems = problemsIn(body).map(({ title, nextStep }) =>
    [title, nextStep].filter(Boolean).join(" "),
  );
  return [`${status}, ${milliseconds} ms`, ...problems].join(". ");
}

function parts(tab, answer, acts) {
  if (!answer) return [notice(t("answer.none"), t("answer.hint"))];
  if (answer.missing) return [missing(answer.missing, acts)];
  if (answer.isAway)
    return [
      notice(t("away"), t("away.hint"), [button(t("again"), answer.retry ?? acts.retry)], "bad"),
    ];
  const picked = (path) => {
    const written = `{${[tab.id, ...path.slice(1)].join(".")}}`;
    if (path[0] === "data")
      copy(`"${written}"`, () => acts.say(t("answer.copiedReference", { path: written })));
  };
  return [
    facts(answer, acts),
    ...problemsIn(answer.body).map((each) => problem(each, acts)),
    tree(answer.body, picked),
  ];
}

/** One line: how it went, how long it took, what it cost, who asked, and its id in the log. */
function facts({ status, milliseconds, requestId, body, who }, { say }) {
  const cost = body?.extensions?.cost;
  const words = [
    `${milliseconds} ms`,
    cost && t("answer.cost", cost),
    cost?.remaining !== undefined && t("answer.left", cost),
    who && t("answer.who", { name: who }),
  ];
  const isFine = status < 400 && !body?.errors;
  const everything = () => copy(JSON.stringify(body, null, 2), () => say(t("answer.copied")));
  const id = () => copy(requestId, () => say(t("answer.copied")));
  return h(
    "div",
    { class: "facts" },
    h("span", { class: `chip ${isFine ? "good" : "bad"}` }, `${status}`),
    h(
      "div",
      { class: "words" },
      words.filter(Boolean).map((word) => h("span", {}, word)),
    ),
    requestId &&
      h(
        "button",
        { type: "button", class: "quiet mono", title: t("answer.id"), onclick: id },
        requestId.slice(0, 8),
      ),
    h("button", { type: "button", class: "quiet", onclick: everything }, t("answer.copy")),
  );
}

function problem({ title, nextStep, code, retry, field, location, isError }, acts) {
  const details = [
    code && h("code", {}, code),
    field?.length && h("span", {}, t("answer.field", { field: field.join(".") })),
    retry && h("span", {}, t("answer.retry", { advice: retry })),
    location &&
      h(
        "button",
        { type: "button", class: "link", onclick: () => acts.goTo(location) },
        t("answer.at", location),
      ),
  ];
  const remedies = code === "UNAUTHENTICATED" || code === "SESSION_ENDED" ? acts.remedies() : [];
  return h(
    "section",
    { class: `problem ${isError ? "bad" : "warn"}` },
    h("strong", {}, title),
    nextStep && h("p", {}, nextStep),
    h("div", { class: "details" }, details),
    remedies.length > 0 && h("div", { class: "remedies" }, remedies),
  );
}

function missing(tabs, { open }) {
  const buttons = tabs.map(({ id, title }) =>
    button(t("answer.open", { tab: title }), () => open(id)),
  );
  return notice(t("answer.missing"), "", buttons, "warn");
}

export function notice(title, hint, buttons = [], kind = "") {
  return h(
    "div",
    { class: `notice ${kind}` },
    h("strong", {}, title),
    hint && h("p", {}, hint),
    buttons.length > 0 && h("div", { class: "remedies" }, buttons),
  );
}

export function button(text, onclick) {
  return h("button", { type: "button", class: "button", onclick }, text);
}
