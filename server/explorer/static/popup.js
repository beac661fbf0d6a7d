// The list of what fits at the caret: arrows move, Enter or Tab takes, Escape closes.

import { h } from "./dom.js";
import { t } from "./words.js";

export class Popup {
  #items = [];
  #at = 0;

  constructor(field, take) {
    this.field = field;
    this.take = take;
    this.list = h("ul", { class: "popup-list", role: "listbox", id: "completion" });
    this.about = h("p", { class: "popup-about" });
    this.element = h("div", { class: "popup", hidden: true }, this.list, this.about);
    field.addEventListener("blur", () => this.close());
  }

  get isOpen() {
    return !this.element.hidden;
  }

  show(items, { left, top, bottom }) {
    if (items.length === 0) return this.close();
    this.#items = items;
    this.#at = 0;
    this.list.setAttribute("aria-label", t("completion"));
    this.list.replaceChildren(...items.map((item, index) => this.#option(item, index)));
    this.element.hidden = false;
    const { offsetWidth, offsetHeight } = this.element;
    const isAbove = bottom + offsetHeight > innerHeight && top > offsetHeight;
    this.element.style.left = `${Math.max(4, Math.min(left, innerWidth - offsetWidth - 8))}px`;
    this.element.style.top = `${isAbove ? top - offsetHeight - 4 : bottom + 4}px`;
    this.field.setAttribute("aria-controls", "completion");
    return this.#point();
  }

  close() {
    this.element.hidden = true;
    this.field.removeAttribute("aria-activedescendant");
  }

  /** Whether a key was meant for the list. */
  pressed(key) {
    if (!this.isOpen) return false;
    const count = this.#items.length;
    if (key === "ArrowDown") this.#at = (this.#at + 1) % count;
    else if (key === "ArrowUp") this.#at = (this.#at + count - 1) % count;
    else if (key === "Enter" || key === "Tab") return this.#taken(this.#at);
    else if (key === "Escape") this.close();
    else return false;
    if (this.isOpen) this.#point();
    return true;
  }

  #option(item, index) {
    // Not a click: the field must keep the caret.
    const taken = (event) => {
      event.preventDefault();
      this.#taken(index);
    };
    return h(
      "li",
      { role: "option", id: `completion-${index}`, onmousedown: taken },
      h("span", {}, item.label),
      h("span", { class: "popup-detail" }, item.detail),
    );
  }

  #taken(index) {
    this.close();
    this.take(this.#items[index]);
    return true;
  }

  #point() {
    [...this.list.children].forEach((option, index) =>
      option.setAttribute("aria-selected", String(index === this.#at)),
    );
    this.list.children[this.#at].scrollIntoView({ block: "nearest" });
    this.field.setAttribute("aria-activedescendant", `completion-${this.#at}`);
    this.about.textContent = this.#items[this.#at].description ?? "";
    this.about.hidden = !this.about.textContent;
  }
}
