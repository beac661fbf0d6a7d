"""Becoming a merchant, pausing, being suspended, closing: who may, and what is left true."""

from __future__ import annotations

import asyncio
import dataclasses

import pytest

from domain import closings, erasures, merchants
from domain.audit import ReasonRequired
from domain.closings import OwnsMerchant
from domain.fresh_proofs import ProofNeeded
from domain.merchants import (
    MerchantApplicationOpen,
    MerchantCategoryInvalid,
    MerchantDecided,
    MerchantNameInvalid,
    MerchantNotAccepted,
    numbers,
    statuses,
)
from domain.refusals import NotFound
from models.audit import AuditRecord
from models.merchants import ApiKey, MemberRole, Merchant, MerchantMember, MerchantStatus
from models.orders import Order, OrderStatus
from models.people import Person, Role
from models.quotes import Capture
from models.security_events import EventKind
from models.wallets import Account
from tests import factories
from tests.domain import proved, registers
from tests.domain.merchandise import TEA, WHY, agent, applied, roles, told
from tests.moments import NOON

pytestmark = pytest.mark.usefixtures("database")


async def test_whoever_applies_owns_a_merchant_that_takes_no_payments_yet() -> None:
    ada = await factories.person("ada")

    tea = await applied(ada)

    assert (tea.status, tea.owner_id, tea.decided_at) == (MerchantStatus.APPLIED, ada.id, None)
    assert numbers.is_number(tea.number)
    assert await roles(tea) == {"ada": MemberRole.OWNER}
    assert await Account.filter(merchant_id=tea.id).count() == 0


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"name": ""}, MerchantNameInvalid),
        ({"name": "x" * 65}, MerchantNameInvalid),
        ({"name": "x" * 60_000}, MerchantNameInvalid),
        ({"name": "uPay 客服"}, MerchantNameInvalid),
        ({"name": "Tea\u202eHouse"}, MerchantNameInvalid),
        ({"city": "\u0000"}, MerchantNameInvalid),
        ({"category": "58l2"}, MerchantCategoryInvalid),
        ({"category": "5812\n"}, MerchantCategoryInvalid),
        ({"category": "٥٨١٢"}, MerchantCategoryInvalid),
        ({"country": "cn"}, MerchantCategoryInvalid),
        ({"country": "XX"}, MerchantCategoryInvalid),
    ],
)
async def test_what_is_no_business_is_refused_and_leaves_nothing(
    changes: dict[str, str], refusal: type[Exception]
) -> None:
    ada = await factories.person("ada")

    with pytest.raises(refusal):
        await merchants.apply(ada.id, dataclasses.replace(TEA, **changes), NOON)

    assert await Merchant.all().count() == await MerchantMember.all().count() == 0


async def test_of_two_applications_at_once_one_is_looked_at() -> None:
    ada = await factories.person("ada")

    answers = await asyncio.gather(applied(ada), applied(ada), return_exceptions=True)

    assert {type(answer) for answer in answers} == {Merchant, MerchantApplicationOpen}
    assert await Merchant.all().count() == 1


async def test_an_accepted_merchant_takes_payments_and_its_owner_is_told() -> None:
    ada, lin = await factories.person("ada"), await agent()
    tea = await applied(ada)

    decided = await merchants.decide(
        by=lin, merchant_id=tea.id, is_accepted=True, reason=WHY, now=NOON
    )

    assert (decided.status, decided.reason) == (MerchantStatus.ACCEPTING, WHY)
    assert await told(ada) == [EventKind.MERCHANT_ACCEPTED]
    [record] = await AuditRecord.all()
    assert (record.action, record.subject_id, record.reason) == ("decide_merchant", tea.id, WHY)


async def test_whoever_was_rejected_reads_why_and_can_apply_again() -> None:
    ada, lin = await factories.person("ada"), await agent()
    tea = await applied(ada)

    await merchants.decide(by=lin, merchant_id=tea.id, is_accepted=False, reason=WHY, now=NOON)
    again = await applied(ada)

    rejected = await Merchant.get(id=tea.id)
    assert (rejected.status, rejected.reason) == (MerchantStatus.REJECTED, WHY)
    assert await told(ada) == [EventKind.MERCHANT_REJECTED]
    assert again.status is MerchantStatus.APPLIED


