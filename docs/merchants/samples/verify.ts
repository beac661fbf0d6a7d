// Verifies a webhook of uPay's with nothing but Node's own library.

import { createHmac, timingSafeEqual } from "node:crypto";

const TOLERANCE_SECONDS = 300;

/** It is not from uPay, was changed on its way, or is too old. */
export class NotVerified extends Error {}

export type Webhook = { type: string; timestamp: string; data: Record<string, unknown> };

/** What the webhook says. `body` is the raw body, before anything has read it as JSON. */
export function verify(
  secret: string,
  headers: Record<string, string | undefined>,
  body: Buffer,
  now: number = Date.now() / 1000,
): Webhook {
  const id = headers["webhook-id"];
  const moment = headers["webhook-timestamp"];
  const signatures = headers["webhook-signature"];
  if (!id || !moment || !signatures) throw new NotVerified("a header is missing");
  // A moment that is no number is never within the tolerance.
  if (!(Math.abs(now - Number(moment)) <= TOLERANCE_SECONDS)) {
    throw new NotVerified("it is too old, or from the future");
  }
  const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
  const mac = createHmac("sha256", key).update(`${id}.${moment}.`).update(body).digest("base64");
  const expected = Buffer.from(`v1,${mac}`);
  // Each is compared in constant time; while a secret is rotated there are several.
  const fits = signatures.split(" ").map((each) => {
    const given = Buffer.from(each);
    return given.length === expected.length && timingSafeEqual(given, expected);
  });
  if (!fits.includes(true)) throw new NotVerified("no signature fits");
  return JSON.parse(body.toString("utf8")) as Webhook;
}
