// Follows one payment for several people at once, with a client of its own: it knows of uPay no more
// than the protocol of its sockets. Prints one line of JSON for each event: who heard what.

const { address, tokens, document, variables } = JSON.parse(process.argv[2]);

for (const [who, token] of Object.entries(tokens)) {
  const socket = new WebSocket(`ws://${address}/graphql`, 'graphql-transport-ws');
  const say = (message) => socket.send(JSON.stringify(message));
  socket.onopen = () => say({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } });
  socket.onmessage = ({ data }) => {
    const { type, payload } = JSON.parse(data);
    if (type === 'connection_ack') say({ id: 'a', type: 'subscribe', payload: { query: document, variables } });
    if (type === 'ping') say({ type: 'pong' });
    if (type === 'next' || type === 'error') console.log(JSON.stringify({ who, payload }));
  };
  socket.onclose = ({ code }) => console.log(JSON.stringify({ who, closed: code }));
}
