"""Money of a payment goes back once, never more than came, and each step of it can be told."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from domain import amounts, keys, refunds, texts, wallets
from domain.chart import house_account
from domain.freezes import freeze
from domain.merchants import Actor
from domain.refusals import KeyReused, NotFound
from jobs.handlers import Wires, registry
from jobs.worker import Worker
from models.cases import Case, CaseKind
from models.freezes import FreezeOwner
from models.ids import new_id
from models.merchants import Merchant, MerchantStatus
from models.movements import Movement, MovementKind
from models.payments import Payment
from models.quotes import Capture
from models.refunds import Refund, RefundOrigin, RefundStatus, RefundStep
from models.wallets import Account, AccountKind
from tests import factories
from tests.domain import books, shops
from tests.moments import NOON, Clock

pytestmark = pytest.mark.usefixtures("database")

DAY = timedelta(days=1)


async def refund_movements() -> list[Movement]:
    return await Movement.filter(kind=MovementKind.REFUND).order_by("id")


async def test_a_merchant_gives_all_of_a_payment_back() -> None:
    shop = await shops.shop()

    refund = await shop.refund(note="Sold out")

    assert (refund.status, refund.amount, refund.version) == (RefundStatus.SUCCEEDED, 1_000, 1)
    assert (refund.origin, refund.note) == (RefundOrigin.MERCHANT, "Sold out")
    assert refund.settled_at == NOON
    assert await shop.balances() == [5_000, 0]
    assert await shop.counted() == (1_000, 1_000, 0)
    [movement] = await refund_movements()
    assert (movement.id, movement.origin_id) == (refund.movement_id, shop.payment.movement_id)
    assert (movement.person_id, movement.target_id) == (shop.ada.id, shop.wallet.id)
    assert movement.note == ""
    [step] = await RefundStep.filter(refund_id=refund.id)
    assert (step.place, step.person_id, step.movement_id) == (1, shop.mei.id, movement.id)
    assert await shop.told() == ["refund.succeeded"]
    assert await shop.seqs() == [1, 2]
    await books.assert_sound()


async def test_a_payment_goes_back_in_parts_until_nothing_is_left() -> None:
    shop = await shops.shop()

    for amount in (300, 200, None):
        await shop.refund(amount)
    with pytest.raises(refunds.RefundExceeds) as refused:
        await shop.refund(1)

    assert (refused.value.refundable, refused.value.currency) == (0, "CNY")
    assert sum(row.amount for row in await Refund.all()) == 1_000
    assert await shop.balances() == [5_000, 0]
    assert await shop.seqs() == [1, 2, 3, 4]


async def test_of_refunds_made_at_once_no_more_goes_back_than_was_captured() -> None:
    shop = await shops.shop()
    await shop.earn(5_000)

    answers = await asyncio.gather(*(shop.refund(100) for _ in range(20)), return_exceptions=True)

    done = [each for each in answers if isinstance(each, Refund)]
    assert len(done) == 10
    assert sum(isinstance(each, refunds.RefundExceeds) for each in answers) == 10
    assert await shop.counted() == (1_000, 1_000, 0)
    assert await shop.balances() == [5_000, 5_000]
    assert len(await refund_movements()) == await Refund.all().count() == 10
    await books.assert_sound()


async def test_the_same_key_at_once_or_later_is_one_refund() -> None:
    shop = await shops.shop()

    answers = await asyncio.gather(*(shop.refund(100, key="till-7") for _ in range(20)))
    again = await shop.refund(100, key="till-7", now=NOON + timedelta(days=300))

    assert {each.id for each in (*answers, again)} == {answers[0].id}
    assert await shop.counted() == (1_000, 100, 0)
    assert len(await refund_movements()) == 1
    assert await shop.told() == ["refund.succeeded"]


async def test_a_key_for_other_words_is_refused_and_moves_nothing() -> None:
    shop = await shops.shop()
    await shop.refund(100, key="till-7")
    before = await books.picture()

    with pytest.raises(KeyReused):
        await shop.refund(200, key="till-7")
    with pytest.raises(KeyReused):
        await shop.refund(100, key="till-7", note="Other words")
    with pytest.raises(keys.KeyInvalid):
        await shop.refund(100, key="x" * 60_000)

    assert await books.picture() == before


@pytest.mark.parametrize(
    ("amount", "changes", "refusal"),
    [
        (1_001, {}, refunds.RefundExceeds),
        (0, {}, amounts.AmountInvalid),
        (-5, {}, amounts.AmountInvalid),
        (2**53, {}, amounts.AmountInvalid),
        (10, {"currency": "JPY"}, amounts.CurrencyMismatch),
        (10, {"note": "x" * 60_000}, texts.NoteInvalid),
        (10, {"note": "left\u202eright"}, texts.NoteInvalid),
        (10, {"now": NOON + refunds.WINDOW}, refunds.RefundWindowClosed),
    ],
)
async def test_what_cannot_go_back_is_refused_to_merchant_and_payer_and_moves_nothing(
    amount: int, changes: dict[str, Any], refusal: type[Exception]
) -> None:
    shop = await shops.shop()
    before = await books.picture()

    with pytest.raises(refusal):
        await shop.refund(amount, **changes)
    with pytest.raises(refusal):
        await shop.request(amount, **changes)

    assert await books.picture() == before
    assert await Refund.all().count() == 0
    assert await shop.seqs() == [1]


async def test_the_last_second_of_the_window_is_still_in_it() -> None:
    shop = await shops.shop()

    refund = await shop.refund(now=NOON + refunds.WINDOW - timedelta(seconds=1))

    assert refund.status is RefundStatus.SUCCEEDED


async def test_what_is_only_authorised_is_voided_and_not_refunded() -> None:
    shop = await shops.shop(capture=Capture.LATER)

    with pytest.raises(refunds.PaymentNotCaptured):
        await shop.refund()
    await shop.capture(400, is_final=False)
    with pytest.raises(refunds.RefundExceeds) as refused:
        await shop.refund(401)
    refund = await shop.refund()

    assert refused.value.refundable == 400
    assert refund.amount == 400
    assert await shop.counted() == (400, 400, 0)
    assert await shop.balances() == [5_000, 0]


async def test_another_merchants_payment_is_not_there() -> None:
    shop = await shops.shop()
    other = await factories.merchant(await factories.person("eve"), "Noodles")
    stranger = Actor(merchant_id=other.id, person_id=other.owner_id)
    asked = await shop.request(100)

    with pytest.raises(NotFound):
        await refunds.refund(shop.wish(100), by=stranger, key="k1", now=NOON)
    with pytest.raises(NotFound):
        await refunds.approve(by=stranger, refund_id=asked.id, key="k2", now=NOON)
    with pytest.raises(NotFound):
        await refunds.retry(by=stranger, refund_id=asked.id, key="k3", now=NOON)
    with pytest.raises(NotFound):
        await refunds.reject(by=stranger, refund_id=asked.id, answer="No", now=NOON)
    with pytest.raises(NotFound):
        await refunds.request(shop.wish(100), by=other.owner_id, now=NOON)
    with pytest.raises(NotFound):
        await refunds.withdraw(by=other.owner_id, refund_id=asked.id, now=NOON)
    with pytest.raises(NotFound):
        await shop.refund(100, payment_id=new_id())

    assert await shop.counted() == (1_000, 0, 0)
    assert await shops.steps(asked) == ["requested"]


async def test_a_merchant_that_is_paused_still_gives_money_back() -> None:
    shop = await shops.shop()
    await Merchant.filter(id=shop.merchant.id).update(status=MerchantStatus.PAUSED)

    assert (await shop.refund()).status is RefundStatus.SUCCEEDED


@pytest.mark.parametrize("owner", [FreezeOwner.CUSTOMER, FreezeOwner.RULE])
async def test_money_goes_back_into_a_frozen_wallet(owner: FreezeOwner) -> None:
    shop = await shops.shop()
    by = factories.identity(shop.ada) if owner is FreezeOwner.CUSTOMER else None
    await freeze(person_id=shop.ada.id, owner=owner, by=by, reason="Odd hours", now=NOON)

    refund = await shop.refund()

    assert refund.status is RefundStatus.SUCCEEDED
    assert await shop.balances() == [5_000, 0]


async def test_what_the_merchant_does_not_have_fails_and_is_tried_again_as_the_same_refund() -> (
    None
):
    shop = await shops.shop()
    await shop.spend(900)

    failed = await shop.refund(300)
    counted = await shop.counted()
    twice = await refunds.retry(by=shop.actor, refund_id=failed.id, key="again-1", now=NOON)
    await shop.earn(500)
    done = await refunds.retry(by=shop.actor, refund_id=failed.id, key="again-2", now=NOON + DAY)
    replayed = await refunds.retry(
        by=shop.actor, refund_id=failed.id, key="again-1", now=NOON + DAY
    )

    assert (failed.status, failed.failure_code) == (RefundStatus.FAILED, "MERCHANT_FUNDS_SHORT")
    assert failed.failure_missing == 200
    assert counted == (1_000, 0, 0)
    assert (twice.id, twice.status) == (failed.id, RefundStatus.FAILED)
    assert (done.id, done.status, done.failure_code) == (failed.id, RefundStatus.SUCCEEDED, None)
    assert replayed == done
    assert await shop.counted() == (1_000, 300, 0)
    assert await shops.steps(done) == ["failed", "failed", "succeeded"]
    assert await shop.told() == ["refund.failed", "refund.failed", "refund.succeeded"]
    statuses = [movement.status for movement in await refund_movements()]
    assert sorted(statuses) == sorted(["failed", "failed", "completed"])
    await books.assert_sound()


async def test_a_refund_that_is_tried_again_by_many_at_once_moves_once() -> None:
    shop = await shops.shop()
    await shop.spend(900)
    failed = await shop.refund(300)
    await shop.earn(5_000)

    answers = await asyncio.gather(
        *(
            refunds.retry(by=shop.actor, refund_id=failed.id, key=f"again-{place}", now=NOON)
            for place in range(8)
        ),
        return_exceptions=True,
    )

    assert sum(isinstance(each, Refund) for each in answers) == 1
    assert sum(isinstance(each, refunds.CannotRetry) for each in answers) == 7
    assert await shop.counted() == (1_000, 300, 0)
    assert await shops.steps(failed) == ["failed", "succeeded"]
    await books.assert_sound()


async def test_a_refund_that_failed_is_not_tried_beyond_what_is_left() -> None:
    shop = await shops.shop()
    await shop.spend(900)
    failed = await shop.refund(300)
    await shop.earn(5_000)
    await shop.refund(800)

    with pytest.raises(refunds.RefundExceeds) as refused:
        await refunds.retry(by=shop.actor, refund_id=failed.id, key="again", now=NOON)

    assert refused.value.refundable == 200
    assert (await Refund.get(id=failed.id)).status is RefundStatus.FAILED
    assert await shop.counted() == (1_000, 800, 0)


async def test_only_what_failed_is_tried_again() -> None:
    shop = await shops.shop()
    done, asked = await shop.refund(100), await shop.request(100)

    for refund in (done, asked):
        with pytest.raises(refunds.CannotRetry) as refused:
            await refunds.retry(by=shop.actor, refund_id=refund.id, key="again", now=NOON)
        assert refused.value.refund.id == refund.id

    assert await shop.counted() == (1_000, 100, 0)


async def test_money_for_a_closed_wallet_waits_with_upay_until_it_is_open_again() -> None:
    shop = await shops.shop(holds=1_000)
    await shops.close(shop.wallet)
    suspense = await Account.get(id=house_account(AccountKind.SUSPENSE, "CNY"))
    worker = Worker(registry(Wires()), clock=Clock())

    refund = await shop.refund(400)
    await worker.run_due()
    waiting = await factories.balances(shop.wallet, shop.account, suspense)
    counted = await shop.counted()
    await wallets.open_wallet(shop.ada.id, "CNY", NOON)
    await worker.run_due()

    assert refund.status is RefundStatus.PENDING
    assert waiting == [0, 600, 400]
    assert counted == (1_000, 0, 400)
    assert await factories.balances(shop.wallet, shop.account, suspense) == [400, 600, 0]
    assert await shop.counted() == (1_000, 400, 0)
    [case] = await Case.all()
    assert (case.kind, case.subject_id) == (CaseKind.REFUND_UNCLAIMED, refund.id)
    assert case.detail == {"amount": 400, "currency": "CNY"}
    assert await shops.steps(refund) == ["pending", "succeeded"]
    assert await shop.told() == ["refund.pending", "refund.succeeded"]
    await books.assert_sound()


async def test_what_waits_with_upay_counts_as_gone_back() -> None:
    shop = await shops.shop(holds=1_000)
    await shops.close(shop.wallet)
    await shop.refund(400)

    with pytest.raises(refunds.RefundExceeds) as refused:
        await shop.refund(601)

    assert refused.value.refundable == 600


async def test_a_payer_asks_and_the_merchant_agrees() -> None:
    shop = await shops.shop()

    asked = await shop.request(250, note="The pot was broken")
    moved = await shop.counted()
    given = await refunds.approve(by=shop.actor, refund_id=asked.id, key="yes", now=NOON + DAY)
    again = await refunds.approve(by=shop.actor, refund_id=asked.id, key="yes", now=NOON + DAY)

    assert (asked.status, asked.origin) == (RefundStatus.REQUESTED, RefundOrigin.CUSTOMER)
    assert moved == (1_000, 0, 0)
    assert (given.id, given.status) == (asked.id, RefundStatus.SUCCEEDED)
    assert given == again
    assert await shop.balances() == [4_250, 750]
    first, second = await RefundStep.filter(refund_id=asked.id).order_by("place")
    assert (first.status, first.person_id) == (RefundStatus.REQUESTED, shop.ada.id)
    assert (second.status, second.person_id) == (RefundStatus.SUCCEEDED, shop.mei.id)
    assert await shop.told() == ["refund.requested", "refund.succeeded"]
    assert await shop.seqs() == [1, 2, 3]


async def test_a_merchant_says_no_with_a_reason_and_the_payer_may_ask_again() -> None:
    shop = await shops.shop()
    asked = await shop.request()

    told = await refunds.reject(
        by=shop.actor, refund_id=asked.id, answer="It was delivered", now=NOON
    )
    twice = await refunds.reject(by=shop.actor, refund_id=asked.id, answer="No", now=NOON)
    another = await shop.request(100)

    assert (told.status, told.answer) == (RefundStatus.REJECTED, "It was delivered")
    assert twice == told
    assert another.status is RefundStatus.REQUESTED
    assert await shop.counted() == (1_000, 0, 0)
    assert await shop.told() == ["refund.requested", "refund.rejected", "refund.requested"]


async def test_one_question_at_a_time_also_from_two_phones() -> None:
    shop = await shops.shop()

    answers = await asyncio.gather(*(shop.request(100) for _ in range(6)), return_exceptions=True)

    [asked] = [each for each in answers if isinstance(each, Refund)]
    refused = [each for each in answers if isinstance(each, refunds.AlreadyRequested)]
    assert [each.refund.id for each in refused] == [asked.id] * 5
    assert await Refund.all().count() == 1


async def test_a_payer_takes_a_question_back() -> None:
    shop = await shops.shop()
    asked = await shop.request(100)

    taken = await refunds.withdraw(by=shop.ada.id, refund_id=asked.id, now=NOON)
    twice = await refunds.withdraw(by=shop.ada.id, refund_id=asked.id, now=NOON)
    with pytest.raises(refunds.RefundDecided) as refused:
        await refunds.approve(by=shop.actor, refund_id=asked.id, key="yes", now=NOON)
    with pytest.raises(refunds.RefundDecided):
        await refunds.reject(by=shop.actor, refund_id=asked.id, answer="No", now=NOON)

    assert taken.status is RefundStatus.WITHDRAWN
    assert twice == taken
    assert refused.value.refund.status is RefundStatus.WITHDRAWN
    assert await shop.counted() == (1_000, 0, 0)


async def test_of_yes_no_and_never_mind_at_once_one_counts() -> None:
    shop = await shops.shop()
    asked = await shop.request(100)

    await asyncio.gather(
        refunds.approve(by=shop.actor, refund_id=asked.id, key="yes", now=NOON),
        refunds.reject(by=shop.actor, refund_id=asked.id, answer="No", now=NOON),
        refunds.withdraw(by=shop.ada.id, refund_id=asked.id, now=NOON),
        return_exceptions=True,
    )

    refund = await Refund.get(id=asked.id)
    is_given = refund.status is RefundStatus.SUCCEEDED
    assert await shops.steps(asked) == ["requested", refund.status.value]
    assert await shop.counted() == (1_000, 100 if is_given else 0, 0)
    await books.assert_sound()


async def test_agreeing_to_more_than_is_left_moves_nothing() -> None:
    shop = await shops.shop()
    asked = await shop.request(800)
    await shop.refund(500)

    with pytest.raises(refunds.RefundExceeds):
        await refunds.approve(by=shop.actor, refund_id=asked.id, key="yes", now=NOON)

    assert (await Refund.get(id=asked.id)).status is RefundStatus.REQUESTED
    assert await shop.counted() == (1_000, 500, 0)


async def test_a_merchant_that_says_nothing_is_reminded_and_then_somebody_looks() -> None:
    shop = await shops.shop()
    asked = await shop.request(100)
    clock = Clock()
    worker = Worker(registry(Wires()), clock=clock)

    clock.advance(days=3)
    await worker.run_due()
    reminded = await shop.told()
    clock.advance(days=4)
    await worker.run_due()

    assert reminded == ["refund.requested"] * 2
    [case] = await Case.all()
    assert (case.kind, case.subject_id) == (CaseKind.REFUND_UNANSWERED, asked.id)
    assert await shop.told() == reminded


async def test_of_what_was_answered_nobody_is_reminded() -> None:
    shop = await shops.shop()
    asked = await shop.request(100)
    await refunds.reject(by=shop.actor, refund_id=asked.id, answer="No", now=NOON)
    clock = Clock(NOON + 8 * DAY)

    await Worker(registry(Wires()), clock=clock).run_due()

    assert await shop.told() == ["refund.requested", "refund.rejected"]
    assert await Case.all().count() == 0


async def test_the_database_itself_lets_no_more_go_back_than_was_captured() -> None:
    shop = await shops.shop()

    with pytest.raises(Exception, match="payments_refund_what_is_captured"):
        await Payment.filter(movement_id=shop.payment.movement_id).update(
            refunded=600, refund_pending=401
        )

    assert await shop.counted() == (1_000, 0, 0)
