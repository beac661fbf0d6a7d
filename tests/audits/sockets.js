// ada pays bob, and bob hears of it: both with the client of graphql-ws, over one socket each.

import { createClient } from 'graphql-ws';
import WebSocket from 'ws';

import { FOLLOW, pays, yuan } from './documents.js';

const { address, ada, bob, pin, amountMinor } = JSON.parse(process.argv[2]);

const client = (token) =>
  createClient({
    url: `ws://${address}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: { authorization: `Bearer ${token}` },
    retryAttempts: 0,
    keepAlive: 20,
  });

const [adas, bobs] = [client(ada), client(bob)];
const ponged = new Promise((resolve) => bobs.on('pong', (received) => received && resolve()));

let event;
const seen = bobs.iterate({ query: FOLLOW, variables: { id: await yuan(bobs) } });
const paying = pays(adas, { payee: 'bob', amountMinor, pin, key: 'by-socket' });
for await (const { data, errors } of seen) {
  if (errors) throw new Error(JSON.stringify(errors));
  event = data.walletEvents;
  // The client pings by itself; a pong that never came would let it hang up.
  await ponged;
  if (event.movement?.amount.amountMinor === amountMinor) break;
}

console.log(JSON.stringify({ paid: await paying, event }));
await Promise.all([adas.dispose(), bobs.dispose()]);
