// A client of uPay's with nothing but fetch: it asks, and keeps its session going.

export type Retry =
  | "NEVER" | "SAME_KEY" | "SAME_KEY_LATER" | "AFTER_FIX" | "LATER" | "ASK_STATUS";

/** A member of a result's union. It is a problem when it has a `code`. */
export type Member = { __typename: string };
export type Problem = Member & {
  code: string; message: string; nextStep: string | null; retry: Retry; field: string[] | null;
};

/** Ask for it by `...problem`, and put this behind the document. */
export const PROBLEM = "fragment problem on Problem { code message nextStep retry field }";

export function isProblem(member: Member): member is Problem {
  return "code" in member;
}

/** The request as a whole was not answered. `code` is uPay's, or NO_ANSWER when nothing came back. */
export class NotAnswered extends Error {
  code: string;
  afterSeconds: number;

  constructor(code: string, message: string, afterSeconds = 0) {
    super(message);
    this.code = code;
    this.afterSeconds = afterSeconds;
  }

  /** Whether the same request may be sent again: it may have been done, or would be the next time. */
  get isPassing(): boolean {
    return ["NO_ANSWER", "UNAVAILABLE", "TIMEOUT", "INTERNAL", "RATE_LIMITED"].includes(this.code);
  }
}

type Tokens = { accessToken: string; refreshToken: string };
type Answer = {
  data?: unknown;
  errors?: { message: string; extensions: { code: string } }[];
};
type SignIn = { signIn: Problem | (Member & { tokens: Tokens }) };
type Refresh = { refreshSession: Problem | (Member & { tokens: Tokens }) };

const TOKENS = "tokens { accessToken refreshToken }";
const SIGN_IN = `mutation ($input: SignInInput!) {
  signIn(input: $input) { __typename ... on SignedIn { ${TOKENS} } ...problem } } ${PROBLEM}`;
const REFRESH = `mutation ($input: RefreshSessionInput!) {
  refreshSession(input: $input) { __typename ... on SessionRefreshed { ${TOKENS} } ...problem } }
  ${PROBLEM}`;

export class Upay {
  url: string;
  token: string | undefined;
  patienceSeconds = 15;
  #language: string;
  #refreshToken: string | undefined;
  #renewal: Promise<void> | undefined;

  /** `token` is a merchant's API key; a person signs in instead. */
  constructor(url: string, { token, language = "en" }: { token?: string; language?: string } = {}) {
    this.url = url;
    this.token = token;
    this.#language = language;
  }

  async signIn(name: string, password: string): Promise<Problem | Member> {
    const { signIn } = await this.ask<SignIn>(SIGN_IN, { input: { name, password } });
    if ("tokens" in signIn) this.#keep(signIn.tokens);
    return signIn;
  }

  /** What the operation's root fields answered; throws NotAnswered when they did not. */
  async ask<Fields>(document: string, variables: object = {}): Promise<Fields> {
    const token = this.token;
    try {
      return await this.#send<Fields>(document, variables);
    } catch (error) {
      const isOver = error instanceof NotAnswered && error.code === "UNAUTHENTICATED";
      if (!isOver || !this.#refreshToken) throw error;
      await this.renew(token);
      return this.#send<Fields>(document, variables);
    }
  }

  /** Another access token than `refused`. A refresh token is good once: all who need it wait for one. */
  async renew(refused = this.token): Promise<void> {
    if (this.token !== refused) return;
    this.#renewal ??= this.#refreshed().finally(() => (this.#renewal = undefined));
    await this.#renewal;
  }

  async #refreshed(): Promise<void> {
    const input = { refreshToken: this.#refreshToken };
    if (!this.#refreshToken) throw new NotAnswered("UNAUTHENTICATED", "Nobody is signed in.");
    const { refreshSession } = await this.#send<Refresh>(REFRESH, { input });
    if (!("tokens" in refreshSession)) {
      this.token = this.#refreshToken = undefined;
      throw new NotAnswered(refreshSession.code, refreshSession.message);
    }
    this.#keep(refreshSession.tokens);
  }

  #keep(tokens: Tokens): void {
    this.token = tokens.accessToken;
    this.#refreshToken = tokens.refreshToken;
  }

  async #send<Fields>(query: string, variables: object): Promise<Fields> {
    const { answer, afterSeconds } = await this.#posted(JSON.stringify({ query, variables }));
    const [error] = answer.errors ?? [];
    if (error) throw new NotAnswered(error.extensions.code, error.message, afterSeconds);
    return answer.data as Fields;
  }

  async #posted(body: string): Promise<{ answer: Answer; afterSeconds: number }> {
    const headers: Record<string, string> = {
      "content-type": "application/json",
      "accept-language": this.#language,
    };
    if (this.token) headers["authorization"] = `Bearer ${this.token}`;
    const signal = AbortSignal.timeout(this.patienceSeconds * 1000);
    try {
      const response = await fetch(this.url, { method: "POST", headers, body, signal });
      const afterSeconds = Number(response.headers.get("retry-after") ?? 0);
      return { answer: (await response.json()) as Answer, afterSeconds };
    } catch {
      // Lost on the way there or back, or no JSON but a page of some proxy's: nobody can say which.
      throw new NotAnswered("NO_ANSWER", "uPay did not answer.");
    }
  }
}