async def test_of_two_agents_who_decide_at_once_one_does() -> None:
    ada = await factories.person("ada")
    lin, wei = await agent("lin"), await agent("wei")
    tea = await applied(ada)

    answers = await asyncio.gather(
        merchants.decide(by=lin, merchant_id=tea.id, is_accepted=True, reason=WHY, now=NOON),
        merchants.decide(by=wei, merchant_id=tea.id, is_accepted=False, reason=WHY, now=NOON),
        return_exceptions=True,
    )

    assert {type(answer) for answer in answers} == {Merchant, MerchantDecided}
    assert await AuditRecord.all().count() == 1
    assert len(await told(ada)) == 1


async def test_nobody_decides_about_a_merchant_that_they_work_for() -> None:
    ada, lin = await factories.person("ada"), await factories.person("lin")
    tea = await applied(ada)
    await factories.member(tea, lin, MemberRole.MANAGER)
    await Person.filter(id=lin.id).update(role=Role.AGENT)
    by = factories.identity(await Person.get(id=lin.id))

    for verb in (merchants.suspend, merchants.reinstate, merchants.look_at):
        with pytest.raises(NotFound):
            await verb(by=by, merchant_id=tea.id, reason=WHY, now=NOON)
    with pytest.raises(NotFound):
        await merchants.decide(by=by, merchant_id=tea.id, is_accepted=True, reason=WHY, now=NOON)

    assert (await Merchant.get(id=tea.id)).status is MerchantStatus.APPLIED
    assert await AuditRecord.all().count() == 0


async def test_an_agent_says_why_and_a_customer_decides_nothing() -> None:
    ada, lin = await factories.person("ada"), await agent()
    tea = await applied(ada)

    with pytest.raises(ReasonRequired):
        await merchants.decide(by=lin, merchant_id=tea.id, is_accepted=True, reason="", now=NOON)
    with pytest.raises(NotFound):
        await merchants.decide(
            by=factories.identity(await factories.person("bob")),
            merchant_id=tea.id,
            is_accepted=True,
            reason="",
            now=NOON,
        )

    assert (await Merchant.get(id=tea.id)).status is MerchantStatus.APPLIED


async def test_a_merchant_is_paused_and_resumed_by_those_who_manage_it() -> None:
    ada, bob = await factories.person("ada"), await factories.person("bob")
    tea = await factories.merchant(ada)
    await factories.member(tea, bob, MemberRole.MANAGER)
    by = await registers.identity_of(bob)

    paused = await merchants.pause(by=by, merchant_id=tea.id, now=NOON)
    again = await merchants.pause(by=by, merchant_id=tea.id, now=NOON)
    resumed = await merchants.resume(by=by, merchant_id=tea.id, now=NOON)

    assert paused.status is again.status is MerchantStatus.PAUSED
    assert resumed.status is MerchantStatus.ACCEPTING


@pytest.mark.parametrize("role", [MemberRole.CASHIER, MemberRole.VIEWER, None])
async def test_whoever_does_not_manage_a_merchant_finds_nothing_to_pause(
    role: MemberRole | None,
) -> None:
    tea, bob = (
        await factories.merchant(await factories.person("ada")),
        await factories.person("bob"),
    )
    if role is not None:
        await factories.member(tea, bob, role)
    by = await proved.twice(bob)

    for verb in (merchants.pause, merchants.resume, merchants.close):
        with pytest.raises(NotFound):
            await verb(by=by, merchant_id=tea.id, now=NOON)

    assert (await Merchant.get(id=tea.id)).status is MerchantStatus.ACCEPTING


