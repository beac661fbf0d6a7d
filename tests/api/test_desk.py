"""The desk: agents look and act with a reason, and each look stays on record."""

from __future__ import annotations

from typing import Any, Final

import pytest
from starlette.applications import Starlette

from models.audit import AuditRecord
from models.freezes import Freeze
from models.ids import new_id
from models.movements import Movement
from models.people import ContactKind, Person, Role
from models.sessions import Audience
from tests import factories
from tests.api.clients import Asker
from tests.api.conftest import Moving, Resident
from tests.api.test_transfers import PREPARE, confirm, prepared, wish
from tests.domain.registers import picture, proved
from tests.factories import balances
from tests.moments import Clock

FIND: Final = """
query ($by: CustomerInput!, $reason: String!) {
  findCustomer(by: $by, reason: $reason) {
    __typename
    ... on CustomerFound { customer {
      id accountName displayName role isFrozen
      contacts { kind maskedValue isVerified }
      wallets { currency status balance { total { amountMinor } } }
      freezes { owner reason frozenAt liftedAt } } }
    ... on Problem { code field message }
  }
}
"""
MOVEMENT: Final = """
query ($id: ID!, $reason: String!) {
  movement(id: $id, reason: $reason) {
    __typename
    ... on MovementFound { movement {
      id status direction source { name isMe } target { name isMe } } }
    ... on Problem { code field }
  }
}
"""
FREEZE: Final = """
mutation ($id: ID!, $reason: String!) {
  freezeCustomer(input: { customerId: $id, reason: $reason }) {
    __typename ... on CustomerFrozen { customer { isFrozen } } ... on Problem { code field }
  }
}
"""
UNFREEZE: Final = """
mutation ($id: ID!, $reason: String!) {
  unfreezeCustomer(input: { customerId: $id, reason: $reason }) {
    __typename ... on CustomerUnfrozen { customer { isFrozen } } ... on Problem { code field }
  }
}
"""
STATE: Final = "{ me { isFrozen wallets { status } } }"
WHY: Final = "She called from her own number"


class Agent:
    """Somebody at the desk, and what they ask."""

    def __init__(self, person: Person, asker: Asker) -> None:
        self.person = person
        self.asker = asker

    async def finds(self, reason: str = WHY, **by: str) -> dict[str, Any]:
        answer: dict[str, Any] = await self.asker.data(FIND, by=by, reason=reason)
        return answer

    async def freezes(self, resident: Resident, reason: str = WHY) -> dict[str, Any]:
        answer: dict[str, Any] = await self.asker.data(FREEZE, id=_id(resident), reason=reason)
        return answer

    async def unfreezes(self, resident: Resident, reason: str = WHY) -> dict[str, Any]:
        answer: dict[str, Any] = await self.asker.data(UNFREEZE, id=_id(resident), reason=reason)
        return answer


@pytest.fixture
async def lin(app: Starlette, clock: Clock) -> Agent:
    person = await factories.person("lin", role=Role.AGENT)
    opened = await factories.session(person, Audience.DESK, clock())
    return Agent(person, Asker(app, path="/desk/graphql", token=opened.tokens.access))


async def test_a_customer_is_found_by_every_name_and_their_contacts_are_masked(
    resident: Moving, lin: Agent
) -> None:
    ada = await resident("ada", holds=1_000, display_name="Ada Lovelace")
    await proved(ada.person, ContactKind.EMAIL, "ada@example.org")
    await proved(ada.person, ContactKind.PHONE, "+8613800000000")

    found = [
        await lin.finds(accountName="ADA"),
        await lin.finds(email="Ada@example.org"),
        await lin.finds(phone="+86 138 0000 0000"),
    ]

    assert found[0]["customer"] == {
        "id": _id(ada),
        "accountName": "ada",
        "displayName": "Ada Lovelace",
        "role": "CUSTOMER",
        "isFrozen": False,
        "contacts": [
            {"kind": "EMAIL", "maskedValue": "a***@example.org", "isVerified": True},
            {"kind": "PHONE", "maskedValue": "+86*******0000", "isVerified": True},
        ],
        "wallets": [
            {"currency": "CNY", "status": "OPEN", "balance": {"total": {"amountMinor": 1_000}}}
        ],
        "freezes": [],
    }
    assert found[1] == found[2] == found[0]


async def test_every_look_is_on_record_with_its_reason_found_or_not(
    resident: Moving, lin: Agent, clock: Clock
) -> None:
    ada, _ = await resident("ada", holds=100), await resident("bob")
    paid = await confirm(ada, await prepared(ada, "bob", 10))
    missing = new_id()

    await lin.finds(accountName="ada", reason="  A call ")
    await lin.finds(accountName="nobody")
    await lin.asker.data(MOVEMENT, id=paid["transfer"]["id"], reason=WHY)
    not_there = await lin.asker.code(MOVEMENT, id=f"trf_{missing.hex}", reason=WHY)

    paid_id = (await Movement.get(kind="transfer")).id
    assert not_there == "NOT_FOUND"
    assert [
        (row.actor_id, row.action, row.subject_id, row.reason, row.at)
        for row in await AuditRecord.all().order_by("id")
    ] == [
        (lin.person.id, "find_customer", ada.person.id, "A call", clock()),
        (lin.person.id, "find_customer", None, WHY, clock()),
        (lin.person.id, "view_movement", paid_id, WHY, clock()),
        (lin.person.id, "view_movement", missing, WHY, clock()),
    ]


