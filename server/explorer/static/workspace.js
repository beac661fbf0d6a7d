// The open tabs: documents and variables outlive a reload, answers and tokens do not.

const PLACE = "upay.explorer";

/** Tells `changed` when another tab is open or the list is another. */
export class Workspace extends EventTarget {
  #answers = new Map();

  constructor(storage, starters) {
    super();
    this.storage = storage;
    this.starters = starters;
    const kept = this.#kept();
    this.tabs = kept?.tabs ?? starters.map((each) => ({ ...each }));
    this.currentId = kept?.currentId ?? this.tabs[0].id;
  }

  get current() {
    return this.tabs.find(({ id }) => id === this.currentId);
  }

  open(id) {
    this.currentId = id;
    this.#changed();
  }

  add() {
    const numbers = this.tabs.map(({ id }) => Number(/^tab(\d+)$/.exec(id)?.[1] ?? 0));
    const id = `tab${Math.max(...numbers) + 1}`;
    this.tabs.push({ id, document: "", variables: "{}" });
    this.open(id);
  }

  close(id) {
    const place = this.tabs.findIndex((tab) => tab.id === id);
    this.tabs.splice(place, 1);
    this.open(this.tabs[Math.max(0, place - 1)].id);
  }

  write(words) {
    Object.assign(this.current, words);
    this.#keep();
    this.dispatchEvent(new Event("written"));
  }

  isStarter(id) {
    return this.starters.some((each) => each.id === id);
  }

  /** What a tab answered to somebody, else to nobody. */
  answer(id, who) {
    return this.#answers.get(`${id} ${who}`) ?? this.#answers.get(`${id} ${null}`);
  }

  keepAnswer(id, who, answer) {
    this.#answers.set(`${id} ${who}`, answer);
  }

  /** Forgets what may be somebody's own: their answers, and everything in variables. */
  forget(who) {
    for (const key of this.#answers.keys()) {
      if (key.endsWith(` ${who}`) || key.endsWith(" null")) this.#answers.delete(key);
    }
    for (const tab of this.tabs) {
      tab.variables = this.starters.find(({ id }) => id === tab.id)?.variables ?? "{}";
    }
    this.#changed();
  }

  #changed() {
    this.#keep();
    this.dispatchEvent(new Event("changed"));
  }

  #keep() {
    this.storage.setItem(PLACE, JSON.stringify({ tabs: this.tabs, currentId: this.currentId }));
  }

  #kept() {
    try {
      const kept = JSON.parse(this.storage.getItem(PLACE));
      const isWhole = kept?.tabs?.some(({ id }) => id === kept.currentId);
      return isWhole ? kept : null;
    } catch {
      return null;
    }
  }
}
