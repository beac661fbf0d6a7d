// Pays once, whatever is lost on the way.

import { NotAnswered, PROBLEM, isProblem, type Member, type Problem, type Upay } from "./upay.ts";

export type Money = { display: string };
export type Quote = { id: string; total: Money; payee: { maskedName: string } };
export type Transfer = {
  id: string;
  status: string;
  amount: Money;
  failure: { code: string; title: string; detail: string; nextStep: string } | null;
};
export type Paid = Member & { transfer: Transfer };

type Prepared = Member & { quote: Quote; challenge: { id: string; methods: string[] } };

const PREPARE = `mutation ($input: PrepareTransferInput!) {
  prepareTransfer(input: $input) {
    __typename
    ... on TransferPrepared {
      quote { id total { display } payee { maskedName } } challenge { id methods } }
    ...problem
  }
} ${PROBLEM}`;
const CONFIRM = `mutation ($input: ConfirmTransferInput!) {
  confirmTransfer(input: $input) {
    __typename
    ... on TransferCompleted { transfer { ...seen } }
    ... on TransferPending { transfer { ...seen } }
    ... on TransferFailed { transfer { ...seen } }
    ... on TransferCancelled { transfer { ...seen } }
    ...problem
  }
}
fragment seen on Transfer {
  id status amount { display } failure { code title detail nextStep }
} ${PROBLEM}`;

/** `prove` shows the quote and returns the PIN that the person typed below it. */
export async function pay(
  upay: Upay,
  wish: { walletId: string; payee: object; amount: object; note?: string },
  prove: (quote: Quote) => Promise<string>,
  key: string = crypto.randomUUID(),
): Promise<Problem | Paid> {
  type Shown = { prepareTransfer: Problem | Prepared };
  const { prepareTransfer: shown } = await upay.ask<Shown>(PREPARE, { input: wish });
  if (isProblem(shown)) return shown;
  const input = {
    quoteId: shown.quote.id,
    challengeId: shown.challenge.id,
    proof: { pin: await prove(shown.quote) },
    idempotencyKey: key,
  };
  return surely(async () => {
    type Done = { confirmTransfer: Problem | Paid };
    return (await upay.ask<Done>(CONFIRM, { input })).confirmTransfer;
  });
}

/** Sends the same again until it is known what became of it: never another key, never another wish. */
export async function surely<Result extends Member>(
  send: () => Promise<Problem | Result>,
  patienceSeconds = 120,
): Promise<Problem | Result> {
  const giveUpAt = Date.now() + patienceSeconds * 1000;
  for (let pause = 0.5; ; pause = Math.min(pause * 2, 15)) {
    let least = 0;
    try {
      const result = await send();
      const isOpen = isProblem(result) && ["SAME_KEY_LATER", "ASK_STATUS"].includes(result.retry);
      if (!isOpen || Date.now() > giveUpAt) return result;
    } catch (error) {
      if (!(error instanceof NotAnswered) || !error.isPassing || Date.now() > giveUpAt) throw error;
      least = error.afterSeconds;
    }
    // A little by chance, so that not everybody comes back in the same moment.
    await seconds(Math.max(pause * (0.5 + Math.random() / 2), least));
  }
}

function seconds(count: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, count * 1000));
}
