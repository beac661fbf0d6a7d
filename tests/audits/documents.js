// What the clients here ask of uPay.

export const WALLET = `{ me { wallets { id currency } } }`;

export const FOLLOW = `subscription ($id: ID!) {
  walletEvents(walletId: $id, after: 0) {
    __typename
    ... on MovementChanged { status movement { direction amount { amountMinor } } }
  }
}`;

export const PREPARE = `mutation ($input: PrepareTransferInput!) {
  prepareTransfer(input: $input) {
    __typename ... on TransferPrepared { quote { id } challenge { id } }
  }
}`;

export const CONFIRM = `mutation ($input: ConfirmTransferInput!) {
  confirmTransfer(input: $input) { __typename }
}`;

// Asks one question of a client that answers by iteration, and returns its first root field.
export async function asked(client, query, variables = {}) {
  for await (const answer of client.iterate({ query, variables })) {
    if (answer.errors) throw new Error(JSON.stringify(answer.errors));
    return Object.values(answer.data)[0];
  }
  throw new Error('there was no answer');
}

export async function yuan(client) {
  const { wallets } = await asked(client, WALLET);
  return wallets.find((wallet) => wallet.currency === 'CNY').id;
}

export async function pays(client, { payee, amountMinor, pin, key }) {
  const amount = { amountMinor, currency: 'CNY' };
  const wish = { walletId: await yuan(client), payee: { accountName: payee }, amount };
  const { quote, challenge } = await asked(client, PREPARE, { input: wish });
  const words = { quoteId: quote.id, challengeId: challenge.id, proof: { pin }, idempotencyKey: key };
  return asked(client, CONFIRM, { input: words });
}
