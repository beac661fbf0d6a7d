// One question to the API, and one answer: what was asked for, or why not.

/** A no that a person can act on: `message` says what it is, `step` what to do now. */
export class Refused extends Error {
  constructor({ code, message, nextStep }) {
    super(message);
    this.code = code;
    this.step = nextStep ?? "";
  }
}

// Every result is a union; each of its problems looks like this.
export const PROBLEM = "... on Problem { code message nextStep }";

/** What the only root field of `document` answers. */
export async function ask(document, { variables = {}, token = null } = {}) {
  const response = await fetch("/graphql", {
    method: "POST",
    credentials: "omit",
    headers: {
      "content-type": "application/json",
      "accept-language": navigator.language,
      ...(token && { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify({ query: document, variables }),
  });
  const { data, errors } = await response.json();
  if (errors) throw new Refused({ code: errors[0].extensions?.code, message: errors[0].message });
  const [answer] = Object.values(data);
  if (answer.code) throw new Refused(answer);
  return answer;
}
