// bob follows his wallet over a wire that breaks at each event, with a token that opens nothing any
// more; ada pays him again and again over another wire. Prints the number of each event.

import { pay } from "./samples/pay.ts";
import { follow, type StreamEvent } from "./samples/follow.ts";
import { Upay } from "./samples/upay.ts";

const [direct, breaking] = process.argv.slice(2);
const PASSWORD = "small-town-2026";
const TIMES = 3;

type Me = { me: { wallets: { id: string; currency: string; headSeq: number }[] } };
async function yuan(upay: Upay): Promise<Me["me"]["wallets"][0]> {
  const { me } = await upay.ask<Me>("{ me { wallets { id currency headSeq } } }");
  return me.wallets.find(({ currency }) => currency === "CNY")!;
}

const [ada, bob] = [new Upay(direct), new Upay(breaking)];
await ada.signIn("ada", PASSWORD);
await bob.signIn("bob", PASSWORD);
const [adas, bobs] = [await yuan(ada), await yuan(bob)];
const amount = { amountMinor: 110, currency: "CNY" };
const paying = (): Promise<unknown> =>
  pay(ada, { walletId: adas.id, payee: { accountName: "bob" }, amount }, async () => "246810");

bob.token = "upa_spoilt";
let done = 0;
const first = paying();
for await (const event of follow<StreamEvent>(bob, {
  document: `subscription ($id: ID!, $after: Sequence) { walletEvents(walletId: $id, after: $after) {
    __typename ... on MovementChanged { seq } ... on StreamHeartbeat { head } } }`,
  variables: { id: bobs.id },
  after: bobs.headSeq,
})) {
  if (event.seq === undefined) continue;
  console.log(event.seq - bobs.headSeq);
  done += 1;
  if (done === TIMES) break;
  await paying();
}
await first;
