// A field of code: a plain text area, with its colours lying under it and its lines numbered.

import { suggestions } from "./completion.js";
import { h, settled } from "./dom.js";
import { Popup } from "./popup.js";
import { indented, insert, insertMarked, typed } from "./typing.js";

const QUIET_MS = 250;

export class Editor {
  #hasEscaped = false;

  constructor(place, { labelled, paint, changed, run, complete }) {
    this.paint = paint;
    this.complete = complete;
    this.field = h("textarea", {
      "aria-labelledby": labelled,
      spellcheck: "false",
      autocapitalize: "off",
      autocomplete: "off",
      wrap: "off",
    });
    this.colours = h("pre", { class: "colours", "aria-hidden": "true" });
    this.waves = h("pre", { class: "waves", "aria-hidden": "true" });
    this.numbers = h("div", { class: "numbers", "aria-hidden": "true" });
    this.popup = new Popup(this.field, (item) => this.#take(item));
    const layers = h("div", { class: "layers" }, this.waves, this.colours, this.field);
    place.append(h("div", { class: "code" }, this.numbers, layers), this.popup.element);
    this.#listen(changed, run);
  }

  get text() {
    return this.field.value;
  }

  set text(text) {
    this.field.value = text;
    this.popup.close();
    this.refresh();
  }

  refresh() {
    const { pieces, issues } = this.paint(this.text);
    this.colours.replaceChildren(
      ...pieces.map(([kind, text]) => h("span", { class: kind }, text)),
      "\n",
    );
    this.issues = issues.filter(({ end }) => !this.#isBeingTyped(end));
    this.waves.replaceChildren(...waved(this.text, this.issues), "\n");
    const count = this.text.split("\n").length;
    if (this.numbers.childElementCount === count) return;
    this.numbers.replaceChildren(
      ...Array.from({ length: count }, (_, line) => h("span", {}, `${line + 1}`)),
    );
  }

  goTo(offset) {
    this.field.focus();
    this.field.setSelectionRange(offset, offset);
  }

  /** Writes over everything, in a way that undo takes back. */
  replace(text) {
    if (text !== this.text) insert(this.field, text, 0, this.text.length, 0);
  }

  /** Writes at the caret; `|` is where the caret goes. */
  write(text) {
    insertMarked(this.field, indented(this.field, text));
  }

  /** What is not finished is not wrong yet. */
  #isBeingTyped(end) {
    return document.activeElement === this.field && this.field.selectionStart === end;
  }

  #listen(changed, run) {
    const suggestSoon = settled(() => this.#suggest(false), QUIET_MS / 3);
    this.field.addEventListener("input", () => {
      this.refresh();
      changed(this.text);
      if (this.complete) suggestSoon();
    });
    this.field.addEventListener("keydown", (event) => {
      if (event.isComposing || event.keyCode === 229) return;
      const isRun = event.key === "Enter" && (event.ctrlKey || event.metaKey);
      const isAsked = event.key === " " && event.ctrlKey;
      if (isRun) run();
      else if (isAsked) this.#suggest(true);
      else if (!this.popup.pressed(event.key) && !typed(this.field, event, this.#hasEscaped)) {
        this.#hasEscaped = event.key === "Escape";
        return;
      }
      this.#hasEscaped = event.key === "Escape";
      event.preventDefault();
    });
    this.field.addEventListener("click", () => this.popup.close());
    this.field.addEventListener("blur", () => {
      this.refresh();
      changed(this.text);
    });
  }

  #suggest(isAsked) {
    const schema = this.complete?.();
    const caret = this.field.selectionStart;
    if (!schema || document.activeElement !== this.field) return;
    const { start, end, items } = suggestions(this.text, caret, schema);
    const prefix = this.text.slice(start, caret);
    const isDone = items.length === 1 && items[0].label === prefix;
    if ((!isAsked && prefix === "") || isDone) this.popup.close();
    else
      this.popup.show(
        items.map((item) => ({ ...item, start, end })),
        this.#placeOf(start),
      );
  }

  #take({ insert: text, start, end }) {
    // Before brackets or a colon that are there already, the name alone is what is wanted.
    const isFollowed = /^\s*[({:]/.test(this.text.slice(end));
    const words = isFollowed ? /^[\w$@. ]*\w/.exec(text)[0] : indented(this.field, text, start);
    insertMarked(this.field, words, start, end);
  }

  /** Where a place of the text is on the screen, found in the coloured layer. */
  #placeOf(offset) {
    let left = offset;
    for (const piece of this.colours.childNodes) {
      const text = piece.firstChild ?? piece;
      if (left <= text.length) {
        const range = document.createRange();
        range.setStart(text, left);
        range.setEnd(text, left);
        const [box] = range.getClientRects();
        return box ?? range.getBoundingClientRect();
      }
      left -= text.length;
    }
    return this.field.getBoundingClientRect();
  }
}

function waved(text, issues) {
  const parts = [];
  let from = 0;
  for (const { start, end } of [...issues].sort((one, other) => one.start - other.start)) {
    if (start < from) continue;
    parts.push(text.slice(from, start), h("span", { class: "wave" }, text.slice(start, end)));
    from = end;
  }
  return [...parts, text.slice(from)];
}
