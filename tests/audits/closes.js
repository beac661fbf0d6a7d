// What a socket is closed with, for each way of misusing graphql-transport-ws.

import WebSocket from 'ws';

import { FOLLOW } from './documents.js';

const { address, token, walletId } = JSON.parse(process.argv[2]);

const INIT = { type: 'connection_init', payload: { authorization: `Bearer ${token}` } };
const FOLLOWING = {
  id: 'one',
  type: 'subscribe',
  payload: { query: FOLLOW, variables: { id: walletId } },
};

// Says `words` one after the other, and returns the code that the server closes the socket with.
const close = (words, protocols = ['graphql-transport-ws']) =>
  new Promise((resolve, reject) => {
    const socket = new WebSocket(`ws://${address}/graphql`, protocols);
    socket.on('open', () => {
      for (const word of words) socket.send(typeof word === 'object' ? JSON.stringify(word) : word);
    });
    socket.on('close', resolve);
    socket.on('error', reject);
  });

const told = {
  'wrong token': close([{ type: 'connection_init', payload: { authorization: 'Bearer wrong' } }]),
  'a token that is none': close([{ type: 'connection_init', payload: { authorization: 7 } }]),
  'subscribed before init': close([FOLLOWING]),
  'one id twice': close([INIT, FOLLOWING, FOLLOWING]),
  'two inits': close([INIT, INIT]),
  'not JSON': close([INIT, 'hello']),
  'no such type': close([INIT, { type: 'hello' }]),
  'no type': close([INIT, {}]),
  'no subprotocol': close([], []),
  'more than 64 KiB': close([INIT, ' '.repeat(2 ** 16 + 1)]),
  'five megabytes': close([INIT, ' '.repeat(5 * 2 ** 20)]),
};

const names = Object.keys(told);
const codes = await Promise.all(Object.values(told));
console.log(JSON.stringify(Object.fromEntries(names.map((name, at) => [name, codes[at]]))));