async def test_a_token_alone_neither_pauses_nor_closes_a_merchant() -> None:
    ada = await factories.person("ada")
    tea = await factories.merchant(ada)

    with pytest.raises(ProofNeeded):
        await merchants.pause(by=factories.identity(ada), merchant_id=tea.id, now=NOON)
    with pytest.raises(ProofNeeded):
        await merchants.close(by=await registers.identity_of(ada), merchant_id=tea.id, now=NOON)

    assert (await Merchant.get(id=tea.id)).status is MerchantStatus.ACCEPTING


async def test_what_the_desk_suspends_only_the_desk_lifts_and_a_pause_of_its_own_stays() -> None:
    ada, lin = await factories.person("ada"), await agent()
    tea = await factories.merchant(ada)
    by = await registers.identity_of(ada)
    await merchants.pause(by=by, merchant_id=tea.id, now=NOON)

    await merchants.suspend(by=lin, merchant_id=tea.id, reason=WHY, now=NOON)
    with pytest.raises(statuses.MerchantSuspended) as refused:
        await merchants.resume(by=by, merchant_id=tea.id, now=NOON)
    lifted = await merchants.reinstate(by=lin, merchant_id=tea.id, reason=WHY, now=NOON)
    resumed = await merchants.resume(by=by, merchant_id=tea.id, now=NOON)

    assert refused.value.reason == WHY
    assert (lifted.status, lifted.suspended_at) == (MerchantStatus.PAUSED, None)
    assert resumed.status is MerchantStatus.ACCEPTING
    assert await told(ada) == [EventKind.MERCHANT_SUSPENDED, EventKind.MERCHANT_REINSTATED]
    actions = [record.action for record in await AuditRecord.all().order_by("at", "id")]
    assert actions == ["suspend_merchant", "reinstate_merchant"]


async def test_a_closed_merchant_has_no_keys_and_its_accounts_take_nothing() -> None:
    ada = await factories.person("ada")
    tea = await factories.merchant(ada)
    key = await factories.key(tea)

    closed = await merchants.close(by=await proved.twice(ada), merchant_id=tea.id, now=NOON)
    again = await merchants.close(by=await proved.twice(ada), merchant_id=tea.id, now=NOON)

    assert closed.status is again.status is MerchantStatus.CLOSED
    assert await merchants.holder(key, NOON) is None
    assert [each.revoked_at for each in await ApiKey.all()] == [NOON]
    assert [each.closed_at for each in await Account.filter(merchant_id=tea.id)] == [NOON]
    assert await told(ada) == [EventKind.MERCHANT_CLOSED]


async def test_an_application_is_withdrawn_by_closing_it_and_a_rejected_one_is_not() -> None:
    ada = await factories.person("ada")
    by = await proved.twice(ada)
    tea = await applied(ada)
    rejected = await factories.merchant(ada, status=MerchantStatus.REJECTED)

    closed = await merchants.close(by=by, merchant_id=tea.id, now=NOON)
    with pytest.raises(MerchantNotAccepted):
        await merchants.close(by=by, merchant_id=rejected.id, now=NOON)

    assert closed.status is MerchantStatus.CLOSED
    assert (await applied(ada)).status is MerchantStatus.APPLIED


async def test_a_merchant_that_is_owed_money_is_not_closed() -> None:
    ada = await factories.person("ada")
    tea = await factories.merchant(ada)
    await factories.payment(
        await factories.order(tea, 250), await factories.wallet(ada, holds=1_000)
    )

    with pytest.raises(statuses.MerchantNotEmpty) as refused:
        await merchants.close(by=await proved.twice(ada), merchant_id=tea.id, now=NOON)

    assert (refused.value.balance, refused.value.currency) == (250, "CNY")
    await _is_untouched(tea)


async def test_a_merchant_with_an_authorised_payment_is_not_closed() -> None:
    ada = await factories.person("ada")
    tea = await factories.merchant(ada)
    order = await factories.order(tea, 250, capture=Capture.LATER)
    await factories.payment(order, await factories.wallet(ada, holds=1_000))

    with pytest.raises(statuses.MerchantInUse):
        await merchants.close(by=await proved.twice(ada), merchant_id=tea.id, now=NOON)

    await _is_untouched(tea)


