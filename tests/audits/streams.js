// Server-sent events with the client of graphql-sse, a connection for each operation.

import { createClient } from 'graphql-sse';

import { FOLLOW, WALLET, pays, yuan } from './documents.js';

const { address, ada, bob, pin, amountMinor } = JSON.parse(process.argv[2]);

const client = (token) =>
  createClient({
    url: `http://${address}/graphql`,
    headers: { authorization: `Bearer ${token}` },
    retryAttempts: 0,
  });

const [adas, bobs] = [client(ada), client(bob)];

const answers = [];
for await (const answer of bobs.iterate({ query: WALLET })) answers.push(answer);

const seen = bobs.iterate({ query: FOLLOW, variables: { id: await yuan(bobs) } });
const paying = pays(adas, { payee: 'bob', amountMinor, pin, key: 'by-stream' });
let event;
for await (const { data, errors } of seen) {
  if (errors) throw new Error(JSON.stringify(errors));
  event = data.walletEvents;
  if (event.movement?.amount.amountMinor === amountMinor) break;
}

console.log(JSON.stringify({ answers: answers.length, paid: await paying, event }));
adas.dispose();
bobs.dispose();
