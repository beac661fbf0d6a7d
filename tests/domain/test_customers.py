"""Customers as the desk sees them: every look is on record, and only the desk looks."""

from __future__ import annotations

import pytest

from domain import customers
from domain.audit import ReasonRequired
from domain.refusals import NotFound
from models.audit import AuditRecord
from models.ids import new_id
from models.people import ContactKind, Role
from tests import factories
from tests.domain import registers
from tests.moments import NOON

pytestmark = pytest.mark.usefixtures("database")


@pytest.mark.parametrize("name", ["ada", "ADA", "ada@example.org", "+86 138 0013 8000"])
@pytest.mark.parametrize("role", [Role.AGENT, Role.SUPERVISOR, Role.ADMIN])
async def test_the_desk_finds_a_customer_and_that_it_looked_is_on_record(
    name: str, role: Role
) -> None:
    ada = await factories.person("ada")
    await registers.proved(ada, ContactKind.EMAIL, "ada@example.org")
    await registers.proved(ada, ContactKind.PHONE, "+8613800138000")
    lin = await registers.identity_of(await factories.person("lin", role=role))

    found = await customers.look_up(by=lin, name=name, reason=" she called us ", now=NOON)

    assert found == ada
    record = await AuditRecord.get()
    assert (record.actor_id, record.action, record.subject_id, record.reason, record.at) == (
        lin.person_id,
        "find_customer",
        ada.id,
        "she called us",
        NOON,
    )


@pytest.mark.parametrize("name", ["nobody", "", "\x00", "\ud800", "wang", "unproved@example.org"])
async def test_looking_for_somebody_who_is_no_customer_is_on_record_as_well(name: str) -> None:
    await factories.person("wang", role=Role.SUPERVISOR)
    lin = await registers.identity_of(await factories.person("lin", role=Role.AGENT))

    found = await customers.look_up(by=lin, name=name, reason="called us", now=NOON)

    assert found is None
    assert [(row.action, row.subject_id) for row in await AuditRecord.all()] == [
        ("find_customer", None)
    ]


@pytest.mark.parametrize("reason", ["", " ", "no", "x" * 501, "called\x00", "called\u202e"])
async def test_nobody_looks_without_a_reason(reason: str) -> None:
    await factories.person("ada")
    lin = await registers.identity_of(await factories.person("lin", role=Role.AGENT))
    before = await registers.picture()

    with pytest.raises(ReasonRequired):
        await customers.look_up(by=lin, name="ada", reason=reason, now=NOON)
    with pytest.raises(ReasonRequired):
        await customers.movement(by=lin, movement_id=new_id(), reason=reason, now=NOON)

    assert await registers.picture() == before


async def test_only_the_desk_looks() -> None:
    ada = await factories.person("ada")
    movement = await factories.fund(await factories.wallet(ada), ada, 100)
    eve = await registers.identity_of(await factories.person("eve"))
    before = await registers.picture()

    with pytest.raises(NotFound):
        await customers.look_up(by=eve, name="ada", reason="curiosity", now=NOON)
    with pytest.raises(NotFound):
        await customers.movement(by=eve, movement_id=movement.id, reason="curiosity", now=NOON)

    assert await registers.picture() == before


async def test_a_movement_that_an_agent_looked_at_is_on_record() -> None:
    ada = await factories.person("ada")
    movement = await factories.fund(await factories.wallet(ada), ada, 100)
    lin = await registers.identity_of(await factories.person("lin", role=Role.AGENT))

    found = await customers.movement(
        by=lin, movement_id=movement.id, reason="where is my money", now=NOON
    )

    assert found == movement
    record = await AuditRecord.get()
    assert (record.actor_id, record.action, record.subject_id, record.reason) == (
        lin.person_id,
        "view_movement",
        movement.id,
        "where is my money",
    )
