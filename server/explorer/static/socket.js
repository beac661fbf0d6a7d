// A client of graphql-transport-ws: follows one subscription for as long as somebody wants to.

const SHORTEST_MS = 500;
const LONGEST_MS = 15_000;
const SILENCE_MS = 12_000;
const ENOUGH = 1_000;

/** Follows a subscription, coming back by itself whenever the wire breaks; returns what stops it.

    `payload()` is asked anew for each connection, so that it can say where to go on from, and
    `token()` likewise. `told` hears `state(name)`, `next(payload)`, `errors(list)`. */
export function follow({ payload, token, told }) {
  let socket;
  let waiting;
  let isOver = false;
  let pause = SHORTEST_MS;

  async function connect() {
    clearTimeout(waiting);
    told.state("connecting");
    const shown = await token();
    if (isOver) return;
    socket = new WebSocket(address(), "graphql-transport-ws");
    const silence = setTimeout(() => socket.close(4408), SILENCE_MS);
    socket.onopen = () => send({ type: "connection_init", payload: introduction(shown) });
    socket.onmessage = ({ data }) => {
      clearTimeout(silence);
      hear(JSON.parse(data));
    };
    socket.onclose = ({ code, reason }) => {
      clearTimeout(silence);
      // From 4400 on the server says that asking the same again would not help.
      if (code >= 4400 && code < 4500 && code !== 4408) end("refused", [{ message: reason }]);
      else if (!isOver) retry();
    };
  }

  function hear({ type, payload: words }) {
    if (type === "connection_ack") {
      pause = SHORTEST_MS;
      told.state("live");
      send({ id: "1", type: "subscribe", payload: payload() });
    } else if (type === "ping") send({ type: "pong" });
    else if (type === "next") told.next(words);
    else if (type === "error") end("refused", words);
    else if (type === "complete") end("ended");
  }

  function retry() {
    told.state("away");
    waiting = setTimeout(connect, pause);
    pause = Math.min(LONGEST_MS, pause * 2);
  }

  function end(state, errors) {
    stop();
    if (errors) told.errors(errors);
    told.state(state);
  }

  function stop() {
    isOver = true;
    clearTimeout(waiting);
    removeEventListener("online", comeBack);
    socket?.close(ENOUGH);
  }

  function comeBack() {
    if (!isOver && socket?.readyState === WebSocket.CLOSED) connect();
  }

  const send = (message) => socket.send(JSON.stringify(message));
  addEventListener("online", comeBack);
  connect();
  return stop;
}

function address() {
  return `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/graphql`;
}

function introduction(token) {
  return token ? { authorization: `Bearer ${token}` } : {};
}
