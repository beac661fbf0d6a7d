"""Losing every second factor: the owner is told, waits three days, and another person decides."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pyotp
import pytest
from tortoise.exceptions import IntegrityError

from domain import (
    contacts,
    factor_clearings,
    factor_losses,
    pin_resets,
    pins,
    second_factors,
    sessions,
)
from domain.audit import ReasonRequired
from domain.factor_clearings import LossDecision, LossOver, TooEarly
from domain.factor_losses import LossNotReported, LossReported
from domain.fresh_proofs import Factor, ProofNeeded
from domain.guards import SignInLocked
from domain.refusals import NotFound
from domain.second_factors import NoSecondFactor
from domain.sessions import Identity, SignInRefused
from jobs.factors import remind_of_factor_loss
from models.audit import AuditRecord
from models.factors import FactorLoss, LossEnd
from models.jobs import Job
from models.people import CodePurpose, ContactCode, ContactKind, Person, Pin, Role
from models.security_events import EventKind, SecurityEvent
from models.sessions import Audience
from tests import factories
from tests.domain import registers
from tests.domain.registers import PASSWORD
from tests.moments import NOON

pytestmark = pytest.mark.usefixtures("database")

HERE = "192.0.2.7"
THEN = NOON + factor_losses.WAITING
WHY = "She showed her passport"


async def guarded(name: str = "ada", role: Role = Role.CUSTOMER) -> tuple[Person, pyotp.TOTP]:
    """Somebody with a password, an app and a mailbox that has been theirs for long."""
    person = await registers.resident(name, role=role)
    await registers.proved(person, ContactKind.EMAIL, f"{name}@example.org")
    return person, pyotp.TOTP(await second_factors.enrol(person.id, NOON))


async def begin(
    person: Person, password: str = PASSWORD, kind: ContactKind | None = None
) -> factor_losses.Begun:
    audience = Audience.DESK if person.role.is_desk else Audience.PUBLIC
    return await factor_losses.report(
        name=person.account_name,
        password=password,
        kind=kind,
        audience=audience,
        address=HERE,
        now=NOON,
    )


async def code_of(begun: factor_losses.Begun) -> str:
    code = (
        await ContactCode.filter(subject_id=begun.loss_id, purpose=CodePurpose.REPORT_LOSS)
        .order_by("-created_at", "-id")
        .first()
    )
    assert code is not None
    return contacts.code_for(code)


async def reported(person: Person) -> FactorLoss:
    begun = await begin(person)
    await factor_losses.confirm(
        loss_id=begun.loss_id, code=await code_of(begun), address=HERE, now=NOON
    )
    return await FactorLoss.get(id=begun.loss_id)


async def checker(role: Role = Role.SUPERVISOR, name: str = "sue") -> Identity:
    """Somebody at the desk who has just signed in, at the end of the waiting."""
    person = await factories.person(name, role=role)
    opened = await factories.session(person, Audience.DESK, THEN)
    identity = await sessions.identity(opened.tokens.access, THEN)
    assert identity is not None
    return identity


async def decide(
    loss: FactorLoss, by: Identity, outcome: LossDecision = LossDecision.CLEAR
) -> str | None:
    return await factor_clearings.decide(
        by=by, loss_id=loss.id, outcome=outcome, reason=WHY, now=THEN
    )


async def told(person: Person) -> list[EventKind]:
    return [row.kind for row in await SecurityEvent.filter(person_id=person.id).order_by("id")]


async def test_a_report_counts_once_its_code_came_back_and_the_owner_is_told() -> None:
    ada, _ = await guarded()

    begun = await begin(ada)
    before = await told(ada)
    decidable_at = await factor_losses.confirm(
        loss_id=begun.loss_id, code=await code_of(begun), address=HERE, now=NOON
    )

    assert before == []
    assert decidable_at == THEN
    assert await told(ada) == [EventKind.FACTOR_LOSS_REPORTED]
    loss = await factor_losses.waiting(ada.id)
    assert loss is not None
    assert (loss.id, loss.decidable_at) == (begun.loss_id, THEN)
    assert await second_factors.is_enrolled(ada.id)


async def test_a_wrong_password_and_a_name_nobody_has_are_answered_alike() -> None:
    ada, _ = await guarded()
    stranger = Person(account_name="nobody", role=Role.CUSTOMER)
    agent, _ = await guarded("lin", Role.AGENT)
    agent.role = Role.CUSTOMER

    for person, password in ((ada, "wrong"), (stranger, PASSWORD), (agent, PASSWORD)):
        with pytest.raises(SignInRefused):
            await begin(person, password)

    assert await FactorLoss.all().count() == 0
    assert await ContactCode.filter(purpose=CodePurpose.REPORT_LOSS).count() == 0


async def test_reports_are_tries_to_sign_in_and_lock_like_them() -> None:
    ada, _ = await guarded()

    for _ in range(10):
        with pytest.raises(SignInRefused):
            await begin(ada, "wrong")
    with pytest.raises(SignInLocked):
        await begin(ada)

    assert await FactorLoss.all().count() == 0


async def test_who_has_no_second_factor_signs_in_instead() -> None:
    ada = await registers.resident("ada")
    await registers.proved(ada, ContactKind.EMAIL, "ada@example.org")

    with pytest.raises(NoSecondFactor):
        await begin(ada)

    assert await FactorLoss.all().count() == 0


async def test_without_a_contact_of_that_kind_nothing_is_reported() -> None:
    ada, _ = await guarded()

    with pytest.raises(contacts.NoUsableContact):
        await begin(ada, kind=ContactKind.PHONE)

    assert await FactorLoss.all().count() == 0


async def test_a_code_that_is_wrong_or_of_nothing_reports_nothing() -> None:
    ada, _ = await guarded()
    begun = await begin(ada)
    right = await code_of(begun)

    for code in (registers.different(right), "", "\ud800", "1" * 65_536):
        with pytest.raises(contacts.CodeWrong):
            await factor_losses.confirm(loss_id=begun.loss_id, code=code, address=HERE, now=NOON)
    with pytest.raises(contacts.CodeExpired):
        await factor_losses.confirm(loss_id=ada.id, code=right, address=HERE, now=NOON)

    assert await factor_losses.waiting(ada.id) is None


async def test_a_loss_is_reported_once_also_when_the_code_comes_twice_at_once() -> None:
    ada, _ = await guarded()
    begun = await begin(ada)
    code = await code_of(begun)

    answers = await asyncio.gather(
        *(
            factor_losses.confirm(loss_id=begun.loss_id, code=code, address=HERE, now=NOON)
            for _ in range(4)
        ),
        return_exceptions=True,
    )
    with pytest.raises(LossReported) as again:
        await begin(ada)

    assert answers.count(THEN) == 1
    assert again.value.decidable_at == THEN
    assert await told(ada) == [EventKind.FACTOR_LOSS_REPORTED]


async def test_any_session_of_the_owner_withdraws_the_report() -> None:
    ada, _ = await guarded()
    loss = await reported(ada)
    by = await registers.identity_of(ada)

    await factor_losses.withdraw(by=by, address=HERE, now=NOON)

    assert (await FactorLoss.get(id=loss.id)).end_kind is LossEnd.WITHDRAWN
    assert await told(ada) == [EventKind.FACTOR_LOSS_REPORTED, EventKind.FACTOR_LOSS_WITHDRAWN]
    with pytest.raises(LossNotReported):
        await factor_losses.withdraw(by=by, address=HERE, now=NOON)
    with pytest.raises(LossOver):
        await decide(loss, await checker())


async def test_a_second_factor_that_is_used_withdraws_the_report() -> None:
    ada, app = await guarded()
    loss = await reported(ada)

    assert await second_factors.take(ada.id, app.at(NOON), NOON) is Factor.TOTP

    assert (await FactorLoss.get(id=loss.id)).end_kind is LossEnd.WITHDRAWN
    assert await told(ada) == [EventKind.FACTOR_LOSS_REPORTED, EventKind.FACTOR_LOSS_WITHDRAWN]


async def test_the_owner_is_reminded_once_while_the_report_waits() -> None:
    ada, _ = await guarded()
    await reported(ada)
    [job] = await Job.filter(kind=factor_losses.REMIND_JOB)

    await remind_of_factor_loss(job, job.due_at)

    assert job.due_at == NOON + timedelta(hours=48)
    assert await told(ada) == [EventKind.FACTOR_LOSS_REPORTED] * 2
    assert (await Job.get(id=job.id)).done_at == job.due_at


async def test_nobody_is_reminded_of_what_was_withdrawn() -> None:
    ada, _ = await guarded()
    await reported(ada)
    await factor_losses.withdraw(by=await registers.identity_of(ada), address=HERE, now=NOON)
    [job] = await Job.filter(kind=factor_losses.REMIND_JOB)

    await remind_of_factor_loss(job, job.due_at)

    assert await told(ada) == [EventKind.FACTOR_LOSS_REPORTED, EventKind.FACTOR_LOSS_WITHDRAWN]


async def test_clearing_takes_every_second_factor_ends_all_sessions_and_cools_the_pin() -> None:
    ada, _ = await guarded()
    await pins.set_pin(ada.id, "246810", NOON)
    by = await registers.identity_of(ada)
    loss, sue = await reported(ada), await checker()

    handed = await decide(loss, sue)

    standing = await second_factors.standing(ada.id)
    assert (handed, standing.is_enrolled, standing.recovery_codes_left) == (None, False, 0)
    assert await sessions.live([by.session_id], NOON) == set()
    assert pin_resets.is_cooling(await Pin.get(person_id=ada.id), THEN)
    [*_, last] = await told(ada)
    assert last is EventKind.FACTORS_CLEARED
    [record] = await AuditRecord.all()
    assert (record.actor_id, record.action, record.subject_id, record.reason) == (
        sue.person_id,
        "clear_factor_loss",
        ada.id,
        WHY,
    )


async def test_refusing_leaves_all_as_it_is_and_needs_no_waiting() -> None:
    ada, app = await guarded()
    loss = await reported(ada)
    sue = await registers.identity_of(await factories.person("sue", role=Role.SUPERVISOR))

    await factor_clearings.decide(
        by=sue, loss_id=loss.id, outcome=LossDecision.REFUSE, reason=WHY, now=NOON
    )

    assert (await FactorLoss.get(id=loss.id)).end_kind is LossEnd.REFUSED
    assert await second_factors.accept(ada.id, app.at(NOON), NOON)
    assert await told(ada) == [EventKind.FACTOR_LOSS_REPORTED, EventKind.FACTOR_LOSS_REFUSED]


async def test_nothing_is_cleared_before_the_waiting_is_over() -> None:
    ada, _ = await guarded()
    loss = await reported(ada)
    sue = await registers.identity_of(await factories.person("sue", role=Role.SUPERVISOR))
    before = await registers.picture()

    with pytest.raises(TooEarly) as early:
        await factor_clearings.decide(
            by=sue, loss_id=loss.id, outcome=LossDecision.CLEAR, reason=WHY, now=NOON
        )

    assert early.value.decidable_at == THEN
    assert await registers.picture() == before


async def test_a_checker_gives_a_reason_and_has_proved_lately_who_they_are() -> None:
    ada, _ = await guarded()
    loss, sue = await reported(ada), await checker()
    before = await registers.picture()

    with pytest.raises(ReasonRequired):
        await factor_clearings.decide(
            by=sue, loss_id=loss.id, outcome=LossDecision.CLEAR, reason="", now=THEN
        )
    with pytest.raises(ProofNeeded):
        await factor_clearings.decide(
            by=sue,
            loss_id=loss.id,
            outcome=LossDecision.CLEAR,
            reason=WHY,
            now=THEN + timedelta(minutes=10),
        )

    assert await registers.picture() == before


@pytest.mark.parametrize(
    ("about", "by"),
    [(Role.CUSTOMER, Role.AGENT), (Role.AGENT, Role.SUPERVISOR), (Role.ADMIN, Role.SUPERVISOR)],
)
async def test_deciding_is_not_everybodys(about: Role, by: Role) -> None:
    person, _ = await guarded("ada", about)
    loss, sue = await reported(person), await checker(by)
    before = await registers.picture()

    with pytest.raises(NotFound):
        await decide(loss, sue)

    assert await registers.picture() == before


async def test_nobody_decides_about_themselves() -> None:
    root, _ = await guarded("root", Role.ADMIN)
    loss = await reported(root)
    opened = await factories.session(root, Audience.DESK, THEN)
    by = await sessions.identity(opened.tokens.access, THEN)
    assert by is not None

    with pytest.raises(NotFound):
        await decide(loss, by)

    assert await second_factors.is_enrolled(root.id)


async def test_a_colleague_is_handed_one_recovery_code_and_signs_in_with_it() -> None:
    lin, _ = await guarded("lin", Role.AGENT)
    loss = await reported(lin)

    code = await decide(loss, await checker(Role.ADMIN))

    assert code is not None
    opened = await sessions.sign_in(
        name="lin",
        password=PASSWORD,
        totp=code,
        audience=Audience.DESK,
        client=HERE,
        now=THEN,
    )
    assert opened.person.id == lin.id
    assert not await second_factors.accept(lin.id, code, THEN)


async def test_of_two_who_decide_at_once_one_does() -> None:
    ada, _ = await guarded()
    loss = await reported(ada)
    sue, root = await checker(), await checker(Role.ADMIN, "root")

    answers = await asyncio.gather(
        decide(loss, sue), decide(loss, root, LossDecision.REFUSE), return_exceptions=True
    )

    assert [type(answer) for answer in answers].count(LossOver) == 1
    assert await AuditRecord.all().count() == 1
    is_cleared = (await FactorLoss.get(id=loss.id)).end_kind is LossEnd.CLEARED
    assert await second_factors.is_enrolled(ada.id) is not is_cleared


async def test_a_factor_found_while_the_desk_clears_either_stays_or_is_gone() -> None:
    ada, app = await guarded()
    loss, sue = await reported(ada), await checker()

    answers = await asyncio.gather(
        second_factors.take(ada.id, app.at(THEN), THEN), decide(loss, sue), return_exceptions=True
    )

    ended = (await FactorLoss.get(id=loss.id)).end_kind
    assert ended in {LossEnd.WITHDRAWN, LossEnd.CLEARED}
    assert isinstance(answers[1], LossOver) is (ended is LossEnd.WITHDRAWN)
    assert await second_factors.is_enrolled(ada.id) is (ended is LossEnd.WITHDRAWN)


async def test_whoever_runs_the_server_renews_the_second_factor_of_a_colleague() -> None:
    lin, old = await guarded("lin", Role.AGENT)
    by = await registers.identity_of(lin)

    person, secret = await factor_clearings.renew("lin", NOON)

    assert person.id == lin.id
    assert not await second_factors.accept(lin.id, old.at(NOON), NOON)
    assert await second_factors.accept(lin.id, pyotp.TOTP(secret).at(NOON), NOON)
    assert await sessions.live([by.session_id], NOON) == set()


async def test_no_customers_factor_is_renewed_by_who_runs_the_server() -> None:
    await guarded()
    before = await registers.picture()

    with pytest.raises(NotFound):
        await factor_clearings.renew("ada", NOON)

    assert await registers.picture() == before


async def test_the_database_itself_knows_no_clearing_by_oneself_or_before_the_time() -> None:
    ada, _ = await guarded()
    loss, sue = await reported(ada), await checker()
    unreported = await FactorLoss.create(id=ada.id, person_id=sue.person_id, begun_at=NOON)
    before = await registers.picture()

    for each, by, at in (
        (loss, ada.id, THEN),
        (loss, None, THEN),
        (loss, sue.person_id, THEN - timedelta(microseconds=1)),
        (unreported, ada.id, THEN),
    ):
        with pytest.raises(IntegrityError):
            await FactorLoss.filter(id=each.id).update(
                end_kind=LossEnd.CLEARED, ended_at=at, ended_by=by
            )

    assert await registers.picture() == before