async def test_a_merchant_with_an_order_that_can_be_paid_is_not_closed_until_it_ends() -> None:
    ada = await factories.person("ada")
    tea = await factories.merchant(ada)
    order = await factories.order(tea)
    by = await proved.twice(ada)

    with pytest.raises(statuses.MerchantInUse):
        await merchants.close(by=by, merchant_id=tea.id, now=NOON)
    await _is_untouched(tea)
    await Order.filter(id=order.id).update(status=OrderStatus.CLOSED, closed_at=NOON)

    closed = await merchants.close(by=by, merchant_id=tea.id, now=NOON)
    assert closed.status is MerchantStatus.CLOSED


async def test_nobody_closes_their_account_who_answers_for_a_merchant() -> None:
    ada = await factories.person("ada")
    tea = await factories.merchant(ada)
    by = await proved.twice(ada)

    with pytest.raises(OwnsMerchant) as refused:
        await closings.close_account(by=by, now=NOON)
    assert refused.value.name == "Tea House"
    assert (await Person.get(id=ada.id)).closed_at is None
    await merchants.close(by=by, merchant_id=tea.id, now=NOON)
    await closings.close_account(by=by, now=NOON)

    assert (await Person.get(id=ada.id)).closed_at == NOON


async def test_whoever_closes_their_account_works_for_no_merchant_any_more() -> None:
    ada, bob = await factories.person("ada"), await factories.person("bob")
    tea = await factories.merchant(ada)
    await factories.member(tea, bob, MemberRole.MANAGER)
    await Merchant.filter(id=tea.id).update(offered_to=bob.id)

    await closings.close_account(by=await proved.twice(bob), now=NOON)

    assert await roles(tea) == {"ada": MemberRole.OWNER}
    assert (await Merchant.get(id=tea.id)).offered_to is None


async def test_an_erased_person_leaves_the_name_of_a_merchant_only_where_payers_knew_it() -> None:
    ada, ida = await factories.person("ada"), await factories.person("ida")
    lin, by = await agent(), await proved.twice(ada)
    rejected = await applied(ada)
    await merchants.decide(by=lin, merchant_id=rejected.id, is_accepted=False, reason=WHY, now=NOON)
    withdrawn, known = await applied(ada), await applied(ida)
    await merchants.close(by=by, merchant_id=withdrawn.id, now=NOON)
    await merchants.decide(by=lin, merchant_id=known.id, is_accepted=True, reason=WHY, now=NOON)
    await merchants.close(by=await proved.twice(ida), merchant_id=known.id, now=NOON)

    for person in (ada, ida):
        await closings.close_account(by=await proved.twice(person), now=NOON)
        await erasures.erase(person.id, NOON)

    names = {row.id: (row.name, row.city) for row in await Merchant.all()}
    assert names == {
        rejected.id: ("-", "-"),
        withdrawn.id: ("-", "-"),
        known.id: ("Tea House", "Hangzhou"),
    }
    assert await MerchantMember.all().count() == 0


async def test_an_account_is_opened_once_for_a_currency_however_many_need_it() -> None:
    tea = await factories.merchant(await factories.person("ada"))

    opened = await asyncio.gather(*(merchants.account(tea.id, "USD", NOON) for _ in range(5)))

    assert len({account.id for account in opened}) == 1
    assert [each.currency for each in await merchants.accounts(tea.id)] == ["CNY", "USD"]


def test_a_number_with_a_slip_in_it_is_none() -> None:
    number = numbers.drawn()
    slips = [
        number[:place] + digit + number[place + 1 :]
        for place in range(len(number))
        for digit in "0123456789"
        if digit != number[place]
    ]

    assert numbers.is_number(number)
    assert not any(numbers.is_number(slip) for slip in slips)
    for other in ("", number[:-1], number + "0", "٠" * 10, " " + number[1:], "0" * 9 + "x"):
        assert not numbers.is_number(other)


async def _is_untouched(merchant: Merchant) -> None:
    assert (await Merchant.get(id=merchant.id)).status is MerchantStatus.ACCEPTING
    assert await Account.filter(merchant_id=merchant.id, closed_at__isnull=False).count() == 0
