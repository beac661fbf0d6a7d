"""What a provider says after the end: final movements stay, and others say what is true now."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from domain import ledger, provider_orders, top_ups
from domain.chart import house_account
from domain.provider_orders import Said, Verdict
from models.cases import Case, CaseKind
from models.movements import Movement, MovementKind, MovementStatus
from models.wallets import Account, AccountKind
from tests import factories
from tests.domain import books, orders
from tests.domain.withdrawers import Withdrawer, withdrawer
from tests.moments import NOON

pytestmark = pytest.mark.usefixtures("database", "bank")

LATER = NOON + timedelta(days=1)
YES, NO, BACK, WAIT = (
    Said(verdict=Verdict.SUCCEEDED),
    Said(verdict=Verdict.DECLINED, decline_code="do_not_honor"),
    Said(verdict=Verdict.REVERSED),
    Said(verdict=Verdict.PENDING),
)


@pytest.fixture
def bank() -> Iterator[None]:
    provider_orders.install("bank")
    yield
    provider_orders.install(None)


async def withdrawn(*words: Said, holds: int = 1_000) -> tuple[Withdrawer, Movement]:
    """A withdrawal of 5.00 of which the provider said all this, one after the other."""
    ada = await withdrawer(holds=holds)
    withdrawal = await ada.withdraws()
    await provider_orders.hand_over(withdrawal, "bank", NOON)
    return ada, await heard(withdrawal, *words)


async def topped_up(*words: Said) -> tuple[Account, Movement]:
    """The same of a top-up of 5.00 into an empty wallet."""
    ada = await factories.person("ada")
    wallet = await factories.wallet(ada)
    wish = top_ups.Wish(wallet_id=wallet.id, amount=500, currency="CNY", key="k")
    top_up = await top_ups.start(wish, by=ada.id, now=NOON)
    await provider_orders.hand_over(top_up, "bank", NOON)
    return wallet, await heard(top_up, *words)


async def heard(movement: Movement, *words: Said) -> Movement:
    for said in words:
        await provider_orders.believe(await Movement.get(id=movement.id), said, LATER)
    return await Movement.get(id=movement.id)


async def answers(movement: Movement) -> list[tuple[MovementKind, MovementStatus, int]]:
    found = await Movement.filter(origin_id=movement.id).order_by("created_at", "id")
    return [(each.kind, each.status, each.amount) for each in found]


async def house(kind: AccountKind) -> int:
    return (await Account.get(id=house_account(kind, "CNY"))).balance


async def cases() -> list[CaseKind]:
    return sorted(case.kind for case in await Case.all())


async def spend(source: Account, target: Account, amount: int) -> None:
    await ledger.post(orders.pay(source, target, amount))


async def test_a_withdrawal_that_the_bank_sent_back_is_in_the_wallet_again() -> None:
    ada, withdrawal = await withdrawn(YES, BACK)

    assert withdrawal.status is MovementStatus.COMPLETED
    done = MovementStatus.COMPLETED
    assert await answers(withdrawal) == [(MovementKind.RETURN, done, 500)]
    assert await ada.has() == (1_000, 0)
    assert await cases() == []
    await books.assert_sound()


async def test_a_withdrawal_that_went_back_before_we_heard_it_succeeded_is_both() -> None:
    ada, withdrawal = await withdrawn(BACK)

    assert withdrawal.status is MovementStatus.COMPLETED
    assert [kind for kind, _, _ in await answers(withdrawal)] == [MovementKind.RETURN]
    assert await ada.has() == (1_000, 0)


async def test_a_withdrawal_that_succeeded_after_it_failed_leaves_the_wallet_after_all() -> None:
    ada, withdrawal = await withdrawn(NO, YES)

    assert withdrawal.status is MovementStatus.FAILED
    done = MovementStatus.COMPLETED
    assert await answers(withdrawal) == [(MovementKind.WITHDRAWAL, done, 500)]
    assert await ada.has() == (500, 0)
    assert await cases() == [CaseKind.PROVIDER_CONTRADICTION]
    await books.assert_sound()


async def test_what_the_wallet_no_longer_has_is_the_houses_claim_and_a_case() -> None:
    ada, withdrawal = await withdrawn(NO, holds=500)
    await ada.withdraws(300)

    await heard(withdrawal, YES)

    assert sorted(amount for _, _, amount in await answers(withdrawal)) == [200, 300]
    assert await ada.has() == (0, 300)
    assert await house(AccountKind.SUSPENSE) == -300
    case = await Case.get(kind=CaseKind.REVERSAL_SHORT)
    assert (case.subject_id, case.detail["short"]) == (withdrawal.id, 300)
    await books.assert_sound()


async def test_a_top_up_that_the_bank_took_back_leaves_the_wallet_frozen_or_not() -> None:
    wallet, top_up = await topped_up(YES)
    await Account.filter(id=wallet.id).update(freeze_level=2)

    await heard(top_up, BACK)

    assert await answers(top_up) == [(MovementKind.REVERSAL, MovementStatus.COMPLETED, 500)]
    assert await factories.balances(wallet) == [0]
    assert await cases() == []
    await books.assert_sound()


async def test_a_top_up_that_was_spent_before_it_was_taken_back_is_a_claim() -> None:
    wallet, top_up = await topped_up(YES)
    bob = await factories.person("bob")
    bobs = await factories.wallet(bob)
    await spend(wallet, bobs, 450)

    await heard(top_up, BACK)

    assert sorted(amount for _, _, amount in await answers(top_up)) == [50, 450]
    assert await factories.balances(wallet, bobs) == [0, 450]
    assert await house(AccountKind.SUSPENSE) == -450
    assert await house(AccountKind.PROVIDER_CLEARING) == 0
    assert await cases() == [CaseKind.REVERSAL_SHORT]
    await books.assert_sound()


async def test_a_top_up_that_succeeded_after_it_failed_is_credited_by_a_new_one() -> None:
    wallet, top_up = await topped_up(NO, YES)

    assert top_up.status is MovementStatus.FAILED
    assert await answers(top_up) == [(MovementKind.TOP_UP, MovementStatus.COMPLETED, 500)]
    assert await factories.balances(wallet) == [500]
    assert await cases() == [CaseKind.PROVIDER_CONTRADICTION]
    await books.assert_sound()


async def test_money_for_a_wallet_that_was_closed_is_kept_apart_for_somebody_to_look_at() -> None:
    wallet, top_up = await topped_up(NO)
    await Account.filter(id=wallet.id).update(closed_at=NOON)

    await heard(top_up, YES)

    assert await factories.balances(wallet) == [0]
    assert await house(AccountKind.SUSPENSE) == 500
    assert await cases() == [CaseKind.PROVIDER_CONTRADICTION]


async def test_an_old_word_that_comes_late_changes_nothing() -> None:
    ada, withdrawal = await withdrawn(YES, WAIT, YES)

    assert await answers(withdrawal) == []
    assert await ada.has() == (500, 0)
    assert await cases() == []


async def test_a_contrary_word_said_ten_times_at_once_is_answered_once() -> None:
    ada, withdrawal = await withdrawn(YES)

    await asyncio.gather(*(heard(withdrawal, BACK) for _ in range(10)))

    assert len(await answers(withdrawal)) == 1
    assert await ada.has() == (1_000, 0)
    await books.assert_sound()


async def test_a_cancelled_withdrawal_that_the_bank_paid_all_the_same_is_not_forgotten() -> None:
    ada = await withdrawer()
    withdrawal = await ada.withdraws()
    await ada.cancels(withdrawal)
    await provider_orders.hand_over(withdrawal, "bank", NOON)

    await heard(withdrawal, YES)

    assert (await Movement.get(id=withdrawal.id)).status is MovementStatus.CANCELLED
    assert await ada.has() == (500, 0)
    assert await cases() == [CaseKind.PROVIDER_CONTRADICTION]


_STEPS = some.lists(
    some.sampled_from(["yes", "no", "back", "wait", "lose", "freeze", "cancel", "spend"]),
    min_size=1,
    max_size=8,
)


@pytest.mark.slow
@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps=_STEPS, is_in=some.booleans(), at_once=some.booleans())
async def test_whatever_a_provider_says_no_money_is_made_or_lost(
    steps: Sequence[str], is_in: bool, at_once: bool
) -> None:
    ada = await withdrawer(f"ada{uuid4().hex[:12]}", holds=1_000)
    before = await house(AccountKind.PROVIDER_CLEARING)
    movement = await (_asked(ada) if is_in else ada.withdraws())
    await provider_orders.hand_over(movement, "bank", NOON)

    acts = [_act(step, ada, movement) for step in steps]
    if at_once:
        await asyncio.gather(*acts, return_exceptions=True)
    else:
        for act in acts:
            await act
    said = [step for step in steps if step in {"yes", "no", "back"}]
    if said:
        # The last word is said once more, whatever order they came in.
        await _act(said[-1], ada, movement)

    await books.assert_sound()
    ended = await Movement.get(id=movement.id)
    if said:
        moved = await house(AccountKind.PROVIDER_CLEARING) - before
        stands = said[-1] == "yes"
        assert ended.status.is_final
        assert moved == (0 if not stands else 500 if is_in else -500)
        assert (await ada.has())[1] == 0


async def _asked(ada: Withdrawer) -> Movement:
    wish = top_ups.Wish(wallet_id=ada.wallet.id, amount=500, currency="CNY", key=uuid4().hex)
    return await top_ups.start(wish, by=ada.person.id, now=NOON)


async def _act(step: str, ada: Withdrawer, movement: Movement) -> None:
    words: dict[str, Any] = {"yes": YES, "no": NO, "back": BACK, "wait": WAIT}
    current = await Movement.get(id=movement.id)
    if step in words:
        await provider_orders.believe(current, words[step], LATER)
    elif step == "lose":
        await provider_orders.lose(current, LATER)
    elif step == "freeze":
        await Account.filter(id=ada.wallet.id).update(freeze_level=1)
    elif step == "cancel" and current.kind is MovementKind.WITHDRAWAL:
        with pytest.raises(Exception, match="can no longer be cancelled"):
            await ada.cancels(current)
    elif step == "spend":
        somebody = await factories.person(f"bob{uuid4().hex[:12]}")
        await spend(ada.wallet, await factories.wallet(somebody), 300)
