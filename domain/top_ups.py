"""Top-ups: money from outside into a wallet, asked for here and fetched by a job."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from domain import amounts, bank_ends, keys, ledger, provider_orders
from domain.bank_accounts import Use
from domain.chart import house_account
from domain.decisions import decision
from domain.ledger import Outcome
from domain.refusals import Busy, KeyReused, NotFound, OutcomeUnknown, Refusal
from domain.wallets import WalletClosed
from models.bank_accounts import BankAccount
from models.movements import Movement, MovementKind
from models.wallets import Account, AccountKind

SUBMIT_JOB: Final = "submit_top_up"


class TopUpsUnavailable(Refusal):
    """No payment provider is connected."""

    def __init__(self) -> None:
        super().__init__("No payment provider is connected.")


START_REFUSALS: Final = (
    keys.KeyInvalid,
    KeyReused,
    amounts.AmountInvalid,
    amounts.CurrencyMismatch,
    *bank_ends.NOT_CHARGED,
    WalletClosed,
    TopUpsUnavailable,
    Busy,
    OutcomeUnknown,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What somebody wants in a wallet; `amount` is in minor units of `currency`.

    `bank_account_id` is the card or bank account that pays; None leaves that to the provider.
    """

    wallet_id: UUID
    amount: int
    currency: str
    key: str
    bank_account_id: UUID | None = None


async def start(wish: Wish, *, by: UUID, now: datetime) -> Movement:
    """Makes a PENDING top-up and the job that asks the provider for the money.

    The same key from the same person returns what became of the first one. A freeze, under which
    nothing leaves, does not keep money out.

    Raises:
        KeyInvalid, KeyReused: see `domain.keys`.
        NotFound: the wallet or the bank account is not this person's.
        AmountInvalid, CurrencyMismatch: see `domain.amounts`.
        BankAccountUnusable, BankCurrencyDiffers: it cannot be charged now.
        WalletClosed: it receives nothing any more.
        TopUpsUnavailable: no provider is connected.
        Busy, OutcomeUnknown: see `domain.ledger`.
    """
    given = ledger.Key(owner_id=by, key=keys.checked(wish.key), digest=_digest(wish))
    answered = await keys.replay(by, given.key, given.digest)
    if answered is not None:
        return answered
    order = await _order(by, wish)
    account = await _account(by, wish, now)
    provider = provider_orders.connected()
    if provider is None:
        raise TopUpsUnavailable
    command = ledger.record(order, key=given, at=now, job=(SUBMIT_JOB, now))
    posted = await _post(command, account, provider, now)
    if posted.outcome is Outcome.KEY_REUSED:
        raise KeyReused
    assert posted.movement is not None
    return posted.movement


async def _account(by: UUID, wish: Wish, now: datetime) -> BankAccount | None:
    if wish.bank_account_id is None:
        return None
    return await bank_ends.usable(
        wish.bank_account_id, owner=by, for_=Use.TOP_UP, currency=wish.currency, now=now
    )


async def _post(
    command: ledger.Command, account: BankAccount | None, provider: str, now: datetime
) -> ledger.Posted:
    if account is None:
        return await ledger.post(command)
    async with decision() as announce:
        posted = await ledger.post_in(announce, command)
        if posted.outcome is Outcome.DONE:
            await provider_orders.name_account(
                command.movement_id, account.id, account.token, provider=provider, now=now
            )
    return posted


async def _order(by: UUID, wish: Wish) -> ledger.Order:
    wallet = await Account.get_or_none(id=wish.wallet_id, owner_id=by, kind=AccountKind.WALLET)
    if wallet is None:
        raise NotFound
    checked = amounts.checked(wish.amount, wish.currency, wallet_currency=wallet.currency)
    if wallet.closed_at is not None:
        raise WalletClosed
    return ledger.Order(
        kind=MovementKind.TOP_UP,
        person_id=by,
        source_id=house_account(AccountKind.PROVIDER_CLEARING, wish.currency),
        target_id=wallet.id,
        amount=checked,
        currency=wish.currency,
    )


def _digest(wish: Wish) -> bytes:
    """As it was before there were bank accounts, where none is named."""
    named = () if wish.bank_account_id is None else (wish.bank_account_id,)
    return keys.digest("top_up", wish.wallet_id, wish.amount, wish.currency, *named)
