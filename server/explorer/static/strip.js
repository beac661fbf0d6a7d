// The strip of tabs: arrows go along it, Delete closes a tab of one's own.

import { find, h } from "./dom.js";
import { t } from "./words.js";

export class Strip {
  constructor({ workspace, watches, busy }) {
    Object.assign(this, { workspace, watches, busy });
    this.place = find("tabs");
    this.place.addEventListener("keydown", (event) => this.#pressed(event));
    find("new-tab").addEventListener("click", () => {
      workspace.add();
      find("document").querySelector("textarea").focus();
    });
  }

  draw() {
    const hadFocus = this.place.contains(document.activeElement);
    this.place.setAttribute("aria-label", t("tabs"));
    this.place.replaceChildren(...this.workspace.tabs.map((tab, index) => this.#tab(tab, index)));
    find("new-tab").textContent = `+ ${t("tab.new")}`;
    find("panel").setAttribute("aria-labelledby", `tab-${this.workspace.currentId}`);
    const open = this.place.querySelector("[aria-selected=true]");
    open.scrollIntoView({ block: "nearest", inline: "nearest" });
    if (hadFocus) open.focus();
  }

  #tab(tab, index) {
    const isOpen = tab.id === this.workspace.currentId;
    const watch = this.watches.get(tab.id);
    const attributes = {
      type: "button",
      role: "tab",
      id: `tab-${tab.id}`,
      "aria-selected": String(isOpen),
      "aria-controls": "panel",
      tabindex: isOpen ? "0" : "-1",
      title: `{${tab.id}.…}`,
      onclick: () => this.workspace.open(tab.id),
    };
    return h(
      "button",
      attributes,
      h("span", { class: "step", "aria-hidden": "true" }, `${index + 1}`),
      h("span", {}, titleOf(tab)),
      watch?.isOpen &&
        h("span", { class: "live" }, h("span", { class: "unseen" }, t(`watch.${watch.state}`))),
      watch?.unseen && !isOpen
        ? h("span", { class: "count" }, t("watch.new", { count: watch.unseen }))
        : null,
    );
  }

  #pressed({ key }) {
    const { tabs, currentId } = this.workspace;
    const at = tabs.findIndex(({ id }) => id === currentId);
    const step = { ArrowRight: 1, ArrowLeft: -1 }[key];
    if (step) this.workspace.open(tabs[(at + step + tabs.length) % tabs.length].id);
    if (key === "Delete" && !this.workspace.isStarter(currentId)) this.workspace.close(currentId);
  }
}

/** What a tab is called: by us, or by the operation in it. */
export function titleOf({ id, document }) {
  if (!/^tab\d+$/.test(id)) return t(`tab.${id}`);
  return /\b(?:query|mutation|subscription)\s+(\w+)/.exec(document)?.[1] ?? t("tab.new");
}
