"""Settling one account of a merchant: what came and went, the fees, and what is paid out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from uuid import UUID

from tortoise.connection import get_connection

from domain import bank_accounts, fees, keys, ledger, merchant_events, provider_orders
from domain.bank_accounts import Use
from domain.chart import house_account
from domain.decisions import Announce, decision
from domain.ledger import Outcome
from domain.merchant_events import EventType
from domain.merchant_settlements import rows
from domain.money import MinorUnits
from domain.refusals import NotFound
from domain.withdrawals.confirming import SUBMIT_JOB, WAITS_FOR
from models.bank_accounts import BankAccount, BankAccountStatus
from models.ids import new_id
from models.merchants import Merchant
from models.movements import MovementKind
from models.settlements import Settlement
from models.wallets import Account, AccountKind


class ChangedMeanwhile(Exception):
    """Money left the account, or somebody settled it, since it was read; trying again is right."""

    def __init__(self) -> None:
        super().__init__("The account changed while it was being settled.")


@dataclass(frozen=True, slots=True)
class _Run:
    """Which entries of an account a settlement is about, and what stood before them."""

    merchant_id: UUID
    from_version: int
    to_version: int
    opening: int
    fees_owed: int


async def settle(account_id: UUID, day: date, now: datetime) -> Settlement | None:
    """Settles what an account's entries up to the end of `day` (UTC) say; None for no news.

    Days on which nobody settled are in the next settlement. Done twice, or by two at once, there is
    one: the second finds it. Fees are taken as far as there is money; the rest is due again. What
    remains is sent to the merchant's bank, if there is a bank account and money is free.

    Raises:
        ChangedMeanwhile: nothing was written.
    """
    account = await Account.get(id=account_id, kind=AccountKind.MERCHANT)
    last = await Settlement.filter(account_id=account_id).order_by("-day").first()
    if last is not None and last.day >= day:
        return last if last.day == day else None
    bank = await _bank(account, now)
    run = await _run(account, last, day)
    table = await fees.table(run.merchant_id, account.currency)
    sums = await rows.totals(account.id, run.from_version, run.to_version, table)
    settlement = _summed(account, run, sums, day, now)
    _share(settlement, available=account.available, has_bank=bank is not None)
    if not (sums.lines or settlement.fees or settlement.payout):
        return None
    async with decision() as announce:
        await _post(announce, settlement, bank, now)
        await Settlement.bulk_create([settlement], ignore_conflicts=True)
        if not await Settlement.exists(id=settlement.id):
            raise ChangedMeanwhile
        await merchant_events.record(
            announce,
            settlement.merchant_id,
            EventType.SETTLEMENT_CREATED,
            subject_id=settlement.id,
            now=now,
        )
    return settlement


def _summed(account: Account, run: _Run, sums: rows.Totals, day: date, now: datetime) -> Settlement:
    """What the lines of the run come to, before fees are taken."""
    due = run.fees_owed + sums.fees
    gross = run.opening + sums.captured - sums.refunded - sums.paid_out + sums.other
    return Settlement(
        id=new_id(),
        merchant_id=run.merchant_id,
        account_id=account.id,
        currency=account.currency,
        day=day,
        from_version=run.from_version,
        to_version=run.to_version,
        opening=run.opening,
        captured=sums.captured,
        refunded=sums.refunded,
        paid_out=sums.paid_out,
        other=sums.other,
        fees_due=due,
        fees=0,
        closing=gross,
        payout=0,
        created_at=now,
    )


def _share(settlement: Settlement, *, available: int, has_bank: bool) -> None:
    """Takes what fees can be taken, and sends what remains on its way; minor units.

    Of what was settled some may have gone back since, and some may be on its way already.
    """
    free = max(min(settlement.closing, available), 0)
    settlement.fees = min(settlement.fees_due, free)
    settlement.closing -= settlement.fees
    settlement.payout = free - settlement.fees if has_bank else 0


async def _run(account: Account, last: Settlement | None, day: date) -> _Run:
    after = 0 if last is None else last.to_version
    [row] = await get_connection("default").execute_query_dict(
        _CUT, [account.id, after, _end_of(day), account.version]
    )
    assert account.merchant_id is not None
    opening, owed = (0, 0) if last is None else (last.closing, last.fees_due - last.fees)
    return _Run(account.merchant_id, after, row["cut"], opening, owed)


def _end_of(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), UTC)


# All entries before the first one of a later day: an entry that says an earlier time but stands
# behind it is in the next settlement, so that each is in one.
_CUT: Final = """
    SELECT coalesce((
        SELECT e.version - 1 FROM entries e JOIN postings p ON p.id = e.posting_id
        WHERE e.account_id = $1 AND e.version > $2 AND p.posted_at >= $3
        ORDER BY e.version LIMIT 1
    ), greatest($4::bigint, $2::bigint)) AS cut
"""


async def _bank(account: Account, now: datetime) -> BankAccount | None:
    """Where a payout of this account goes: the merchant's newest bank account that can take it."""
    if provider_orders.connected() is None:
        return None
    verified = BankAccount.filter(
        merchant_id=account.merchant_id,
        currency=account.currency,
        status=BankAccountStatus.VERIFIED,
        usable_for_withdrawal_from__lte=now,
    )
    newest = await verified.order_by("-verified_at", "-id").first()
    if newest is None:
        return None
    assert account.merchant_id is not None
    try:
        return await bank_accounts.usable(
            newest.id, owner=account.merchant_id, for_=Use.WITHDRAWAL, now=now
        )
    except (NotFound, *bank_accounts.UNUSABLE):
        return None


async def _post(
    announce: Announce, settlement: Settlement, bank: BankAccount | None, now: datetime
) -> None:
    """Takes the fees and sends the payout on its way, under keys that make both happen once."""
    merchant = await Merchant.get(id=settlement.merchant_id)
    if settlement.fees:
        fee = _order(settlement, merchant, MovementKind.FEE, settlement.fees)
        settlement.fee_id = await _posted(
            announce, ledger.pay(fee, key=_key(settlement, "fee"), at=now)
        )
    if settlement.payout and bank is not None:
        sent = ledger.hold(
            _order(settlement, merchant, MovementKind.PAYOUT, settlement.payout),
            key=_key(settlement, "payout"),
            at=now,
            expires_at=now + WAITS_FOR,
            job=(SUBMIT_JOB, now),
        )
        settlement.payout_id = await _posted(announce, sent)
        provider = provider_orders.connected()
        assert provider is not None
        await provider_orders.name_account(
            settlement.payout_id, bank.id, bank.token, provider=provider, now=now
        )


def _order(
    settlement: Settlement, merchant: Merchant, kind: MovementKind, amount: int
) -> ledger.Order:
    to = AccountKind.FEES if kind is MovementKind.FEE else AccountKind.PROVIDER_CLEARING
    return ledger.Order(
        kind=kind,
        person_id=merchant.owner_id,
        source_id=settlement.account_id,
        target_id=house_account(to, settlement.currency),
        amount=MinorUnits(amount),
        currency=settlement.currency,
    )


def _key(settlement: Settlement, step: str) -> ledger.Key:
    name = f"settle:{settlement.account_id.hex}:{settlement.day:%Y%m%d}:{step}"
    return ledger.Key(owner_id=keys.SYSTEM, key=name, digest=keys.digest(step, name))


async def _posted(announce: Announce, command: ledger.Command) -> UUID:
    posted = await ledger.post_in(announce, command)
    if posted.outcome is not Outcome.DONE or posted.movement is None:
        raise ChangedMeanwhile
    return posted.movement.id
