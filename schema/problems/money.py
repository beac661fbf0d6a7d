"""Problems around paying and receiving."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import strawberry

from domain import (
    amounts,
    challenges,
    keys,
    payees,
    pins,
    quotes,
    refusals,
    texts,
    top_ups,
    transfers,
    wallets,
)
from schema.money import Money, money
from schema.problems.base import Problem, names


@names(keys.KeyInvalid, code="KEY_INVALID", field="idempotencyKey")
@strawberry.type(description="The idempotency key is not 1 to 64 visible ASCII characters.")
class KeyInvalid(Problem):
    pass


@names(refusals.KeyReused, code="KEY_REUSED", field="idempotencyKey")
@strawberry.type(description="The idempotency key was given before for something else.")
class KeyReused(Problem):
    pass


@names(refusals.Busy, code="BUSY")
@strawberry.type(description="Too much is waiting; nothing was recorded.")
class Busy(Problem):
    pass


@names(refusals.OutcomeUnknown, code="OUTCOME_UNKNOWN")
@strawberry.type(
    description="It is not known whether it was recorded: ask `movementByKey`, or repeat with the "
    "same key."
)
class OutcomeUnknown(Problem):
    pass


@names(amounts.AmountInvalid, code="AMOUNT_INVALID", field="amount.amountMinor")
@strawberry.type(description="The amount is zero, negative or too large.")
class AmountInvalid(Problem):
    pass


@names(amounts.CurrencyMismatch, code="CURRENCY_MISMATCH", field="amount.currency")
@strawberry.type(description="The amount is in another currency than the wallet.")
class CurrencyMismatch(Problem):
    pass


@names(wallets.CurrencyNotOffered, code="CURRENCY_NOT_OFFERED", field="currency")
@strawberry.type(description="uPay keeps no wallets in this currency.")
class CurrencyNotOffered(Problem):
    pass


@names(texts.NoteInvalid, code="NOTE_INVALID", field="note")
@strawberry.type(description="The note is too long, or has characters that cannot be seen.")
class NoteInvalid(Problem):
    pass


@names(payees.PayeeNotFound, code="PAYEE_NOT_FOUND", field="payee")
@strawberry.type(description="Nobody who can be paid goes by that name or number.")
class PayeeNotFound(Problem):
    pass


@names(payees.PayeeCannotReceive, code="PAYEE_CANNOT_RECEIVE", field="payee")
@strawberry.type(description="The payee cannot be paid like this now.")
class PayeeCannotReceive(Problem):
    pass


@names(payees.PayeeLimitExceeded, code="PAYEE_LIMIT", field="amount")
@strawberry.type(description="The payee's wallet cannot take so much more.")
class PayeeLimitExceeded(Problem):
    pass


@names(payees.SelfPayment, code="SELF_PAYMENT", field="payee")
@strawberry.type(description="Payer and payee are one person.")
class SelfPayment(Problem):
    pass


@names(wallets.WalletClosed, code="WALLET_CLOSED", field="walletId")
@strawberry.type(description="The wallet is closed.")
class WalletClosed(Problem):
    pass


@names(wallets.FrozenByOwner, code="ACCOUNT_FROZEN_BY_USER", field="walletId")
@strawberry.type(description="You froze your own payments.")
class FrozenByOwner(Problem):
    pass


@names(wallets.Restricted, code="ACCOUNT_RESTRICTED", field="walletId")
@strawberry.type(description="uPay froze payments from this account.")
class AccountRestricted(Problem):
    pass


@names(wallets.InsufficientFunds, code="INSUFFICIENT_FUNDS", field="amount")
@strawberry.type(description="The wallet holds less than the payment needs.")
class InsufficientFunds(Problem):
    missing: Money = strawberry.field(description="How much more the wallet would need.")

    @classmethod
    def facts(cls, refusal: Any) -> dict[str, Any]:
        return {"missing": money(refusal.missing, refusal.currency)}


@names(wallets.FundsOnHold, code="FUNDS_ON_HOLD", field="amount")
@strawberry.type(description="The wallet holds enough, but part of it is set aside.")
class FundsOnHold(Problem):
    missing: Money = strawberry.field(description="How much more would have to be free.")

    @classmethod
    def facts(cls, refusal: Any) -> dict[str, Any]:
        return {"missing": money(refusal.missing, refusal.currency)}


@names(pins.PinNotSet, code="PIN_NOT_SET")
@strawberry.type(description="There is no payment PIN to confirm with: see `setPin`.")
class PinNotSet(Problem):
    pass


@names(pins.WrongPin, code="PIN_WRONG", field="proof.pin")
@strawberry.type(description="The payment PIN is wrong.")
class WrongPin(Problem):
    tries_left: int = strawberry.field(description="Tries before the PIN is locked.")


@names(pins.PinLocked, code="PIN_LOCKED", field="proof.pin")
@strawberry.type(description="The payment PIN was guessed wrong too often.")
class PinLocked(Problem):
    until: datetime = strawberry.field(description="When it opens again.")


@names(quotes.IntentChanged, code="INTENT_CHANGED", field="challengeId")
@strawberry.type(description="The challenge is of another quote: amount or payee differ.")
class IntentChanged(Problem):
    pass


@names(transfers.QuoteExpired, code="QUOTE_EXPIRED", field="quoteId")
@strawberry.type(description="The quote is older than five minutes: prepare anew.")
class QuoteExpired(Problem):
    pass


@names(challenges.ChallengeSpent, code="CHALLENGE_SPENT", field="challengeId")
@strawberry.type(description="The challenge was used before, or has expired: prepare anew.")
class ChallengeSpent(Problem):
    pass


@names(transfers.CannotCancel, code="CANNOT_CANCEL", field="transferId")
@strawberry.type(description="The transfer is no longer waiting.")
class CannotCancel(Problem):
    pass


@names(top_ups.TopUpsUnavailable, code="TOP_UPS_UNAVAILABLE")
@strawberry.type(description="No payment provider is connected.")
class TopUpsUnavailable(Problem):
    pass
