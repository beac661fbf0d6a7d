// Follows a stream of uPay's over a socket (graphql-transport-ws), and comes back by itself.

import { NotAnswered, type Upay } from "./upay.ts";

/** A heartbeat comes every 15 seconds; when three are missing, the wire is dead. */
const SILENCE_SECONDS = 45;
const LONGEST_PAUSE_SECONDS = 30;

export type StreamEvent = { __typename: string; seq?: number; head?: number };
type Errors = { message: string; extensions: { code: string } }[];
type Message = { type: string; payload?: { data?: object; errors?: Errors } | Errors };
export type Followed = {
  /** The subscription; it has a variable `$after`, and `__typename` at its root field. */
  document: string;
  variables: Record<string, unknown>;
  /** The last event that was done: 0 for all there are. */
  after: number;
  until?: AbortSignal;
};

/**
 * Each event once and in order, whatever breaks in between. A `StreamReset` is handed on as well:
 * read the thing anew when it comes. Throws NotAnswered when coming back would not help.
 */
export async function* follow<Event extends StreamEvent>(
  upay: Upay,
  { document, variables, after, until }: Followed,
): AsyncGenerator<Event> {
  for (let failures = 0; !until?.aborted; failures += 1) {
    const token = upay.token;
    try {
      for await (const event of connected<Event>(upay, document, { ...variables, after }, until)) {
        failures = 0;
        after = event.seq ?? event.head ?? after;
        yield event;
      }
    } catch (error) {
      await overcome(error, () => upay.renew(token));
    }
    const pause = Math.min(0.5 * 2 ** failures, LONGEST_PAUSE_SECONDS);
    if (!until?.aborted) await seconds(pause * (0.5 + Math.random() / 2));
  }
}

/** Returns when coming back may help, with another token where that is what it takes. */
async function overcome(error: unknown, renew: () => Promise<void>): Promise<void> {
  if (!(error instanceof NotAnswered)) throw error;
  if (error.isPassing) return;
  if (!["UNAUTHENTICATED", "SESSION_ENDED"].includes(error.code)) throw error;
  try {
    await renew();
  } catch (failed) {
    if (!(failed instanceof NotAnswered && failed.isPassing)) throw failed;
  }
}

/** One connection with one subscription, until it breaks. */
async function* connected<Event>(
  upay: Upay,
  query: string,
  variables: object,
  until?: AbortSignal,
): AsyncGenerator<Event> {
  const socket = new WebSocket(upay.url.replace(/^http/, "ws"), "graphql-transport-ws");
  const say = (message: object): void => socket.send(JSON.stringify(message));
  const over = new AbortController();
  const end = (): void => over.abort();
  let closedWith = 0;
  const messages = new ReadableStream<Message>({
    start(stream) {
      let silence = setTimeout(end, SILENCE_SECONDS * 1000);
      const listen = (): void => {
        clearTimeout(silence);
        silence = setTimeout(end, SILENCE_SECONDS * 1000);
      };
      over.signal.onabort = () => {
        clearTimeout(silence);
        stream.close();
        socket.close();
      };
      until?.addEventListener("abort", end, { signal: over.signal });
      socket.onopen = () =>
        say({ type: "connection_init", payload: { authorization: `Bearer ${upay.token}` } });
      socket.onmessage = ({ data }) => {
        if (over.signal.aborted) return;
        listen();
        stream.enqueue(JSON.parse(data as string) as Message);
      };
      socket.onclose = ({ code }) => {
        closedWith = code;
        end();
      };
    },
  });
  const reader = messages.getReader();
  try {
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      const { type, payload } = read.value;
      if (type === "connection_ack") say({ id: "1", type: "subscribe", payload: { query, variables } });
      else if (type === "ping") say({ type: "pong" });
      else if (type === "next" || type === "error") yield event<Event>(payload);
      else if (type === "complete") return;
    }
    // The server closes with this when the token opens nothing.
    if (closedWith === 4403) throw new NotAnswered("UNAUTHENTICATED", "The token opens nothing.");
  } finally {
    end();
  }
}

function event<Event>(payload: Message["payload"]): Event {
  const [error] = (Array.isArray(payload) ? payload : payload?.errors) ?? [];
  if (error) throw new NotAnswered(error.extensions.code, error.message);
  const { data } = payload as { data: object };
  return Object.values(data)[0] as Event;
}

function seconds(count: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, count * 1000));
}
