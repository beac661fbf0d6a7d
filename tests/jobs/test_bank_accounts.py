"""Bank accounts at a real provider in another process, and when its answers are lost."""

from __future__ import annotations

import logging
from uuid import UUID

import pytest

from channels.providers import AccountAnswer, AccountDetails, AnswerLost, HttpProvider, Unreachable
from domain import bank_accounts
from domain.bank_accounts import Owner
from domain.sessions import Identity
from jobs.handlers import Wires, registry
from jobs.worker import Worker
from models.bank_accounts import BankAccount, BankAccountStatus
from models.jobs import Job
from models.providers import ProviderMessage
from models.sealed_files import SealedFile
from tests import factories
from tests.domain.bankers import added, card, fresh, typed
from tests.jobs.conftest import PROVIDER, Clock

pytestmark = pytest.mark.usefixtures("database", "provider")


class Forgetful:
    """The real provider, whose answers are lost as often as a test says."""

    name = PROVIDER

    def __init__(self, real: HttpProvider) -> None:
        self._real = real
        self.unreachable = 0
        self.lost_proofs = 0

    async def check_account(self, account: AccountDetails) -> AccountAnswer:
        if self.unreachable:
            self.unreachable -= 1
            raise Unreachable("Away.")
        return await self._real.check_account(account)

    async def prove_account(self, account_id: UUID, amount_minor: int) -> AccountAnswer:
        answer = await self._real.prove_account(account_id, amount_minor)
        if self.lost_proofs:
            self.lost_proofs -= 1
            raise AnswerLost("Cut.")
        return answer

    def __getattr__(self, name: str) -> object:
        return getattr(self._real, name)


async def ada() -> Identity:
    return await fresh(await factories.person("ada"))


async def says(by: Identity, account: BankAccount, amount: int, clock: Clock) -> None:
    clock.advance(seconds=1)
    await bank_accounts.verify(
        account.id,
        owner=Owner(person_id=by.person_id),
        amount=amount,
        currency="EUR",
        now=clock.now,
    )


async def now_is(account: BankAccount) -> tuple[BankAccountStatus, str | None, int]:
    row = await BankAccount.get(id=account.id)
    return row.status, row.refused_for, row.tries_left


@pytest.mark.parametrize("wish", [typed("100000", country="US"), card("tok_100")])
async def test_what_the_provider_finds_in_order_is_verified(
    worker: Worker, wish: bank_accounts.Account | bank_accounts.Card
) -> None:
    account = await added(await ada(), wish)

    await worker.run_due()

    row = await BankAccount.get(id=account.id)
    assert (row.status, row.file_id) == (BankAccountStatus.VERIFIED, None)
    assert row.token
    assert not await SealedFile.exists()


@pytest.mark.parametrize(
    ("number", "code"),
    [("100013", "holder_differs"), ("100014", "account_invalid"), ("100015", "account_closed")],
)
async def test_what_the_provider_refuses_is_kept_with_its_reason(
    worker: Worker, number: str, code: str
) -> None:
    account = await added(await ada(), typed(number, country="US"))

    await worker.run_due()

    assert await now_is(account) == (BankAccountStatus.REFUSED, code, 3)
    assert not await SealedFile.exists()


async def test_a_small_amount_that_its_owner_can_name_verifies_it(
    worker: Worker, clock: Clock
) -> None:
    by = await ada()
    account = await added(by, typed("100077", country="US"))
    await worker.run_due()
    await says(by, account, 16, clock)
    await worker.run_due()
    assert await now_is(account) == (BankAccountStatus.AMOUNT_SENT, None, 2)

    await says(by, account, 17, clock)
    await worker.run_due()

    assert await now_is(account) == (BankAccountStatus.VERIFIED, None, 2)


async def test_after_three_wrong_amounts_it_is_refused(worker: Worker, clock: Clock) -> None:
    by = await ada()
    account = await added(by, typed("100077", country="US"))
    await worker.run_due()

    for amount in (1, 2, 3):
        await says(by, account, amount, clock)
        await worker.run_due()

    assert await now_is(account) == (BankAccountStatus.REFUSED, "too_many_tries", 0)


@pytest.mark.parametrize(
    ("amount", "after"),
    [
        (16, (BankAccountStatus.AMOUNT_SENT, None, 2)),
        (17, (BankAccountStatus.VERIFIED, None, 3)),
    ],
)
async def test_a_try_whose_answer_was_lost_counts_once(
    provider: HttpProvider, clock: Clock, amount: int, after: tuple[object, ...]
) -> None:
    forgetful = Forgetful(provider)
    worker = Worker(registry(Wires(provider=forgetful)), clock=clock)  # type: ignore[arg-type]
    by = await ada()
    account = await added(by, typed("100077", country="US"))
    await worker.run_due()
    forgetful.lost_proofs = 1
    await says(by, account, amount, clock)
    await worker.run_due()
    assert await now_is(account) == (BankAccountStatus.AMOUNT_SENT, None, 3)

    clock.advance(seconds=10)
    await worker.run_due()

    assert await now_is(account) == after
    assert (await BankAccount.get(id=account.id)).amount_tried is None


async def test_a_provider_that_is_away_is_asked_until_it_is_back(
    provider: HttpProvider, clock: Clock
) -> None:
    forgetful = Forgetful(provider)
    forgetful.unreachable = 20
    worker = Worker(registry(Wires(provider=forgetful)), clock=clock)  # type: ignore[arg-type]
    account = await added(await ada(), typed("100000", country="US"))

    for _ in range(21):
        await worker.run_due()
        clock.advance(hours=1)

    assert (await now_is(account))[0] is BankAccountStatus.VERIFIED
    assert not await Job.filter(kind=bank_accounts.CHECK_JOB, done_at__isnull=True).exists()


async def test_one_whose_number_no_key_opens_any_more_is_refused(worker: Worker) -> None:
    account = await added(await ada(), typed("100000", country="US"))
    await SealedFile.all().delete()

    await worker.run_due()

    assert await now_is(account) == (BankAccountStatus.REFUSED, bank_accounts.NUMBER_LOST, 3)


async def test_a_number_is_in_no_log_job_or_message(
    worker: Worker, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    account = await added(await ada(), typed("98765432101", country="US"))

    await worker.run_due()

    assert (await now_is(account))[0] is BankAccountStatus.VERIFIED
    assert "98765432101" not in caplog.text
    assert "98765432101" not in str(await Job.all().values())
    assert "98765432101" not in str(await ProviderMessage.all().values())
