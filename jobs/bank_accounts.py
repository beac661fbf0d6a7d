"""Telling the provider of bank accounts and cards, and hearing what it says of them."""

from __future__ import annotations

import logging
from datetime import datetime

from channels.providers import (
    AccountAnswer,
    AccountDetails,
    AnswerLost,
    Provider,
    Unreachable,
)
from domain import bank_accounts, jobs
from domain.bank_accounts import NUMBER_LOST, Said, Verdict
from domain.decisions import decision
from models.bank_accounts import BankAccount
from models.jobs import Job

_log = logging.getLogger(__name__)


async def check_bank_account(job: Job, now: datetime, *, provider: Provider) -> None:
    """Asks what the provider thinks of a bank account, or whether an amount is the right one."""
    found = await bank_accounts.to_check(job.subject_id)
    if found is None:
        return
    account, number = found
    try:
        said = await _said(account, number, provider)
    except (Unreachable, AnswerLost) as error:
        _log.warning("Nothing was learnt about bank account %s: %s", account.id, error)
        first = job.payload.get("since")
        since = datetime.fromisoformat(first) if first else job.due_at
        async with decision() as announce:
            await bank_accounts.ask_later(announce, account, since=since, now=now)
            await jobs.finish(job, now)
        return
    async with decision():
        await bank_accounts.learn(account, said, now)
        await jobs.finish(job, now)


async def _said(account: BankAccount, number: str | None, provider: Provider) -> Said:
    if number is None and account.token is None:
        return Said(Verdict.REFUSED, decline_code=NUMBER_LOST)
    # Asked first, also when an amount is to be proved: the answer to a try may have been lost, and
    # tried again it would count twice.
    details = AccountDetails(
        id=account.id,
        holder=account.holder,
        currency=account.currency,
        number=number,
        token=account.token,
    )
    said = _read(await provider.check_account(details))
    is_open = said.verdict is Verdict.AMOUNT_SENT and not bank_accounts.was_counted(said, account)
    if account.amount_tried is None or not is_open:
        return said
    return _read(await provider.prove_account(account.id, account.amount_tried))


def _read(answer: AccountAnswer) -> Said:
    said = Said(
        verdict=Verdict(answer.status),
        token=answer.token,
        decline_code=answer.decline_code,
        tries_left=answer.tries_left,
    )
    if said.verdict is Verdict.CONFIRMED and said.token is None:
        raise AnswerLost("The provider confirms a bank account and gives it no name.")
    return said
