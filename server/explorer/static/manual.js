// The schema to read: search it, follow its types, and put its fields into the document.

import { insertion } from "./completion.js";
import { find, h } from "./dom.js";
import { isRequired, written } from "./schema.js";
import { t } from "./words.js";

const MOST = 40;

export class Manual {
  #trail = [];

  /** `write(text)` puts something into the document. */
  constructor(place, write) {
    this.place = place;
    this.write = write;
    this.search = find("search");
    this.search.addEventListener("input", () => this.draw());
    find("home").addEventListener("click", () => this.#go([]));
    find("back").addEventListener("click", () => this.#go(this.#trail.slice(0, -1)));
  }

  draw(schema = this.schema) {
    this.schema = schema;
    const words = this.search.value.trim().toLowerCase();
    find("back").hidden = this.#trail.length === 0 && words === "";
    find("home").hidden = find("back").hidden;
    if (!schema) this.place.replaceChildren(h("p", { class: "hint" }, t("schema.loading")));
    else if (words) this.place.replaceChildren(...this.#found(words));
    else if (this.#trail.length) this.place.replaceChildren(...this.#type(this.#trail.at(-1)));
    else this.place.replaceChildren(...this.#roots());
    this.place.scrollTop = 0;
  }

  open(name) {
    if (this.schema?.type(name)) this.#go([...this.#trail.filter((each) => each !== name), name]);
  }

  #go(trail) {
    this.#trail = trail;
    this.search.value = "";
    this.draw();
  }

  #roots() {
    return Object.entries(this.schema.roots)
      .filter(([, type]) => type)
      .map(([kind, type]) => section(t(`kind.${kind}`), this.#fields(type.fields, kind)));
  }

  #found(words) {
    const types = [...this.schema.types.values()].filter(({ name }) => !name.startsWith("__"));
    const fits = ({ name }) => name.toLowerCase().includes(words);
    const named = types.filter(fits).map((type) => h("li", {}, this.#link(type.name), about(type)));
    const members = types.flatMap((type) =>
      [...type.fields.values(), ...type.inputFields.values(), ...type.enumValues.values()]
        .filter(fits)
        .map((each) =>
          h(
            "li",
            {},
            this.#link(type.name),
            h("span", { class: "field" }, `.${each.name}`),
            about(each),
          ),
        ),
    );
    const found = [...named, ...members].slice(0, MOST);
    return [
      found.length
        ? h("ul", { class: "members" }, found)
        : h("p", { class: "hint" }, t("manual.none")),
    ];
  }

  #type(name) {
    const type = this.schema.type(name);
    const values = [...type.enumValues.values()].map((each) =>
      h("li", {}, h("span", { class: "value" }, each.name), about(each)),
    );
    const possible = this.schema
      .possible(type)
      .map((each) => h("li", {}, this.#link(each.name), about(each)));
    const interfaces = (type.interfaces ?? []).map((each) => h("li", {}, this.#link(each.name)));
    return [
      h("h3", { class: "type-name" }, name),
      about(type),
      type.isOneOf && h("p", { class: "hint" }, t("manual.oneOf")),
      section(t("manual.interfaces"), interfaces),
      section(t("manual.fields"), this.#fields(type.fields)),
      section(
        t("manual.inputs"),
        [...type.inputFields.values()].map((each) => this.#input(each)),
      ),
      section(t("manual.values"), values),
      section(t("manual.possible"), possible),
    ].filter(Boolean);
  }

  #fields(fields, root) {
    return [...fields.values()].map((field) => {
      const args = [...field.args.values()].map((each) => this.#input(each));
      return h(
        "li",
        {},
        h("span", { class: "field" }, field.name),
        h("span", { class: "mark" }, ": "),
        this.#reference(field.type),
        this.#inserter(field, root),
        about(field),
        field.isDeprecated && h("p", { class: "warn" }, field.deprecationReason),
        args.length > 0 &&
          h("ul", { class: "arguments", "aria-label": t("manual.arguments") }, args),
      );
    });
  }

  #inserter(field, root) {
    const inner = insertion(field, this.schema);
    const whole = root ? `${root} {\n  ${inner.replaceAll("\n", "\n  ")}\n}\n` : inner;
    const title = t("manual.insert", { name: field.name });
    return h(
      "button",
      {
        type: "button",
        class: "insert",
        title,
        "aria-label": title,
        onclick: () => this.write(whole, Boolean(root)),
      },
      "+",
    );
  }

  #input(each) {
    const needs = isRequired(each) ? "argument required" : "argument";
    const fallback = each.defaultValue && each.defaultValue !== "null";
    return h(
      "li",
      {},
      h("span", { class: needs }, each.name),
      h("span", { class: "mark" }, ": "),
      this.#reference(each.type),
      fallback &&
        h("span", { class: "hint" }, ` ${t("manual.default", { value: each.defaultValue })}`),
      about(each),
    );
  }

  #reference(type) {
    const name = this.schema.named(type)?.name;
    const [before, after] = written(type).split(name);
    return [
      h("span", { class: "mark" }, before),
      this.#link(name),
      h("span", { class: "mark" }, after),
    ];
  }

  #link(name) {
    return h(
      "button",
      { type: "button", class: "type link", onclick: () => this.open(name) },
      name,
    );
  }
}

function section(title, items) {
  return (
    items.length > 0 && h("section", {}, h("h3", {}, title), h("ul", { class: "members" }, items))
  );
}

function about({ description }) {
  // Every other part between backticks is code.
  const parts = (description ?? "").split("`");
  const words = parts.map((part, index) => (index % 2 ? h("code", {}, part) : part));
  return description ? h("p", {}, words) : null;
}
