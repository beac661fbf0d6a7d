"""Withdrawals: shown, proved, set aside, handed over or taken back, and what the bank did."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from domain import freezes, provider_orders, risk_cases, withdrawals
from domain.bank_accounts import BankAccountCooling, BankAccountUnusable
from domain.bank_ends import BankCurrencyDiffers
from domain.chart import house_account
from domain.provider_orders import Handing, OtherProvider, Said, Verdict
from domain.refusals import KeyReused, NotFound, Refusal
from domain.wallets import FrozenByOwner, InsufficientFunds
from domain.withdrawals import CannotCancelWithdrawal, WithdrawalsUnavailable
from models.bank_accounts import BankAccount, BankAccountStatus
from models.cases import Case, CaseKind
from models.jobs import Job
from models.movements import Hold, Movement, MovementKind, MovementStatus
from models.providers import ProviderOrder
from models.risk import RiskCase
from models.wallets import Account, AccountKind
from tests import factories
from tests.domain import books
from tests.domain.withdrawers import Withdrawer, withdrawer
from tests.moments import NOON

pytestmark = pytest.mark.usefixtures("database", "bank")

LATER = NOON + timedelta(minutes=1)
DECLINED = Said(verdict=Verdict.DECLINED, decline_code="account_closed", reference="r-1")
SUCCEEDED = Said(verdict=Verdict.SUCCEEDED, reference="r-1")


@pytest.fixture
def bank() -> Iterator[None]:
    """A provider is connected, or at least it is said so."""
    provider_orders.install("bank")
    yield
    provider_orders.install(None)


async def now_is(withdrawal: Movement) -> Movement:
    return await Movement.get(id=withdrawal.id)


async def handed_over() -> tuple[Withdrawer, Movement]:
    """A withdrawal of 5.00 out of 10.00 that the provider has in its hands."""
    ada = await withdrawer()
    withdrawal = await ada.withdraws()
    assert await provider_orders.hand_over(withdrawal, "bank", NOON) is Handing.SUBMIT
    return ada, withdrawal


async def test_a_prepared_withdrawal_shows_what_it_does_and_moves_nothing() -> None:
    ada = await withdrawer()

    prepared = await ada.prepares()

    quote = prepared.shown.quote
    assert (quote.amount, quote.fee, quote.currency) == (500, 0, "CNY")
    assert (quote.subject_id, quote.payee_id) == (ada.account.id, None)
    assert prepared.account.id == ada.account.id
    assert prepared.is_new_account
    assert await ada.has() == (1_000, 0)
    assert await Movement.filter(kind=MovementKind.WITHDRAWAL).count() == 0


async def test_a_confirmed_withdrawal_is_set_aside_and_waits_for_the_provider() -> None:
    ada = await withdrawer()

    withdrawal = await ada.withdraws()

    assert (withdrawal.kind, withdrawal.status) == (
        MovementKind.WITHDRAWAL,
        MovementStatus.PENDING,
    )
    assert withdrawal.target_id == house_account(AccountKind.PROVIDER_CLEARING, "CNY")
    assert await ada.has() == (500, 500)
    [job] = await Job.filter(subject_id=withdrawal.id)
    assert (job.kind, job.due_at) == (withdrawals.SUBMIT_JOB, NOON)
    order = await ProviderOrder.get(movement_id=withdrawal.id)
    assert (order.bank_account_id, order.token, order.told_at) == (ada.account.id, "acct_1", None)
    await books.assert_sound()


async def test_the_same_key_confirms_once() -> None:
    ada = await withdrawer()
    prepared = await ada.prepares()

    answers = await asyncio.gather(*(ada.confirms(prepared, key="k") for _ in range(10)))

    assert len({answer.id for answer in answers}) == 1
    assert await ada.has() == (500, 500)
    with pytest.raises(KeyReused):
        await ada.confirms(await ada.prepares(), key="k")


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"status": BankAccountStatus.PENDING}, BankAccountUnusable),
        ({"status": BankAccountStatus.REMOVED, "ended_at": NOON}, BankAccountUnusable),
        ({"usable_for_withdrawal_from": LATER}, BankAccountCooling),
        ({"currency": "EUR"}, BankCurrencyDiffers),
    ],
)
async def test_a_bank_account_that_cannot_be_paid_to_is_refused_and_nothing_moves(
    changes: dict[str, Any], refusal: type[Refusal]
) -> None:
    ada = await withdrawer(**changes)
    before = await books.picture()

    with pytest.raises(refusal):
        await ada.prepares()

    assert await books.picture() == before


async def test_a_bank_account_of_somebody_else_is_not_found() -> None:
    ada = await withdrawer()
    bobs = await factories.bank_account(await factories.person("bob"))

    with pytest.raises(NotFound):
        await Withdrawer(ada.person, ada.wallet, bobs).prepares()


async def test_a_bank_account_removed_after_it_was_shown_leaves_the_key_unused() -> None:
    ada = await withdrawer()
    prepared = await ada.prepares()
    removed = BankAccount.filter(id=ada.account.id)
    await removed.update(status=BankAccountStatus.REMOVED, ended_at=NOON)
    before = await books.picture()

    with pytest.raises(BankAccountUnusable):
        await ada.confirms(prepared, key="k")

    assert await books.picture() == before
    assert await ada.has() == (1_000, 0)


async def test_without_a_provider_nothing_is_prepared_or_confirmed() -> None:
    ada = await withdrawer()
    prepared = await ada.prepares()
    provider_orders.install(None)

    with pytest.raises(WithdrawalsUnavailable):
        await ada.prepares()
    with pytest.raises(WithdrawalsUnavailable):
        await ada.confirms(prepared)

    assert await ada.has() == (1_000, 0)


async def test_what_preview_refuses_fails_by_the_same_code_when_confirmed() -> None:
    ada = await withdrawer()
    first, second = await ada.prepares(800), await ada.prepares(800)
    await ada.confirms(first)

    failed = await ada.confirms(second)

    assert (failed.status, failed.failure_code) == (MovementStatus.FAILED, "FUNDS_ON_HOLD")
    with pytest.raises(InsufficientFunds):
        await ada.prepares(1_001)
    assert not await ProviderOrder.exists(movement_id=failed.id)
    await freezes.freeze_own(by=factories.identity(ada.person), now=NOON)
    with pytest.raises(FrozenByOwner):
        await ada.prepares(1)


async def test_a_success_pays_out_what_was_set_aside() -> None:
    ada, withdrawal = await handed_over()

    await provider_orders.believe(withdrawal, SUCCEEDED, LATER)

    assert (await now_is(withdrawal)).status is MovementStatus.COMPLETED
    assert await ada.has() == (500, 0)
    await books.assert_sound()


async def test_a_decline_gives_the_money_back_with_the_reason() -> None:
    ada, withdrawal = await handed_over()

    await provider_orders.believe(withdrawal, DECLINED, LATER)

    ended = await now_is(withdrawal)
    assert (ended.status, ended.failure_code) == (MovementStatus.FAILED, "BANK_ACCOUNT_INVALID")
    assert await ada.has() == (1_000, 0)
    assert (await ProviderOrder.get()).decline_code == "account_closed"
    await books.assert_sound()


@pytest.mark.parametrize("first", [SUCCEEDED, DECLINED])
async def test_a_word_said_ten_times_at_once_is_done_once(first: Said) -> None:
    ada, withdrawal = await handed_over()

    await asyncio.gather(
        *(provider_orders.believe(withdrawal, first, LATER) for _ in range(10)),
        provider_orders.lose(withdrawal, LATER),
    )

    assert (await ada.has())[1] == 0
    assert await Movement.filter(origin_id=withdrawal.id).count() == 0
    await books.assert_sound()


async def test_a_lost_answer_is_unknown_and_keeps_the_money_set_aside() -> None:
    ada, withdrawal = await handed_over()

    await provider_orders.lose(withdrawal, LATER)

    assert (await now_is(withdrawal)).status is MovementStatus.UNKNOWN
    assert await ada.has() == (500, 500)
    assert await Job.filter(kind=provider_orders.ASK_JOB).count() == 1
    with pytest.raises(CannotCancelWithdrawal):
        await ada.cancels(withdrawal)
    await provider_orders.believe(withdrawal, SUCCEEDED, LATER)
    assert await ada.has() == (500, 0)
    await books.assert_sound()


async def test_a_freeze_or_a_hold_that_waited_too_long_does_not_undo_what_the_bank_did() -> None:
    ada, withdrawal = await handed_over()
    await freezes.freeze_own(by=factories.identity(ada.person), now=NOON)
    await Hold.filter(movement_id=withdrawal.id).update(expires_at=NOON)

    await provider_orders.believe(withdrawal, SUCCEEDED, LATER)

    assert (await now_is(withdrawal)).status is MovementStatus.COMPLETED
    assert await ada.has() == (500, 0)


async def test_a_withdrawal_is_cancelled_until_it_is_handed_over() -> None:
    ada = await withdrawer()
    withdrawal = await ada.withdraws()

    cancelled = await ada.cancels(withdrawal)

    assert cancelled.status is MovementStatus.CANCELLED
    assert await ada.has() == (1_000, 0)
    assert await provider_orders.hand_over(withdrawal, "bank", LATER) is Handing.NOTHING
    await books.assert_sound()


async def test_what_was_handed_over_cannot_be_cancelled() -> None:
    ada, withdrawal = await handed_over()
    before = await books.picture()

    with pytest.raises(CannotCancelWithdrawal) as refused:
        await ada.cancels(withdrawal)

    assert refused.value.movement.status is MovementStatus.PENDING
    assert await books.picture() == before


async def test_only_its_owner_cancels_a_withdrawal() -> None:
    ada = await withdrawer()
    withdrawal = await ada.withdraws()
    bob = await factories.person("bob")

    with pytest.raises(NotFound):
        await withdrawals.cancel(by=bob.id, withdrawal_id=withdrawal.id, key=uuid4().hex, now=NOON)

    assert (await now_is(withdrawal)).status is MovementStatus.PENDING


async def test_a_withdrawal_is_cancelled_or_handed_over_and_never_both() -> None:
    ada = await withdrawer(holds=1_000)
    for _ in range(10):
        withdrawal = await ada.withdraws(100)

        handing, cancelled = await asyncio.gather(
            provider_orders.hand_over(withdrawal, "bank", NOON),
            ada.cancels(withdrawal),
            return_exceptions=True,
        )

        is_cancelled = isinstance(cancelled, Movement)
        assert handing is (Handing.NOTHING if is_cancelled else Handing.SUBMIT)
        expected = MovementStatus.CANCELLED if is_cancelled else MovementStatus.PENDING
        assert (await now_is(withdrawal)).status is expected
    await books.assert_sound()


async def test_two_workers_hand_a_withdrawal_over_once() -> None:
    ada = await withdrawer()
    withdrawal = await ada.withdraws()

    handings = await asyncio.gather(
        *(provider_orders.hand_over(withdrawal, "bank", NOON) for _ in range(5))
    )

    assert sorted(handings) == [Handing.ASK] * 4 + [Handing.SUBMIT]


async def test_a_provider_that_was_told_nothing_may_be_another_one() -> None:
    ada = await withdrawer()
    withdrawal = await ada.withdraws()

    assert await provider_orders.hand_over(withdrawal, "other", NOON) is Handing.SUBMIT

    with pytest.raises(OtherProvider):
        await provider_orders.hand_over(withdrawal, "bank", NOON)


@pytest.mark.parametrize("level", [1, 2])
async def test_a_wallet_frozen_before_the_handing_over_keeps_its_money(level: int) -> None:
    ada = await withdrawer()
    withdrawal = await ada.withdraws()
    await Account.filter(id=ada.wallet.id).update(freeze_level=level)

    is_void = await provider_orders.is_void(withdrawal, LATER)

    code = {1: "ACCOUNT_FROZEN_BY_USER", 2: "ACCOUNT_RESTRICTED"}[level]
    ended = await now_is(withdrawal)
    assert is_void
    assert (ended.status, ended.failure_code) == (MovementStatus.FAILED, code)
    assert await ada.has() == (1_000, 0)
    await books.assert_sound()


async def test_a_wallet_frozen_after_the_handing_over_waits_for_the_bank() -> None:
    ada, withdrawal = await handed_over()
    await freezes.freeze_own(by=factories.identity(ada.person), now=NOON)

    assert not await provider_orders.is_void(withdrawal, LATER)

    assert (await now_is(withdrawal)).status is MovementStatus.PENDING


async def test_a_withdrawal_in_review_is_not_handed_over_and_can_be_cancelled() -> None:
    ada = await withdrawer()
    prepared = await ada.prepares()
    prepared.shown.quote.is_reviewed = True
    await prepared.shown.quote.save(update_fields=["is_reviewed"])

    withdrawal = await ada.confirms(prepared)

    assert withdrawal.status is MovementStatus.IN_REVIEW
    assert await RiskCase.filter(movement_id=withdrawal.id).count() == 1
    assert await Job.filter(kind=withdrawals.SUBMIT_JOB).count() == 0
    assert await provider_orders.hand_over(withdrawal, "bank", NOON) is Handing.NOTHING
    assert (await ada.cancels(withdrawal)).status is MovementStatus.CANCELLED
    assert await ada.has() == (1_000, 0)
    assert risk_cases.EXPIRE_JOB in {job.kind for job in await Job.all()}


async def test_a_provider_that_says_nothing_for_a_day_is_one_case_and_is_asked_on() -> None:
    ada, withdrawal = await handed_over()
    await provider_orders.lose(withdrawal, LATER)
    assert await Case.all().count() == 0

    for hours in (24, 25):
        await provider_orders.ask_later(withdrawal, NOON + timedelta(hours=hours))

    case = await Case.get()
    assert (case.kind, case.subject_id) == (CaseKind.PROVIDER_SILENT, withdrawal.id)
    assert (await now_is(withdrawal)).status is MovementStatus.UNKNOWN
    assert await ada.has() == (500, 500)
    assert await Job.filter(kind=provider_orders.ASK_JOB).count() == 3
