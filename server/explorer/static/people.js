// Who is signed in. Tokens live in this page's memory alone: a reload forgets them.

import { ask } from "./asking.js";

export const DOCUMENTS = {
  signIn: `mutation SignIn($input: SignInInput!) {
  signIn(input: $input) {
    ... on SignedIn {
      person { accountName displayName }
      tokens { accessToken refreshToken accessExpiresAt }
    }
    ... on Problem { code message nextStep }
  }
}`,
  refresh: `mutation Refresh($input: RefreshSessionInput!) {
  refreshSession(input: $input) {
    ... on SessionRefreshed { tokens { accessToken refreshToken accessExpiresAt } }
    ... on Problem { code }
  }
}`,
  signOut: "mutation SignOut { signOut { endedAt } }",
};
const EARLY_MS = 30_000;

/** Tells `changed` whenever somebody comes, goes, or another takes the place. */
export class People extends EventTarget {
  #sessions = new Map();
  #current = null;

  get current() {
    return this.#current;
  }

  get all() {
    return [...this.#sessions.values()];
  }

  displayName(name) {
    return this.#sessions.get(name)?.displayName ?? name;
  }

  /** Signs in by name and password; answers with what the server answered. */
  async signIn(name, password, language) {
    const answer = await ask({
      query: DOCUMENTS.signIn,
      variables: { input: { name, password } },
      language,
    });
    this.noticed(answer.body?.data);
    return answer;
  }

  /** Lets in whoever an answer brought tokens for, under any alias. */
  noticed(data) {
    for (const each of Object.values(data ?? {})) {
      if (!each?.tokens?.accessToken) continue;
      const name = each.person?.accountName ?? this.#current ?? "you";
      const displayName = each.person?.displayName ?? this.displayName(name);
      this.#sessions.set(name, { name, displayName, tokens: each.tokens });
      this.choose(name);
    }
  }

  choose(name) {
    this.#current = name;
    this.dispatchEvent(new Event("changed"));
  }

  /** The access token of somebody, renewed when it is about to run out; undefined for nobody. */
  async token(name = this.#current) {
    const session = this.#sessions.get(name);
    if (!session) return undefined;
    const isOld = Date.parse(session.tokens.accessExpiresAt) - Date.now() < EARLY_MS;
    if (isOld) await (session.renewing ??= this.#renew(session));
    return session.tokens.accessToken;
  }

  async signOut() {
    const name = this.#current;
    ask({ query: DOCUMENTS.signOut, token: await this.token(name), language: "en" });
    this.forget(name);
  }

  forget(name) {
    this.#sessions.delete(name);
    this.choose(this.all.at(-1)?.name ?? null);
  }

  async #renew(session) {
    const input = { refreshToken: session.tokens.refreshToken };
    const { body } = await ask({ query: DOCUMENTS.refresh, variables: { input }, language: "en" });
    session.tokens = body?.data?.refreshSession?.tokens ?? session.tokens;
    session.renewing = undefined;
  }
}
