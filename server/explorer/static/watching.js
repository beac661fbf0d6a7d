// A subscription that goes on while other tabs are open, and the list of what it told.

import { notice } from "./answers.js";
import { h } from "./dom.js";
import { problemsIn } from "./problems.js";
import { follow } from "./socket.js";
import { tree } from "./tree.js";
import { t } from "./words.js";

const MOST = 200;
const drawn = new WeakMap();

/** Tells `changed` with everything that happens to it. */
export class Watch extends EventTarget {
  constructor({ query, variables, operationName, token, who }) {
    super();
    Object.assign(this, {
      who,
      events: [],
      told: 0,
      unseen: 0,
      head: null,
      state: "connecting",
      errors: null,
    });
    const resumes = /\$after\b/.test(query);
    this.stopFollowing = follow({
      token,
      payload: () => ({
        query,
        operationName,
        variables: resumes && this.head !== null ? { ...variables, after: this.head } : variables,
      }),
      told: {
        state: (state) => this.#tell({ state }),
        next: (payload) => this.#hear(payload),
        errors: (errors) => this.#tell({ errors }),
      },
    });
  }

  get isOpen() {
    return ["connecting", "live", "away"].includes(this.state);
  }

  stop() {
    this.stopFollowing();
    if (this.isOpen) this.#tell({ state: "stopped" });
  }

  #hear(payload) {
    const [event] = Object.values(payload.data ?? {});
    // Kept to go on from, should the wire break.
    this.head = event?.seq ?? event?.head ?? this.head;
    if (event?.__typename !== "StreamHeartbeat") {
      this.events = [{ payload, event, at: new Date() }, ...this.events].slice(0, MOST);
      this.told += 1;
      this.unseen += 1;
    }
    this.#tell({});
  }

  #tell(facts) {
    Object.assign(this, facts);
    this.dispatchEvent(new Event("changed"));
  }
}

/** Draws a watch into `pane`; events that were drawn before stay as they are. */
export function showWatch(pane, watch, language) {
  let [head, list] = pane.children;
  if (drawn.get(pane) !== watch || !list?.matches(".events")) {
    head = h("div", { class: "watch-head" });
    list = h("ol", { class: "events", "aria-label": t("watch.events") });
    pane.replaceChildren(head, list);
    drawn.set(pane, watch);
    watch.shown = 0;
  }
  const fresh = watch.events.slice(0, watch.told - watch.shown);
  watch.shown = watch.told;
  list.prepend(...fresh.map((each) => row(each, language)));
  while (list.childElementCount > MOST) list.lastChild.remove();
  head.replaceChildren(
    status(watch),
    ...(watch.errors ?? []).map(refusal),
    watch.events.length === 0 && watch.isOpen ? notice(t("watch.none"), t("watch.hint")) : "",
  );
}

function status({ state, who, head }) {
  const kind = { live: "good", connecting: "", away: "warn", refused: "bad" }[state] ?? "";
  return h(
    "div",
    { class: "facts" },
    h("span", { class: `chip ${kind}`, role: "status" }, t(`watch.${state}`)),
    h(
      "div",
      { class: "words" },
      who && h("span", {}, t("answer.who", { name: who })),
      head !== null && h("span", {}, t("watch.head", { head })),
    ),
  );
}

function row({ payload, event, at }, language) {
  const isReset = event?.__typename === "StreamReset";
  const movement = event?.movement;
  const time = at.toLocaleTimeString(language, { hour12: false });
  const words = isReset
    ? [h("strong", {}, t("watch.reset"))]
    : [
        event?.status && h("span", { class: `chip ${kindOf(event.status)}` }, event.status),
        h("strong", {}, signed(movement)),
        h(
          "span",
          { class: "cut" },
          [movement?.counterparty?.name, movement?.note].filter(Boolean).join(" · "),
        ),
      ];
  return h(
    "li",
    { class: "event" },
    h(
      "details",
      {},
      h("summary", {}, h("span", { class: "seq" }, event?.seq ?? "·"), words, h("time", {}, time)),
      problemsIn(payload).map(({ title }) => h("p", { class: "bad" }, title)),
      tree(payload, () => {}),
    ),
  );
}

function signed(movement) {
  const sign = { IN: "+", OUT: "−" }[movement?.direction] ?? "";
  return movement?.amount?.display ? sign + movement.amount.display : "";
}

function kindOf(status) {
  return { COMPLETED: "good", FAILED: "bad", UNKNOWN: "warn", PENDING: "warn" }[status] ?? "";
}

function refusal({ message, extensions }) {
  const code = h("div", { class: "details" }, h("code", {}, extensions?.code));
  return h("section", { class: "problem bad" }, h("strong", {}, message), code);
}
