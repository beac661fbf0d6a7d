// What keys do in a field of code: pairs of brackets, indentation, and a Tab that can be left.

const PAIRS = { "{": "}", "(": ")", "[": "]", '"': '"' };
const CLOSINGS = new Set(Object.values(PAIRS));

/** Puts a text in place of another, so that undo knows of it, and the caret into or behind it. */
export function insert(field, text, start, end, caret = text.length) {
  field.focus();
  field.setSelectionRange(start, end);
  // The only way to write into a field that its undo remembers.
  if (!document.execCommand(text ? "insertText" : "delete", false, text)) {
    field.setRangeText(text, start, end, "end");
    field.dispatchEvent(new Event("input"));
  }
  field.setSelectionRange(start + caret, start + caret);
}

/** The same for a text in which `|` says where the caret goes. */
export function insertMarked(field, text, start = field.selectionStart, end = field.selectionEnd) {
  const caret = text.indexOf("|");
  insert(field, text.replace("|", ""), start, end, caret < 0 ? text.length : caret);
}

/** A text of several lines, indented like the line it goes into. */
export function indented(field, text, at = field.selectionStart) {
  const indentation = /^ */.exec(lineBefore(field, at))[0];
  return text.replaceAll("\n", `\n${indentation}`);
}

/** Does what a key does here; whether it did anything. */
export function typed(field, event, hasEscaped) {
  const { key } = event;
  if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return false;
  const { selectionStart: start, selectionEnd: end, value } = field;
  if (key === "Tab") {
    // After Escape, and backwards, Tab leaves the field as it does everywhere.
    if (event.shiftKey || hasEscaped) return false;
    return done(field, "  ");
  }
  if (key === "Enter") return done(field, newLine(field));
  if (CLOSINGS.has(key) && start === end && value[start] === key) {
    field.setSelectionRange(start + 1, start + 1);
    return true;
  }
  if (PAIRS[key] && opens(key, value, start, end)) return paired(field, key);
  const isEmptyPair =
    start === end && PAIRS[value[start - 1]] && PAIRS[value[start - 1]] === value[start];
  if (key === "Backspace" && isEmptyPair) {
    insert(field, "", start - 1, start + 1);
    return true;
  }
  return false;
}

function done(field, text) {
  insertMarked(field, text);
  return true;
}

function paired(field, key) {
  const { selectionStart: start, selectionEnd: end, value } = field;
  insert(field, key + value.slice(start, end) + PAIRS[key], start, end, end - start + 1);
  return true;
}

function opens(key, value, start, end) {
  const isWithinWord =
    /\w/.test(value[end] ?? "") || (key === '"' && /[\w"]/.test(value[start - 1] ?? ""));
  return !isWithinWord;
}

function newLine(field) {
  const { selectionStart: start, value } = field;
  const indentation = /^ */.exec(lineBefore(field, start))[0];
  const opening = value[start - 1];
  if (!"{([".includes(opening || " ")) return `\n${indentation}|`;
  const closing = PAIRS[opening] === value[start] ? `\n${indentation}` : "";
  return `\n${indentation}  |${closing}`;
}

function lineBefore(field, at) {
  return field.value.slice(field.value.lastIndexOf("\n", at - 1) + 1, at);
}
