// One question to the server, and everything worth knowing about its answer.

const ADDRESS = "/graphql";
const ACCEPT = "application/graphql-response+json, application/json;q=0.9";

/** The answer `{ status, milliseconds, requestId, body }`; `isAway` when there was none. */
export async function ask({ query, variables, operationName, token, language }) {
  const begun = performance.now();
  try {
    const response = await fetch(ADDRESS, {
      method: "POST",
      credentials: "omit",
      headers: headers(token, language),
      body: JSON.stringify({ query, variables, operationName }),
    });
    const body = await response.json();
    return {
      status: response.status,
      milliseconds: Math.round(performance.now() - begun),
      requestId: response.headers.get("x-request-id"),
      body,
    };
  } catch {
    return { isAway: true, milliseconds: Math.round(performance.now() - begun), body: null };
  }
}

/** The headers of a question, as they will be sent. */
export function headers(token, language) {
  return {
    accept: ACCEPT,
    "content-type": "application/json",
    "accept-language": language,
    ...(token && { authorization: `Bearer ${token}` }),
  };
}
