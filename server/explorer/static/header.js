// The top of the page: which server this is, who is signed in, and in which language.

import { button } from "./answers.js";
import { find, h } from "./dom.js";
import { language, t } from "./words.js";

export class Header {
  constructor({ config, people, signIn, signOut, speak }) {
    Object.assign(this, { config, people, signIn, signOut });
    find("language").addEventListener("change", ({ target }) => speak(target.value));
    find("manual-switch").addEventListener("click", () => this.#show(!this.isShown));
    find("manual-close").addEventListener("click", () => this.#show(false));
    this.#show(innerWidth > 1080);
  }

  get isShown() {
    return !find("manual").hidden;
  }

  translate() {
    document.documentElement.lang = language();
    document.title = `uPay ${t("explorer")}`;
    for (const each of document.querySelectorAll("[data-t]")) each.textContent = t(each.dataset.t);
    find("language").value = language();
    find("language").setAttribute("aria-label", t("language"));
    find("search").placeholder = t("manual.search");
    find("search").setAttribute("aria-label", t("manual.search"));
    find("people").setAttribute("aria-label", t("people"));
    find("mode").textContent = t(`mode.${this.config.mode}`);
  }

  draw() {
    const known = this.config.people.map(({ name, displayName }) => ({ name, displayName }));
    const others = this.people.all.filter(({ name }) => !known.some((each) => each.name === name));
    const { current } = this.people;
    const place = find("people");
    const hadFocus = place.contains(document.activeElement);
    place.replaceChildren(
      h("span", { class: "hint" }, this.#caption(known)),
      ...[...known, ...others].map((person) => this.#person(person, current)),
      ...(current ? [this.#leave()] : []),
    );
    if (hadFocus)
      (place.querySelector("[aria-pressed=true]") ?? place.querySelector("button"))?.focus();
  }

  /** What helps somebody who is told to sign in. */
  remedies() {
    return this.config.people.map(({ name, displayName }) =>
      button(t("signIn.as", { name: short(displayName) }), () => this.signIn(name, true)),
    );
  }

  #caption(known) {
    if (this.people.current) return "";
    return known.length ? t("signIn.asLabel") : t("signIn.none");
  }

  #person({ name, displayName }, current) {
    const isCurrent = name === current;
    const isIn = this.people.all.some((each) => each.name === name);
    const words = isCurrent ? "signIn.now" : "signIn.as";
    const attributes = {
      type: "button",
      class: `person${isIn ? " in" : ""}`,
      "aria-pressed": String(isCurrent),
      title: t(words, { name: displayName }),
      onclick: () => this.signIn(name),
    };
    return h("button", attributes, h("span", { class: "dot" }), short(displayName));
  }

  #leave() {
    const attributes = {
      type: "button",
      class: "quiet",
      title: t("signIn.outTitle"),
      onclick: () => this.signOut(),
    };
    return h("button", attributes, t("signIn.out"));
  }

  #show(isShown) {
    find("manual").hidden = !isShown;
    document.body.classList.toggle("with-manual", isShown);
    find("manual-switch").setAttribute("aria-expanded", String(isShown));
  }
}

/** A first name where there is one; Chinese names stay whole. */
function short(displayName) {
  return displayName.split(" ")[0];
}
