// The three things a front end does with passkeys. Each is two questions with the device between:
// the server says what to ask the device, the device answers, the server looks at the answer.
// The server makes and reads the device's JSON; nothing of it has to be understood here.

import { PROBLEM, Refused, ask } from "./asking.js";

/** Whether this browser and this page can use passkeys at all. */
export function canUsePasskeys() {
  return Boolean(window.PublicKeyCredential?.parseCreationOptionsFromJSON);
}

/** Lets the device make a passkey for whoever `token` belongs to; answers with the passkey. */
export async function addPasskey(token, name) {
  const { options } = await ask(
    `mutation { startPasskey { ... on PasskeyAsked { options } ${PROBLEM} } }`,
    { token },
  );
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(JSON.parse(options));
  const credential = await prompted(navigator.credentials.create({ publicKey }));
  const { passkey } = await ask(
    `mutation ($input: FinishPasskeyInput!) {
      finishPasskey(input: $input) {
        ... on PasskeyAdded { passkey { id name isSynced } }
        ${PROBLEM}
      }
    }`,
    { token, variables: { input: { name, credential } } },
  );
  return passkey;
}

/** Signs in whoever the device knows; no name is needed. */
export async function signIn() {
  const { options } = await ask("mutation { startPasskeySignIn { options } }");
  const credential = await signature(options);
  return ask(
    `mutation ($input: SignInWithPasskeyInput!) {
      signInWithPasskey(input: $input) {
        ... on SignedIn { person { displayName } tokens { accessToken } }
        ${PROBLEM}
      }
    }`,
    { variables: { input: { credential } } },
  );
}

/**
 * Confirms a transfer that was prepared. The options came with the challenge: what the device signs
 * is made from payee, amount and fee, so its signature is worth nothing for any other payment.
 *
 * `key` is yours, and the same for every try at this payment: asked again, it pays once.
 */
export async function confirmTransfer(token, { quote, challenge }, key) {
  const passkey = await signature(challenge.passkeyOptions);
  const { transfer } = await ask(
    `mutation ($input: ConfirmTransferInput!) {
      confirmTransfer(input: $input) {
        ... on TransferCompleted { transfer { id status amount { display } } }
        ... on TransferPending { transfer { id status amount { display } } }
        ... on TransferFailed { transfer { id status amount { display } failure { detail } } }
        ${PROBLEM}
      }
    }`,
    {
      token,
      variables: {
        input: {
          quoteId: quote.id,
          challengeId: challenge.id,
          proof: { passkey },
          idempotencyKey: key,
        },
      },
    },
  );
  return transfer;
}

/** What the device answers to being asked for a signature, as JSON. */
function signature(options) {
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(JSON.parse(options));
  return prompted(navigator.credentials.get({ publicKey }));
}

/** What the device answered, as JSON; or a sentence when it did not. */
async function prompted(prompt) {
  try {
    return JSON.stringify(await prompt);
  } catch (error) {
    throw new Refused({ code: error.name, message: WORDS[error.name] ?? error.message });
  }
}

// Browsers tell pages little of why, so that pages learn little of people.
const WORDS = {
  NotAllowedError: "The device was not unlocked, so nothing happened.",
  InvalidStateError: "This device already has a passkey of yours.",
  SecurityError: "This page’s address is not the one that passkeys are made for here.",
};
