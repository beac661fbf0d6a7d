// Prints every document that the explorer sends or offers, as a list in JSON.

import { INTROSPECTION } from "../../../server/explorer/static/schema.js";
import { DOCUMENTS } from "../../../server/explorer/static/people.js";
import { starters } from "../../../server/explorer/static/starters.js";

const offered = starters({ mode: "test", people: [] }).map(({ document }) => document);
console.log(JSON.stringify([INTROSPECTION, ...Object.values(DOCUMENTS), ...offered]));
