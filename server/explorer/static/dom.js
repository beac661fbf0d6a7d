// Elements, made one by one: nothing that came over a wire is ever read as markup.

/** An element with attributes, listeners (`onclick`) and children; false and null are left out. */
export function h(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.flat(9).filter((child) => child || child === 0));
  return element;
}

export function find(id) {
  return document.getElementById(id);
}

/** Calls `act` once things have been quiet for a moment. */
export function settled(act, milliseconds) {
  let waiting;
  return (...words) => {
    clearTimeout(waiting);
    waiting = setTimeout(() => act(...words), milliseconds);
  };
}

/** Puts a text where the person can paste it from, and says so. */
export async function copy(text, say) {
  try {
    await navigator.clipboard.writeText(text);
    say();
  } catch {
    // Without leave for the clipboard there is nothing to say: the text is still on the screen.
  }
}
