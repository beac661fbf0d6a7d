"""Who works for a merchant, what each of them may do, and how it changes hands."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from domain import merchants
from domain.fresh_proofs import ProofNeeded
from domain.merchants import Scope, members
from domain.merchants.members import AlreadyMember, MemberNotFound, OwnerStays, TooManyMembers
from domain.refusals import NotFound
from models.merchants import MemberRole, Merchant, MerchantMember, MerchantStatus
from models.people import Person, Role
from models.security_events import EventKind
from tests import factories
from tests.domain import proved, registers
from tests.domain.merchandise import roles, told
from tests.moments import NOON

pytestmark = pytest.mark.usefixtures("database")

OWNER, MANAGER = MemberRole.OWNER, MemberRole.MANAGER
CASHIER, VIEWER = MemberRole.CASHIER, MemberRole.VIEWER


async def test_somebody_is_added_is_told_gets_another_role_and_leaves() -> None:
    ada, bob = await factories.person("ada"), await factories.person("bob")
    tea = await factories.merchant(ada)
    by = await registers.identity_of(ada)

    member, person = await members.add(
        by=by, merchant_id=tea.id, account_name="ＢＯＢ", role=CASHIER, now=NOON
    )
    await members.set_role(by=by, member_id=member.id, role=VIEWER, now=NOON)

    assert person == bob
    assert await told(bob) == [EventKind.MERCHANT_JOINED]
    assert await roles(tea) == {"ada": OWNER, "bob": VIEWER}
    assert await members.merchants_of(bob.id) == [(tea, VIEWER)]
    await merchants.leave(by=factories.identity(bob), merchant_id=tea.id)
    assert await roles(tea) == {"ada": OWNER}


@pytest.mark.parametrize(
    ("role", "scopes"),
    [
        (OWNER, set(Scope)),
        (MANAGER, set(Scope)),
        (CASHIER, {Scope.READ, Scope.ORDERS, Scope.PAYMENTS}),
        (VIEWER, {Scope.READ, Scope.SETTLEMENTS}),
    ],
)
async def test_each_role_may_do_what_it_is_for_and_for_no_other_merchant(
    role: MemberRole, scopes: set[Scope]
) -> None:
    bob = await factories.person("bob")
    books = await factories.merchant(await factories.person("cleo"), "Book Shop")
    tea = await factories.merchant(bob if role is OWNER else await factories.person("ada"))
    if role is not OWNER:
        await factories.member(tea, bob, role)

    async def may(merchant: Merchant, scope: Scope) -> bool:
        try:
            await merchants.acting(
                scope, holder=None, identity=factories.identity(bob), merchant_id=merchant.id
            )
        except NotFound:
            return False
        return True

    assert {scope for scope in Scope if await may(tea, scope)} == scopes
    assert not [scope for scope in Scope if await may(books, scope)]


async def test_nobody_is_added_whom_uPay_does_not_know_or_who_works_at_the_desk() -> None:  # noqa: N802
    ada = await factories.person("ada")
    await factories.person("lin", role=Role.AGENT)
    await factories.person("gone", closed_at=NOON)
    tea = await factories.merchant(ada)
    by = await registers.identity_of(ada)

    for name in ("nobody", "lin", "gone", "", "x" * 60_000, "bob@example.org", "\ud800"):
        with pytest.raises(MemberNotFound):
            await members.add(by=by, merchant_id=tea.id, account_name=name, role=CASHIER, now=NOON)

    assert await roles(tea) == {"ada": OWNER}


async def test_whoever_is_added_twice_at_once_works_there_once() -> None:
    ada, bob = await factories.person("ada"), await factories.person("bob")
    tea = await factories.merchant(ada)
    by = await registers.identity_of(ada)

    answers = await asyncio.gather(
        *(
            members.add(by=by, merchant_id=tea.id, account_name="bob", role=role, now=NOON)
            for role in (CASHIER, VIEWER)
        ),
        return_exceptions=True,
    )

    assert sum(isinstance(answer, AlreadyMember) for answer in answers) == 1
    assert await MerchantMember.filter(person_id=bob.id).count() == 1
    assert len(await told(bob)) == 1


async def test_of_two_who_are_added_at_once_only_as_many_as_can_are(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(members, "MEMBERS_MAX", 2)
    ada = await factories.person("ada")
    await factories.person("bob")
    await factories.person("cleo")
    tea = await factories.merchant(ada)
    by = await registers.identity_of(ada)

    answers = await asyncio.gather(
        *(
            members.add(by=by, merchant_id=tea.id, account_name=name, role=VIEWER, now=NOON)
            for name in ("bob", "cleo")
        ),
        return_exceptions=True,
    )

    assert sum(isinstance(answer, TooManyMembers) for answer in answers) == 1
    assert len(await roles(tea)) == 2


async def test_the_owner_neither_leaves_nor_is_removed_nor_gets_another_role() -> None:
    ada, bob = await factories.person("ada"), await factories.person("bob")
    tea = await factories.merchant(ada)
    await factories.member(tea, bob, MANAGER)
    owner = await MerchantMember.get(person_id=ada.id)
    by = await registers.identity_of(bob)

    with pytest.raises(OwnerStays):
        await members.remove(by=by, member_id=owner.id, now=NOON)
    with pytest.raises(OwnerStays):
        await members.set_role(by=by, member_id=owner.id, role=VIEWER, now=NOON)
    with pytest.raises(OwnerStays):
        await merchants.leave(by=factories.identity(ada), merchant_id=tea.id)

    assert await roles(tea) == {"ada": OWNER, "bob": MANAGER}


async def test_it_takes_a_fresh_proof_to_let_somebody_in_or_out() -> None:
    ada, bob = await factories.person("ada"), await factories.person("bob")
    tea = await factories.merchant(ada)
    member = await factories.member(tea, bob, CASHIER)
    by, later = await registers.identity_of(ada), NOON + timedelta(minutes=11)

    with pytest.raises(ProofNeeded):
        await members.add(by=by, merchant_id=tea.id, account_name="bob", role=MANAGER, now=later)
    with pytest.raises(ProofNeeded):
        await members.set_role(by=by, member_id=member.id, role=MANAGER, now=later)
    with pytest.raises(ProofNeeded):
        await members.remove(by=by, member_id=member.id, now=later)

    assert await roles(tea) == {"ada": OWNER, "bob": CASHIER}


async def test_a_merchant_changes_hands_when_both_want_it() -> None:
    ada, bob = await factories.person("ada"), await factories.person("bob")
    tea = await factories.merchant(ada)
    member = await factories.member(tea, bob, CASHIER)

    await merchants.offer(by=await proved.twice(ada), member_id=member.id, now=NOON)
    assert await roles(tea) == {"ada": OWNER, "bob": CASHIER}
    taken = await merchants.accept(
        by=await registers.identity_of(bob), merchant_id=tea.id, now=NOON
    )

    assert (taken.owner_id, taken.offered_to) == (bob.id, None)
    assert await roles(tea) == {"ada": MANAGER, "bob": OWNER}
    assert await told(bob) == [EventKind.MERCHANT_OFFERED]


async def test_an_offer_that_was_taken_back_or_that_is_anothers_cannot_be_accepted() -> None:
    ada, bob, cleo = [await factories.person(name) for name in ("ada", "bob", "cleo")]
    tea = await factories.merchant(ada)
    bobs = await factories.member(tea, bob, MANAGER)
    cleos = await factories.member(tea, cleo, MANAGER)
    by = await proved.twice(ada)
    own = await MerchantMember.get(person_id=ada.id)

    await merchants.offer(by=by, member_id=bobs.id, now=NOON)
    with pytest.raises(NotFound):
        await merchants.accept(by=await registers.identity_of(cleo), merchant_id=tea.id, now=NOON)
    await merchants.offer(by=by, member_id=own.id, now=NOON)
    with pytest.raises(NotFound):
        await merchants.accept(by=await registers.identity_of(bob), merchant_id=tea.id, now=NOON)
    with pytest.raises(NotFound):
        await merchants.offer(by=await proved.twice(bob), member_id=cleos.id, now=NOON)
    await merchants.offer(by=by, member_id=bobs.id, now=NOON)
    await members.remove(by=by, member_id=bobs.id, now=NOON)

    assert (await Merchant.get(id=tea.id)).offered_to is None
    assert await roles(tea) == {"ada": OWNER, "cleo": MANAGER}


async def test_a_merchant_has_one_owner_however_often_it_changes_hands_at_once() -> None:
    ada, bob = await factories.person("ada"), await factories.person("bob")
    tea = await factories.merchant(ada)
    await factories.member(tea, bob, MANAGER)
    await Merchant.filter(id=tea.id).update(offered_to=bob.id)
    by = await registers.identity_of(bob)

    answers = await asyncio.gather(
        merchants.accept(by=by, merchant_id=tea.id, now=NOON),
        merchants.accept(by=by, merchant_id=tea.id, now=NOON),
        merchants.leave(by=by, merchant_id=tea.id),
        return_exceptions=True,
    )

    now = await Merchant.get(id=tea.id)
    owners = await MerchantMember.filter(merchant_id=tea.id, role=OWNER)
    assert [owner.person_id for owner in owners] == [now.owner_id]
    assert sum(isinstance(answer, Merchant) for answer in answers) == 1


async def test_nobody_is_added_to_a_merchant_that_is_closed() -> None:
    ada = await factories.person("ada")
    await factories.person("bob")
    tea = await factories.merchant(ada, status=MerchantStatus.REJECTED)

    with pytest.raises(merchants.MerchantNotAccepted):
        await members.add(
            by=await registers.identity_of(ada),
            merchant_id=tea.id,
            account_name="bob",
            role=CASHIER,
            now=NOON,
        )

    assert await roles(tea) == {"ada": OWNER}
    assert await told(await Person.get(account_name="bob")) == []
