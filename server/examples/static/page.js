// The page: which button does what, and what is said about it. Tokens live in memory alone.

import { PROBLEM, ask } from "./asking.js";
import { addPasskey, canUsePasskeys, confirmTransfer, signIn } from "./ceremonies.js";

const $ = (id) => document.getElementById(id);
const known = JSON.parse(document.querySelector("meta[name=upay]").content);

let token = null;
let prepared = null;
let key = null;

$("name").value = known.name ?? "";
$("password").value = known.password ?? "";
$("called").value = "This device";
$("payee").value = known.name === "ada" ? "bob" : "";
$("amount").value = "12.50";

step("sign-in", async () => {
  const input = { name: $("name").value, password: $("password").value };
  const { person, tokens } = await ask(
    `mutation ($input: SignInInput!) {
      signIn(input: $input) {
        ... on SignedIn { person { displayName } tokens { accessToken } }
        ${PROBLEM}
      }
    }`,
    { variables: { input } },
  );
  return cameIn(person, tokens, "with a password");
});

step("add", async () => {
  const { name, isSynced } = await addPasskey(token, $("called").value);
  return `${name} has your passkey${isSynced ? ", and so do your other devices" : ""}.`;
});

step("sign-in-with-passkey", async () => {
  const { person, tokens } = await signIn();
  return cameIn(person, tokens, "with a passkey");
});

step("prepare", async () => {
  const { wallets } = await ask("{ me { wallets { id currency } } }", { token });
  const wallet = wallets.find(({ currency }) => currency === "CNY");
  prepared = await ask(
    `mutation ($input: PrepareTransferInput!) {
      prepareTransfer(input: $input) {
        ... on TransferPrepared {
          quote { id total { display } fee { display } payee { maskedName } }
          challenge { id methods passkeyOptions }
        }
        ${PROBLEM}
      }
    }`,
    {
      token,
      variables: {
        input: {
          walletId: wallet.id,
          payee: { accountName: $("payee").value },
          amount: { amountMinor: Math.round(Number($("amount").value) * 100), currency: "CNY" },
          note: "tea",
        },
      },
    },
  );
  key = crypto.randomUUID();
  const { quote, challenge } = prepared;
  $("quote-payee").textContent = quote.payee.maskedName;
  $("quote-fee").textContent = quote.fee.display;
  $("quote-total").textContent = quote.total.display;
  $("quote").hidden = false;
  $("confirm").disabled = !challenge.passkeyOptions;
  return challenge.passkeyOptions ? "Look at it, then confirm." : "Add a passkey first.";
});

step("confirm", async () => {
  const { status, amount, failure } = await confirmTransfer(token, prepared, key);
  if (failure) return failure.detail;
  $("confirm").disabled = true;
  return status === "COMPLETED" ? `Paid: ${amount.display}.` : `On its way: ${amount.display}.`;
});

if (!canUsePasskeys()) say("sign-in-with-passkey", "This browser knows no passkeys.", "bad");

/** Lets a button do something, once at a time, and says beside it what came of it. */
function step(id, act) {
  $(id).addEventListener("click", async () => {
    $(id).setAttribute("aria-busy", "true");
    say(id, "…");
    try {
      say(id, await act(), "good");
    } catch (refused) {
      say(id, `${refused.message} ${refused.step ?? ""}`.trim(), "bad");
    } finally {
      $(id).removeAttribute("aria-busy");
    }
  });
}

function say(id, words, tone = "") {
  const place = $(`${id}-said`);
  place.textContent = words;
  place.className = `said ${tone}`;
}

function cameIn(person, tokens, how) {
  token = tokens.accessToken;
  for (const each of ["add", "prepare"]) $(each).disabled = false;
  return `${person.displayName} is signed in ${how}.`;
}
