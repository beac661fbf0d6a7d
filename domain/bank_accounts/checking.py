"""What the provider says of a bank account or card, and what follows for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from domain import jobs, sealed_files
from domain.decisions import Announce, decision
from models.bank_accounts import BankAccount, BankAccountStatus

CHECK_JOB: Final = "check_bank_account"
"""Tells the provider of one, and which amount arrived there, if its owner has said."""

TRIES: Final = 3
GUESSED_OUT: Final = "too_many_tries"
NUMBER_LOST: Final = "number_lost"
SHORTEST_PAUSE: Final = timedelta(seconds=5)
LONGEST_PAUSE: Final = timedelta(hours=1)


class Verdict(StrEnum):
    """What a provider says, in its own words."""

    CONFIRMED = "confirmed"
    AMOUNT_SENT = "amount_sent"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Said:
    """A provider's answer about one bank account; `tries_left` counts guesses at the amount."""

    verdict: Verdict
    token: str | None = None
    decline_code: str | None = None
    tries_left: int | None = None


async def to_check(bank_account_id: UUID) -> tuple[BankAccount, str | None] | None:
    """What the provider is to be told: the bank account, and its number while that is kept.

    None when there is nothing to ask any more.
    """
    account = await BankAccount.get_or_none(id=bank_account_id)
    if account is None or account.status not in _OPEN:
        return None
    if account.status is BankAccountStatus.AMOUNT_SENT and account.amount_tried is None:
        return None
    if account.file_id is None:
        return account, None
    return account, (await sealed_files.whole(account.file_id)).decode()


async def learn(account: BankAccount, said: Said, now: datetime) -> None:
    """Writes down what the provider said of the bank account as it was read.

    What changed meanwhile stays as it is. A guess that was not right counts, and three are all.
    Opens a decision, or joins the caller's.
    """
    async with decision():
        row = await BankAccount.filter(id=account.id).select_for_update(no_key=True).get()
        if row.status not in _OPEN or row.amount_tried != account.amount_tried:
            return
        _believe(row, said, now)
        row.amount_tried = None
        file_id = row.file_id
        if row.status is not BankAccountStatus.AMOUNT_SENT:
            row.file_id = None
        await row.save()
        if file_id is not None and row.file_id is None:
            await sealed_files.remove(file_id)


async def ask_later(
    announce: Announce, account: BankAccount, *, since: datetime, now: datetime
) -> None:
    """Has the provider asked again, later and later; in the caller's decision.

    `since` is when it was asked first. An account that waits in vain can be removed.
    """
    pause = min(max((now - since) / 2, SHORTEST_PAUSE), LONGEST_PAUSE)
    await jobs.enqueue(
        announce,
        CHECK_JOB,
        subject_id=account.id,
        due_at=now + pause,
        payload={"since": since.isoformat()},
    )


def was_counted(said: Said, account: BankAccount) -> bool:
    """Whether the provider has counted a guess of which its answer was lost."""
    return said.tries_left is not None and said.tries_left < account.tries_left


def _believe(row: BankAccount, said: Said, now: datetime) -> None:
    token = row.token or said.token
    left = row.tries_left - (row.amount_tried is not None)
    if said.verdict is Verdict.CONFIRMED and token is not None:
        row.status, row.token, row.verified_at = BankAccountStatus.VERIFIED, token, now
        return
    if said.verdict is Verdict.AMOUNT_SENT:
        left = min(left, TRIES if said.tries_left is None else said.tries_left)
    row.tries_left = max(left, 0)
    if said.verdict is Verdict.AMOUNT_SENT and row.tries_left:
        row.status = BankAccountStatus.AMOUNT_SENT
    else:
        code = GUESSED_OUT if said.verdict is Verdict.AMOUNT_SENT else said.decline_code
        row.status, row.refused_for, row.ended_at = BankAccountStatus.REFUSED, code, now


_OPEN: Final = (BankAccountStatus.PENDING, BankAccountStatus.AMOUNT_SENT)
