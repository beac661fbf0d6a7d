"""Problems around paying and receiving."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import strawberry

from domain import amounts, keys, payees, pins, refusals, texts, top_ups, transfers, wallets
from schema.money import Money, money
from schema.problems.base import Problem, RetryAdvice, names
from schema.problems.codes import ProblemCode


@names(
    keys.KeyInvalid,
    code=ProblemCode.KEY_INVALID,
    retry=RetryAdvice.AFTER_FIX,
    field="idempotencyKey",
)
@strawberry.type(description="The idempotency key is not 1 to 64 visible ASCII characters.")
class KeyInvalid(Problem):
    pass


@names(
    refusals.KeyReused, code=ProblemCode.KEY_REUSED, retry=RetryAdvice.NEVER, field="idempotencyKey"
)
@strawberry.type(description="The idempotency key was given before for something else.")
class KeyReused(Problem):
    pass


@names(refusals.Busy, code=ProblemCode.BUSY, retry=RetryAdvice.SAME_KEY_LATER)
@strawberry.type(description="Too much is waiting; nothing was recorded.")
class Busy(Problem):
    pass


@names(refusals.OutcomeUnknown, code=ProblemCode.OUTCOME_UNKNOWN, retry=RetryAdvice.ASK_STATUS)
@strawberry.type(
    description="It is not known whether it was recorded: ask `movementByKey`, or repeat with the "
    "same key."
)
class OutcomeUnknown(Problem):
    pass


@names(
    amounts.AmountInvalid,
    code=ProblemCode.AMOUNT_INVALID,
    retry=RetryAdvice.AFTER_FIX,
    field="amount.amountMinor",
)
@strawberry.type(description="The amount is zero, negative or too large.")
class AmountInvalid(Problem):
    pass


@names(
    amounts.CurrencyMismatch,
    code=ProblemCode.CURRENCY_MISMATCH,
    retry=RetryAdvice.AFTER_FIX,
    field="amount.currency",
)
@strawberry.type(description="The amount is in another currency than the wallet.")
class CurrencyMismatch(Problem):
    pass


@names(
    wallets.CurrencyNotOffered,
    code=ProblemCode.CURRENCY_NOT_OFFERED,
    retry=RetryAdvice.AFTER_FIX,
    field="currency",
)
@strawberry.type(description="uPay keeps no wallets in this currency.")
class CurrencyNotOffered(Problem):
    pass


@names(texts.NoteInvalid, code=ProblemCode.NOTE_INVALID, retry=RetryAdvice.AFTER_FIX, field="note")
@strawberry.type(description="The note is too long, or has characters that cannot be seen.")
class NoteInvalid(Problem):
    pass


@names(
    payees.PayeeNotFound,
    code=ProblemCode.PAYEE_NOT_FOUND,
    retry=RetryAdvice.AFTER_FIX,
    field="payee",
)
@strawberry.type(description="Nobody who can be paid goes by that name or number.")
class PayeeNotFound(Problem):
    pass


@names(
    payees.PayeeCannotReceive,
    code=ProblemCode.PAYEE_CANNOT_RECEIVE,
    retry=RetryAdvice.LATER,
    field="payee",
)
@strawberry.type(description="The payee cannot be paid like this now.")
class PayeeCannotReceive(Problem):
    pass


@names(
    payees.SelfPayment, code=ProblemCode.SELF_PAYMENT, retry=RetryAdvice.AFTER_FIX, field="payee"
)
@strawberry.type(description="Payer and payee are one person.")
class SelfPayment(Problem):
    pass


@names(
    wallets.WalletClosed,
    code=ProblemCode.WALLET_CLOSED,
    retry=RetryAdvice.AFTER_FIX,
    field="walletId",
)
@strawberry.type(description="The wallet is closed.")
class WalletClosed(Problem):
    pass


@names(
    wallets.FrozenByOwner,
    code=ProblemCode.ACCOUNT_FROZEN_BY_USER,
    retry=RetryAdvice.AFTER_FIX,
    field="walletId",
)
@strawberry.type(description="You froze your own payments.")
class FrozenByOwner(Problem):
    pass


@names(
    wallets.Restricted,
    code=ProblemCode.ACCOUNT_RESTRICTED,
    retry=RetryAdvice.LATER,
    field="walletId",
)
@strawberry.type(description="uPay froze payments from this account.")
class AccountRestricted(Problem):
    pass


@names(
    wallets.InsufficientFunds,
    code=ProblemCode.INSUFFICIENT_FUNDS,
    retry=RetryAdvice.AFTER_FIX,
    field="amount",
)
@strawberry.type(description="The wallet holds less than the payment needs.")
class InsufficientFunds(Problem):
    missing: Money = strawberry.field(description="How much more the wallet would need.")

    @classmethod
    def facts(cls, refusal: Any) -> dict[str, Any]:
        return {"missing": money(refusal.missing, refusal.currency)}


@names(pins.PinNotSet, code=ProblemCode.PIN_NOT_SET, retry=RetryAdvice.AFTER_FIX)
@strawberry.type(description="There is no payment PIN to confirm with: see `setPin`.")
class PinNotSet(Problem):
    pass


@names(pins.WrongPin, code=ProblemCode.PIN_WRONG, retry=RetryAdvice.AFTER_FIX, field="proof.pin")
@strawberry.type(description="The payment PIN is wrong.")
class WrongPin(Problem):
    tries_left: int = strawberry.field(description="Tries before the PIN is locked.")


@names(pins.PinLocked, code=ProblemCode.PIN_LOCKED, retry=RetryAdvice.LATER, field="proof.pin")
@strawberry.type(description="The payment PIN was guessed wrong too often.")
class PinLocked(Problem):
    until: datetime = strawberry.field(description="When it opens again.")


@names(
    transfers.QuoteExpired,
    code=ProblemCode.QUOTE_EXPIRED,
    retry=RetryAdvice.AFTER_FIX,
    field="quoteId",
)
@strawberry.type(description="The quote is older than five minutes: prepare anew.")
class QuoteExpired(Problem):
    pass


@names(
    transfers.ChallengeSpent,
    code=ProblemCode.CHALLENGE_SPENT,
    retry=RetryAdvice.ASK_STATUS,
    field="challengeId",
)
@strawberry.type(description="The challenge was used before, or has expired: prepare anew.")
class ChallengeSpent(Problem):
    pass


@names(
    transfers.CannotCancel,
    code=ProblemCode.CANNOT_CANCEL,
    retry=RetryAdvice.NEVER,
    field="transferId",
)
@strawberry.type(description="The transfer is no longer waiting.")
class CannotCancel(Problem):
    pass


@names(top_ups.TopUpsUnavailable, code=ProblemCode.TOP_UPS_UNAVAILABLE, retry=RetryAdvice.LATER)
@strawberry.type(description="No payment provider is connected.")
class TopUpsUnavailable(Problem):
    pass