async def test_without_a_reason_nothing_is_shown_done_or_recorded(
    resident: Moving, lin: Agent
) -> None:
    ada, _ = await resident("ada", holds=100), await resident("bob")
    paid = await confirm(ada, await prepared(ada, "bob", 10))
    before = await picture()
    reasons = ["", "  ", "ok", "x" * 501, "\u200b\u200b\u200b", "no\u0000no", "a\u202eb c"]

    for reason in reasons:
        refused = [
            await lin.finds(accountName="ada", reason=reason),
            await lin.finds(accountName="nobody", reason=reason),
            await lin.asker.data(MOVEMENT, id=paid["transfer"]["id"], reason=reason),
            await lin.freezes(ada, reason),
            await lin.unfreezes(ada, reason),
        ]
        assert {(each["code"], *each["field"]) for each in refused} == {
            ("REASON_REQUIRED", "reason")
        }, reason

    assert await picture() == before


async def test_the_desks_own_people_are_not_customers(lin: Agent) -> None:
    mia = await factories.person("mia", role=Role.SUPERVISOR)
    await proved(mia, ContactKind.EMAIL, "mia@example.org")

    found = [
        await lin.finds(accountName="mia"),
        await lin.finds(email="mia@example.org"),
        await lin.finds(accountName="lin"),
        await lin.finds(accountName="nobody"),
    ]

    assert found == [{"__typename": "CustomerFound", "customer": None}] * 4


async def test_an_agent_sees_both_sides_of_a_movement_masked(resident: Moving, lin: Agent) -> None:
    ada = await resident("ada", holds=100, display_name="Ada Lovelace")
    await resident("bob", display_name="Bob Marley")
    paid = await confirm(ada, await prepared(ada, "bob", 10))
    id = paid["transfer"]["id"]

    seen = await lin.asker.data(MOVEMENT, id=id, reason=WHY)

    assert seen["movement"] == {
        "id": id,
        "status": "COMPLETED",
        "direction": None,
        "source": {"name": "A** L*******", "isMe": False},
        "target": {"name": "B** M*****", "isMe": False},
    }
    assert await lin.asker.code(MOVEMENT, id=f"top_{id[4:]}", reason=WHY) == "NOT_FOUND"


async def test_from_a_frozen_customer_nothing_leaves_and_they_can_see_why(
    resident: Moving, lin: Agent
) -> None:
    ada, bob = await resident("ada", holds=1_000), await resident("bob", holds=1_000)
    quoted = await prepared(ada, "bob", 250)

    frozen = await lin.freezes(ada)

    assert frozen["customer"] == {"isFrozen": True}
    assert await ada.asker.data(STATE) == {"isFrozen": True, "wallets": [{"status": "FROZEN"}]}
    assert (await ada.asker.data(PREPARE, input=wish(ada, "bob", 1)))["code"] == (
        "ACCOUNT_RESTRICTED"
    )
    assert (await bob.asker.data(PREPARE, input=wish(bob, "ada", 1)))["code"] == (
        "PAYEE_CANNOT_RECEIVE"
    )

    failed = await confirm(ada, quoted)

    assert failed["__typename"] == "TransferFailed"
    assert failed["transfer"]["status"] == "FAILED"
    assert failed["transfer"]["failure"]["code"] == "ACCOUNT_RESTRICTED"
    assert await confirm(ada, quoted) == failed
    assert await balances(ada.wallet, bob.wallet) == [1_000, 1_000]


async def test_what_was_prepared_for_a_payee_who_is_frozen_meanwhile_fails_on_record(
    resident: Moving, lin: Agent
) -> None:
    ada, bob = await resident("ada", holds=1_000), await resident("bob")
    quoted = await prepared(ada, "bob", 250)
    await lin.freezes(bob)

    failed = await confirm(ada, quoted)

    assert failed["transfer"]["failure"]["code"] == "PAYEE_CANNOT_RECEIVE"
    assert await balances(ada.wallet, bob.wallet) == [1_000, 0]


async def test_what_the_desk_froze_it_lifts_and_money_moves_again(
    resident: Moving, lin: Agent, clock: Clock
) -> None:
    ada, bob = await resident("ada", holds=1_000), await resident("bob")
    await lin.freezes(ada, "A lost phone")
    clock.advance(minutes=1)

    lifted = await lin.unfreezes(ada, "Found again")

    assert lifted["customer"] == {"isFrozen": False}
    assert await ada.asker.data(STATE) == {"isFrozen": False, "wallets": [{"status": "OPEN"}]}
    assert (await lin.finds(accountName="ada"))["customer"]["freezes"] == [
        {
            "owner": "AGENT",
            "reason": "A lost phone",
            "frozenAt": "2026-03-02T12:00:00+00:00",
            "liftedAt": "2026-03-02T12:01:00+00:00",
        }
    ]
    assert (await confirm(ada, await prepared(ada, "bob", 250)))["__typename"] == (
        "TransferCompleted"
    )
    assert await balances(ada.wallet, bob.wallet) == [750, 250]
    acts = await AuditRecord.filter(subject_id=ada.person.id).order_by("id")
    assert [(each.action, each.reason) for each in acts] == [
        ("freeze_customer", "A lost phone"),
        ("unfreeze_customer", "Found again"),
        ("find_customer", WHY),
    ]


async def test_freezing_twice_and_lifting_nothing_are_refused_and_leave_no_trace(
    resident: Moving, lin: Agent
) -> None:
    ada, bob = await resident("ada"), await resident("bob")
    await lin.freezes(ada)
    before = await picture()

    again = await lin.freezes(ada)
    nothing = await lin.unfreezes(bob)

    assert again == {
        "__typename": "AlreadyFrozen", "code": "ALREADY_FROZEN", "field": ["customerId"]
    }  # fmt: skip
    assert nothing == {
        "__typename": "NotFrozen", "code": "NOT_FROZEN", "field": None
    }  # fmt: skip
    assert await picture() == before
    assert await Freeze.all().count() == 1


def _id(resident: Resident) -> str:
    return f"cus_{resident.person.id.hex}"
