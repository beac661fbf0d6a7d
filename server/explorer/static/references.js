// Values of earlier answers in variables: "{look.me.wallets.0.id}" is what the tab look answered.

const ALONE = /^\{([\w.]+)\}$/;
const INSIDE = /\{([\w.]+)\}/g;

/** Every reference that stands in a text of variables, once. */
export function referencesIn(text) {
  return [
    ...new Set(
      Array.from(text.matchAll(/"(?:\\.|[^"\\\n])*"/g), ([string]) =>
        Array.from(string.matchAll(INSIDE), ([, path]) => path),
      ).flat(),
    ),
  ];
}

/** The variables with each reference replaced by what `find(path)` answers for it.

    A text that is nothing but a reference becomes the value itself, a number say. */
export function filledIn(value, find) {
  if (typeof value === "string") return filledText(value, find);
  if (Array.isArray(value)) return value.map((each) => filledIn(each, find));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [key, filledIn(each, find)]),
  );
}

/** What lies at the end of a path of names and numbers; undefined when it ends early. */
export function dig(value, steps) {
  return steps.reduce((inner, step) => inner?.[step], value);
}

function filledText(text, find) {
  const alone = ALONE.exec(text);
  if (alone) return find(alone[1]) ?? text;
  return text.replace(INSIDE, (written, path) => find(path) ?? written);
}
