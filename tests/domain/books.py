"""Everything the ledger keeps, recomputed from the journal alone and compared with what it says."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from domain.decisions import decision
from models.audit import AuditRecord
from models.jobs import Job
from models.movements import Hold, IdempotencyKey, Movement, MovementKind, MovementStatus
from models.orders import Order, OrderStatus
from models.payment_codes import PaymentCode
from models.payments import MerchantEvent, Payment
from models.postings import Entry, Posting, PostingKind
from models.providers import ProviderMessage
from models.quotes import Challenge
from models.refunds import Refund, RefundStatus, RefundStep
from models.streams import StreamEvent
from models.wallets import Account, Side

_TABLES = (
    Account,
    AuditRecord,
    Challenge,
    Entry,
    Hold,
    IdempotencyKey,
    Job,
    MerchantEvent,
    Movement,
    Order,
    Payment,
    PaymentCode,
    Posting,
    ProviderMessage,
    Refund,
    RefundStep,
    StreamEvent,
)


@dataclass(frozen=True)
class Books:
    """One snapshot of everything."""

    accounts: list[Account]
    movements: list[Movement]
    keys: list[IdempotencyKey]
    holds: list[Hold]
    postings: list[Posting]
    entries: list[Entry]
    events: list[StreamEvent]
    orders: list[Order]
    payments: list[Payment]
    codes: list[PaymentCode]
    refunds: list[Refund]


async def assert_sound() -> None:
    """Proves the books as they stand at one instant, while others go on posting."""
    books = await _read()
    _assert_postings_balance_in_one_currency(books)
    _assert_counters_are_sums_of_entries(books)
    _assert_versions_are_gapless_and_balances_continuous(books)
    _assert_floors_hold(books)
    _assert_statuses_have_their_postings(books)
    _assert_keys_explain_postings(books)
    _assert_holds_are_sums_of_their_postings(books)
    _assert_pending_counters_are_sums_of_holds(books)
    _assert_streams_are_gapless(books)
    _assert_limits_counted_what_left(books)
    _assert_payments_are_what_their_movements_did(books)
    _assert_refunds_are_what_went_back(books)
    _assert_orders_are_paid_by_what_was_paid(books)


async def picture() -> dict[str, list[str]]:
    """Every row of every table that posting writes; two equal pictures mean that nothing moved."""
    async with decision(isolation="repeatable_read"):
        return {
            model._meta.db_table: sorted(str(row) for row in await model.all().values())
            for model in _TABLES
        }


async def _read() -> Books:
    async with decision(isolation="repeatable_read"):
        return Books(
            accounts=await Account.all(),
            movements=await Movement.all(),
            keys=await IdempotencyKey.all(),
            holds=await Hold.all(),
            postings=await Posting.all(),
            entries=await Entry.all().order_by("account_id", "version"),
            events=await StreamEvent.all().order_by("stream_id", "seq"),
            orders=await Order.all(),
            payments=await Payment.all(),
            codes=await PaymentCode.all(),
            refunds=await Refund.all(),
        )


def _assert_postings_balance_in_one_currency(books: Books) -> None:
    currencies = {account.id: account.currency for account in books.accounts}
    entries = _by(books.entries, "posting_id")
    assert set(entries) == {posting.id for posting in books.postings}
    for posting in books.postings:
        lines = entries[posting.id]
        assert len(lines) >= 2
        assert sum(_debit(line, line.posted) for line in lines) == 0
        assert sum(_debit(line, line.pending) for line in lines) == 0
        assert {currencies[line.account_id] for line in lines} == {posting.currency}


def _assert_counters_are_sums_of_entries(books: Books) -> None:
    entries = _by(books.entries, "account_id")
    for account in books.accounts:
        debits = [entry for entry in entries[account.id] if entry.side is Side.DEBIT]
        credits = [entry for entry in entries[account.id] if entry.side is Side.CREDIT]
        assert account.posted_debits == sum(entry.posted for entry in debits)
        assert account.pending_debits == sum(entry.pending for entry in debits)
        assert account.posted_credits == sum(entry.posted for entry in credits)
        assert account.pending_credits == sum(entry.pending for entry in credits)


def _assert_versions_are_gapless_and_balances_continuous(books: Books) -> None:
    entries = _by(books.entries, "account_id")
    for account in books.accounts:
        lines = entries[account.id]
        assert [line.version for line in lines] == _up_to(account.version)
        balance = 0
        for line in lines:
            debit = _debit(line, line.posted)
            balance += debit if account.normal_side is Side.DEBIT else -debit
            assert line.balance_after == balance
        assert account.balance == balance


def _assert_floors_hold(books: Books) -> None:
    for account in books.accounts:
        assert account.floor is None or account.available >= account.floor


def _assert_statuses_have_their_postings(books: Books) -> None:
    postings = _by(books.postings, "movement_id")
    remaining = {hold.movement_id: hold.remaining for hold in books.holds}
    for movement in books.movements:
        kinds = {posting.kind for posting in postings[movement.id]}
        if movement.status is MovementStatus.COMPLETED:
            assert kinds & {PostingKind.MOVE, PostingKind.CAPTURE}
        else:
            assert PostingKind.MOVE not in kinds
        if movement.status.is_final:
            assert remaining.get(movement.id, 0) == 0


def _assert_keys_explain_postings(books: Books) -> None:
    """No movement was posted to more often than keys were given for it."""
    keys = _by(books.keys, "movement_id")
    postings = _by(books.postings, "movement_id")
    assert set(keys) == {movement.id for movement in books.movements}
    for movement in books.movements:
        assert len(postings[movement.id]) <= len(keys[movement.id])


def _assert_holds_are_sums_of_their_postings(books: Books) -> None:
    postings = _by(books.postings, "hold_id")
    entries = _by(books.entries, "posting_id")
    for hold in books.holds:
        lines = [line for posting in postings[hold.id] for line in entries[posting.id]]
        given = [line for line in lines if line.account_id == hold.source_id]
        taken = [line for line in lines if line.account_id == hold.target_id]
        assert hold.remaining == sum(line.pending for line in given) >= 0
        assert hold.remaining == sum(line.pending for line in taken)
        assert hold.captured == sum(line.posted for line in given)
        assert hold.released == hold.amount - hold.captured - hold.remaining


def _assert_pending_counters_are_sums_of_holds(books: Books) -> None:
    going = _by(books.holds, "source_id")
    coming = _by(books.holds, "target_id")
    for account in books.accounts:
        assert account.pending_debits == sum(hold.remaining for hold in going[account.id])
        assert account.pending_credits == sum(hold.remaining for hold in coming[account.id])


def _assert_limits_counted_what_left(books: Books) -> None:
    holds = {hold.movement_id: hold for hold in books.holds}
    counted = _by([each for each in books.movements if each.counted_on is not None], "source_id")
    for account in books.accounts:
        left: dict[date, int] = defaultdict(int)
        for movement in counted[account.id]:
            held = holds.get(movement.id)
            total = movement.amount + movement.fee
            left[movement.counted_on] += total if held is None else held.amount - held.released
        on = account.spent_on
        same_year = {day: sum_ for day, sum_ in left.items() if on and day.year == on.year}
        assert account.spent_year == sum(same_year.values())
        same_month = {day: sum_ for day, sum_ in same_year.items() if on and day.month == on.month}
        assert account.spent_month == sum(same_month.values())
        assert account.spent_day == (same_month.get(on, 0) if on else 0)


def _assert_streams_are_gapless(books: Books) -> None:
    events = _by(books.events, "stream_id")
    heads = {account.id: account.stream_seq for account in books.accounts}
    heads |= {movement.id: movement.stream_seq for movement in books.movements}
    heads |= {payment.stream_id: payment.stream_seq for payment in books.payments}
    heads |= {code.id: code.stream_seq for code in books.codes}
    assert set(events) <= set(heads)
    for stream, head in heads.items():
        assert [event.seq for event in events[stream]] == _up_to(head)
    for movement in books.movements:
        assert events[movement.id][-1].status == movement.status


def _assert_payments_are_what_their_movements_did(books: Books) -> None:
    movements = {movement.id: movement for movement in books.movements}
    holds = {hold.movement_id: hold for hold in books.holds}
    kinds = {id for id, row in movements.items() if row.kind is MovementKind.MERCHANT_PAYMENT}
    assert {payment.movement_id for payment in books.payments} == kinds
    for payment in books.payments:
        movement, hold = movements[payment.movement_id], holds.get(payment.movement_id)
        counted = (payment.authorized, payment.captured, payment.voided)
        if hold is not None:
            # What the payer pays on top is in the hold, but is no part of the payment.
            captured = min(hold.captured, movement.amount)
            assert counted == (movement.amount, captured, min(hold.released, movement.amount))
        else:
            paid = movement.amount if movement.status is MovementStatus.COMPLETED else 0
            assert counted == (paid, paid, 0)
        assert payment.refunded + payment.refund_pending <= payment.captured <= payment.authorized


def _assert_refunds_are_what_went_back(books: Books) -> None:
    movements = {movement.id: movement for movement in books.movements}
    refunds, given = _by(books.refunds, "payment_id"), _by(books.movements, "origin_id")
    for payment in books.payments:
        theirs = refunds[payment.movement_id]
        assert payment.refunded == _sum(theirs, RefundStatus.SUCCEEDED)
        assert payment.refund_pending == _sum(theirs, RefundStatus.PENDING)
        left = [
            row.amount
            for row in given[payment.movement_id]
            if row.status is MovementStatus.COMPLETED
            and row.source_id == movements[payment.movement_id].target_id
        ]
        assert sum(left) == payment.refunded + payment.refund_pending


def _assert_orders_are_paid_by_what_was_paid(books: Books) -> None:
    payments = {payment.movement_id: payment for payment in books.payments}
    for order in books.orders:
        if order.paid_by is None:
            assert order.status is not OrderStatus.PAID
        else:
            assert payments[order.paid_by].order_id == order.id
            assert payments[order.paid_by].authorized > 0


def _sum(refunds: Iterable[Refund], status: RefundStatus) -> int:
    return sum(refund.amount for refund in refunds if refund.status is status)


def _by(rows: Iterable[Any], name: str) -> defaultdict[UUID, list[Any]]:
    groups: defaultdict[UUID, list[Any]] = defaultdict(list)
    for row in rows:
        groups[getattr(row, name)].append(row)
    return groups


def _debit(entry: Entry, amount: int) -> int:
    return amount if entry.side is Side.DEBIT else -amount


def _up_to(head: int) -> list[int]:
    return list(range(1, head + 1))
