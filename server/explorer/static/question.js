// The left side: the document, its variables, and where their values come from.

import { headers } from "./asking.js";
import { find, h } from "./dom.js";
import { Editor } from "./editor.js";
import { lex, lineOf, meaningful } from "./lexer.js";
import { paintDocument, paintJson } from "./painting.js";
import { read } from "./places.js";
import { prettify } from "./prettify.js";
import { referencesIn } from "./references.js";
import { titleOf } from "./strip.js";
import { language, t } from "./words.js";

const BUILT_IN = ["random", "neighbour", "language"];
const ISSUES_SHOWN = 4;

export class Question {
  #shownId;

  constructor({ workspace, run, find: lookUp, schema }) {
    Object.assign(this, { workspace, lookUp, schema });
    this.editor = new Editor(find("document"), {
      labelled: "document-name",
      paint: (text) => paintDocument(text, schema()),
      changed: (document) => this.#written({ document }),
      complete: schema,
      run,
    });
    this.values = new Editor(find("variables"), {
      labelled: "variables-name",
      paint: paintJson,
      changed: (variables) => this.#written({ variables }),
      run,
    });
    find("run").addEventListener("click", run);
    find("prettify").addEventListener("click", () => this.#tidy());
    find("close-tab").addEventListener("click", () => workspace.close(workspace.currentId));
  }

  draw({ people, isBusy, watch }) {
    const tab = this.workspace.current;
    const isOwn = !this.workspace.isStarter(tab.id);
    find("tab-title").textContent = titleOf(tab);
    find("about").textContent = t(isOwn || tab.id === "empty" ? "about.own" : `about.${tab.id}`);
    find("close-tab").hidden = !isOwn;
    find("close-tab").textContent = t("tab.close");
    find("run-text").textContent = t(isBusy ? "run.busy" : watch?.isOpen ? "stop" : "run");
    find("run").setAttribute("aria-busy", String(isBusy));
    find("headers").textContent = shown(headers(people.current && "upa_…", language()));
    if (this.#shownId !== tab.id) this.editor.text = tab.document;
    if (this.#shownId !== tab.id || this.values.text !== tab.variables)
      this.values.text = tab.variables;
    this.#shownId = tab.id;
    this.editor.refresh();
    this.#drawIssues();
    this.#drawReferences();
  }

  /** The operation at the caret of a document that has several; undefined when it has none. */
  operation() {
    const { operations } = read(meaningful(lex(this.editor.text)), this.schema());
    const caret = this.editor.field.selectionStart;
    return operations.findLast(({ start }) => start <= caret) ?? operations[0];
  }

  /** The variables as they stand, references and all; undefined when they are not JSON. */
  variables() {
    const { value, why } = parsed(this.values.text);
    find("variables-error").hidden = !why;
    find("variables-error").textContent = why ? t("variables.wrong", { why }) : "";
    return value;
  }

  goTo(offset) {
    this.editor.goTo(offset);
  }

  /** Something out of the manual: at the caret, or behind everything when it is an operation. */
  write(text, isWhole) {
    const { editor } = this;
    if (isWhole && editor.text.trim()) editor.goTo(editor.text.length);
    editor.write(isWhole && editor.text.trim() ? `\n${text}` : text);
  }

  #written(words) {
    this.workspace.write(words);
    find("tab-title").textContent = titleOf(this.workspace.current);
    if (words.variables !== undefined) this.variables();
    this.#drawIssues();
    this.#drawReferences();
  }

  #tidy() {
    this.editor.replace(prettify(this.editor.text));
    const { value } = parsed(this.values.text);
    if (value !== undefined) this.values.replace(JSON.stringify(value, null, 2));
  }

  #drawIssues() {
    const { issues, text } = this.editor;
    find("issues").hidden = issues.length === 0;
    find("issues").setAttribute("aria-label", t("issues"));
    find("issues").replaceChildren(
      ...issues.slice(0, ISSUES_SHOWN).map(({ start, key, words }) => {
        const place = t("issue.at", lineOf(text, start));
        const there = { type: "button", class: "link", onclick: () => this.goTo(start) };
        return h("li", {}, h("button", there, place), ` ${t(key, words)}`);
      }),
    );
  }

  #drawReferences() {
    const paths = referencesIn(this.values.text);
    find("references").replaceChildren(...paths.map((path) => this.#reference(path)));
    find("references").hidden = paths.length === 0;
    find("variables-hint").hidden = paths.length > 0;
  }

  #reference(path) {
    const value = path === "random" ? "…" : this.lookUp(path);
    const isThere = value !== undefined;
    return h(
      "li",
      { class: isThere ? "there" : "missing" },
      h("code", { class: "reference" }, `{${path}}`),
      h("code", { class: "cut" }, isThere ? JSON.stringify(value) : ""),
      h("span", { class: "hint" }, this.#origin(path, isThere)),
    );
  }

  #origin(path, isThere) {
    if (BUILT_IN.includes(path)) return t(`reference.${path}`);
    const tab = this.workspace.tabs.find(({ id }) => id === path.split(".")[0]);
    if (!tab) return t("reference.unknown");
    return t(isThere ? "reference.from" : "reference.missing", { tab: titleOf(tab) });
  }
}

function parsed(text) {
  try {
    return { value: JSON.parse(text.trim() || "{}") };
  } catch (error) {
    const offset = /position (\d+)/.exec(error.message)?.[1];
    const place = offset === undefined ? "" : `${t("issue.at", lineOf(text, Number(offset)))}. `;
    return { why: place + error.message.replace(/ \(line.*| in JSON at.*/, "") };
  }
}

function shown({ authorization, "accept-language": spoken }) {
  return [authorization && `Authorization: ${authorization}`, `Accept-Language: ${spoken}`]
    .filter(Boolean)
    .join("   ");
}
