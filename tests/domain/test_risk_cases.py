"""Cases: one decision each, whoever else is at it; and money that is where it was decided."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest

from domain import freezes, ledger, risk_cases, settlements
from domain.audit import ReasonRequired
from domain.refusals import NotFound
from domain.risk_cases import CaseClosed
from domain.sessions import Identity
from jobs.handlers import Wires, registry
from jobs.worker import Worker
from models.audit import AuditRecord
from models.freezes import FreezeOwner
from models.ids import new_id
from models.jobs import Job
from models.movements import Hold, Movement, MovementStatus
from models.people import Person, Role
from models.risk import CaseCause, CaseDecision, CaseOutcome, CaseStatus, Inquiry, RiskCase
from models.security_events import EventKind, SecurityEvent
from models.wallets import Account
from tests import factories
from tests.domain import books, orders, registers, risks
from tests.moments import NOON, Clock

pytestmark = pytest.mark.usefixtures("database")

APPROVED, DECLINED = CaseDecision.APPROVED, CaseDecision.DECLINED
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True)
class World:
    """ada pays bob; lin and mia decide."""

    ada: Account
    bob: Account
    lin: Identity
    mia: Identity


@pytest.fixture
async def world() -> World:
    lin = await factories.person("lin", role=Role.AGENT)
    mia = await factories.person("mia", role=Role.AGENT)
    return World(
        ada=await factories.wallet(await factories.person("ada"), holds=1_000),
        bob=await factories.wallet(await factories.person("bob")),
        lin=await registers.identity_of(lin),
        mia=await registers.identity_of(mia),
    )


async def decide(
    world: World,
    case: RiskCase,
    verdict: CaseDecision,
    *,
    by: Identity | None = None,
    now: datetime = NOON + HOUR,
    reason: str = "She called",
) -> RiskCase:
    return await risk_cases.decide(
        by=by or world.lin,
        case_id=case.id,
        verdict=verdict,
        outcome=CaseOutcome.FALSE_POSITIVE,
        reason=reason,
        now=now,
    )


async def recall(movement: Movement, now: datetime = NOON + HOUR) -> ledger.Posted:
    """As a payer takes a payment back."""
    held = await Hold.get(movement_id=movement.id)
    key = factories.some_key()
    return await ledger.post(
        ledger.release(movement, held, key=key, at=now, to=MovementStatus.CANCELLED)
    )


async def told() -> list[EventKind]:
    """What the payer was told, in order, but for freezes."""
    events = await SecurityEvent.exclude(kind=EventKind.FROZEN).order_by("at", "id")
    return [event.kind for event in events]


async def test_a_payment_in_review_is_set_aside_and_its_payer_is_told_that_it_waits(
    world: World,
) -> None:
    movement, case = await risks.reviewed(world.ada, world.bob, 400)

    ada = await Account.get(id=world.ada.id)
    assert (ada.balance, ada.held, ada.available) == (1_000, 400, 600)
    assert await risks.status(movement) == "in_review"
    assert (case.status, case.deadline_at) == (CaseStatus.PENDING, NOON + DAY)
    assert await told() == [EventKind.PAYMENT_IN_REVIEW]
    assert (await SecurityEvent.get()).detail == {"movement_id": str(movement.id)}
    await books.assert_sound()


async def test_an_approved_payment_arrives_and_the_decision_is_on_record(world: World) -> None:
    movement, case = await risks.reviewed(world.ada, world.bob, 400)

    closed = await decide(world, case, APPROVED)

    assert await risks.status(movement) == "completed"
    assert await factories.balances(world.ada, world.bob) == [600, 400]
    assert (closed.status, closed.decision, closed.outcome, closed.reason) == (
        CaseStatus.CLOSED,
        APPROVED,
        CaseOutcome.FALSE_POSITIVE,
        "She called",
    )
    assert (closed.decided_by, closed.decided_at) == (world.lin.person_id, NOON + HOUR)
    record = await AuditRecord.get()
    assert (record.action, record.subject_id, record.reason) == (
        "decide_risk_case",
        case.id,
        "She called",
    )
    assert await told() == [EventKind.PAYMENT_IN_REVIEW, EventKind.PAYMENT_RELEASED]
    await books.assert_sound()


async def test_a_declined_payment_gives_the_money_back(world: World) -> None:
    movement, case = await risks.reviewed(world.ada, world.bob, 400)

    await decide(world, case, DECLINED)

    assert await risks.status(movement) == "failed RISK_DECLINED"
    assert (await Account.get(id=world.ada.id)).available == 1_000
    assert await told() == [EventKind.PAYMENT_IN_REVIEW, EventKind.PAYMENT_DECLINED]
    await books.assert_sound()


async def test_an_approved_payment_that_was_to_arrive_later_arrives_then(world: World) -> None:
    arrives_at = NOON + 2 * HOUR
    movement, case = await risks.reviewed(world.ada, world.bob, 400, arrives_at=arrives_at)

    await decide(world, case, APPROVED)

    [job] = await Job.filter(kind=settlements.SETTLE_JOB)
    assert (job.subject_id, job.due_at) == (movement.id, arrives_at)
    assert await risks.status(movement) == "pending"
    await Worker(registry(Wires()), clock=Clock(arrives_at)).run_due()
    assert await risks.status(movement) == "completed"
    await books.assert_sound()


async def test_a_payment_whose_time_has_come_during_the_review_arrives_at_once(
    world: World,
) -> None:
    movement, case = await risks.reviewed(world.ada, world.bob, 400, arrives_at=NOON + HOUR)

    await decide(world, case, APPROVED, now=NOON + HOUR)

    assert await risks.status(movement) == "completed"


@pytest.mark.parametrize(
    ("owner", "code"),
    [
        (FreezeOwner.RULE, "failed ACCOUNT_RESTRICTED"),
        (FreezeOwner.CUSTOMER, "failed ACCOUNT_FROZEN_BY_USER"),
    ],
)
async def test_a_freeze_meanwhile_fails_what_is_approved_and_closes_the_case(
    world: World, owner: FreezeOwner, code: str
) -> None:
    movement, case = await risks.reviewed(world.ada, world.bob, 400)
    assert world.ada.owner_id is not None
    ada = await Person.get(id=world.ada.owner_id)
    by = None if owner is FreezeOwner.RULE else await registers.identity_of(ada)
    await freezes.freeze(person_id=ada.id, owner=owner, by=by, reason="phone lost", now=NOON)

    closed = await decide(world, case, APPROVED)

    assert await risks.status(movement) == code
    assert closed.decision is APPROVED
    assert (await Account.get(id=world.ada.id)).available == 1_000
    assert await told() == [EventKind.PAYMENT_IN_REVIEW, EventKind.PAYMENT_DECLINED]
    await books.assert_sound()


@pytest.mark.parametrize("verdicts", [(APPROVED, DECLINED), (APPROVED, APPROVED)])
async def test_of_two_decisions_at_once_exactly_one_counts(
    world: World, verdicts: tuple[CaseDecision, CaseDecision]
) -> None:
    movement, case = await risks.reviewed(world.ada, world.bob, 400)

    answers = await asyncio.gather(
        decide(world, case, verdicts[0], by=world.lin),
        decide(world, case, verdicts[1], by=world.mia),
        return_exceptions=True,
    )

    [refused] = [answer for answer in answers if isinstance(answer, CaseClosed)]
    [counted] = [answer for answer in answers if isinstance(answer, RiskCase)]
    assert refused.case.decision is counted.decision
    done = "completed" if counted.decision is APPROVED else "failed RISK_DECLINED"
    assert await risks.status(movement) == done
    assert await AuditRecord.all().count() == 1
    assert len(await told()) == 2
    await books.assert_sound()


async def test_a_decision_and_a_recall_at_once_leave_one_of_them(world: World) -> None:
    for _ in range(5):
        movement, case = await risks.reviewed(world.ada, world.bob, 10)

        answer, recalled = await asyncio.gather(
            decide(world, case, APPROVED), recall(movement), return_exceptions=True
        )

        assert isinstance(recalled, ledger.Posted)
        closed = await RiskCase.get(id=case.id)
        if isinstance(answer, RiskCase):
            assert recalled.outcome is ledger.Outcome.STALE
            assert (await risks.status(movement), closed.decision) == ("completed", APPROVED)
        else:
            assert isinstance(answer, CaseClosed)
            assert answer.case.decision is CaseDecision.RECALLED
            assert closed.decision is CaseDecision.RECALLED
            assert await risks.status(movement) == "cancelled"
    await books.assert_sound()


async def test_a_recall_closes_the_case_and_nobody_can_decide_it_then(world: World) -> None:
    movement, case = await risks.reviewed(world.ada, world.bob, 400)
    await recall(movement)
    closed = await RiskCase.get(id=case.id)
    before = await books.picture()

    with pytest.raises(CaseClosed) as refused:
        await decide(world, case, APPROVED)

    assert refused.value.case.decision is CaseDecision.RECALLED
    assert (closed.status, closed.decided_at, closed.decided_by) == (
        CaseStatus.CLOSED,
        NOON + HOUR,
        None,
    )
    assert await books.picture() == before
    await books.assert_sound()


async def test_what_nobody_decides_in_a_day_fails_by_itself(world: World) -> None:
    movement, case = await risks.reviewed(world.ada, world.bob, 400)
    early, late = Clock(NOON + DAY - timedelta(seconds=1)), Clock(NOON + DAY)

    await Worker(registry(Wires()), clock=early).run_due()
    waiting = await risks.status(movement)
    await Worker(registry(Wires()), clock=late).run_due()

    assert waiting == "in_review"
    assert await risks.status(movement) == "failed REVIEW_EXPIRED"
    closed = await RiskCase.get(id=case.id)
    assert (closed.status, closed.decision, closed.decided_by) == (
        CaseStatus.CLOSED,
        CaseDecision.EXPIRED,
        None,
    )
    assert (await Account.get(id=world.ada.id)).available == 1_000
    assert await told() == [EventKind.PAYMENT_IN_REVIEW, EventKind.PAYMENT_DECLINED]
    await books.assert_sound()


async def test_a_decision_after_the_deadline_is_too_late_also_when_the_job_is(
    world: World,
) -> None:
    movement, case = await risks.reviewed(world.ada, world.bob, 400)

    with pytest.raises(CaseClosed) as refused:
        await decide(world, case, APPROVED, now=NOON + DAY)

    assert refused.value.case.decision is CaseDecision.EXPIRED
    assert await risks.status(movement) == "failed REVIEW_EXPIRED"
    assert await AuditRecord.all().count() == 0


async def test_a_decision_and_the_deadline_at_once_leave_one_of_them(world: World) -> None:
    movement, case = await risks.reviewed(world.ada, world.bob, 400)

    answer, _ = await asyncio.gather(
        decide(world, case, APPROVED, now=NOON + DAY - timedelta(seconds=1)),
        risk_cases.expire(case.id, NOON + DAY),
        return_exceptions=True,
    )

    closed = await RiskCase.get(id=case.id)
    if isinstance(answer, RiskCase):
        assert (await risks.status(movement), closed.decision) == ("completed", APPROVED)
    else:
        assert isinstance(answer, CaseClosed)
        assert closed.decision is CaseDecision.EXPIRED
        assert await risks.status(movement) == "failed REVIEW_EXPIRED"
    await books.assert_sound()


async def test_expiring_again_changes_nothing(world: World) -> None:
    _, case = await risks.reviewed(world.ada, world.bob, 400)
    await risk_cases.expire(case.id, NOON + DAY)
    before = await books.picture()

    await risk_cases.expire(case.id, NOON + 2 * DAY)

    assert await books.picture() == before
    assert len(await told()) == 2


@pytest.mark.parametrize("reason", ["", "no", "x" * 501, "x\x00y", "y" * 60_000])
async def test_a_decision_has_a_reason_that_can_be_read(world: World, reason: str) -> None:
    movement, case = await risks.reviewed(world.ada, world.bob, 400)
    before = await books.picture()

    with pytest.raises(ReasonRequired):
        await decide(world, case, APPROVED, reason=reason)

    assert await books.picture() == before
    assert await risks.status(movement) == "in_review"


async def test_only_the_desk_decides_and_nobody_about_themselves(world: World) -> None:
    _, case = await risks.reviewed(world.ada, world.bob, 400)
    assert world.ada.owner_id is not None
    ada = await Person.get(id=world.ada.owner_id)
    as_customer = await registers.identity_of(ada)
    ada.role = Role.AGENT
    await ada.save()
    as_agent = await registers.identity_of(ada)
    before = await books.picture()

    for by in (as_customer, as_agent):
        with pytest.raises(NotFound):
            await decide(world, case, APPROVED, by=by)
    with pytest.raises(NotFound):
        await risk_cases.look_at(by=as_customer, case_id=case.id, reason="curious", now=NOON)
    with pytest.raises(NotFound):
        await risk_cases.page(by=as_customer, status=CaseStatus.PENDING, limit=5, after=None)
    with pytest.raises(NotFound):
        await risk_cases.look_at(by=world.lin, case_id=new_id(), reason="curious", now=NOON)

    assert await books.picture() == before


async def test_looking_at_a_case_is_on_record_with_its_reason(world: World) -> None:
    _, case = await risks.reviewed(world.ada, world.bob, 400)

    seen = await risk_cases.look_at(by=world.lin, case_id=case.id, reason="It is due", now=NOON)

    record = await AuditRecord.get()
    assert seen.id == record.subject_id == case.id
    assert (record.action, record.actor_id, record.reason) == (
        "view_risk_case",
        world.lin.person_id,
        "It is due",
    )


async def test_the_case_that_is_due_first_comes_first_page_after_page(world: World) -> None:
    made = [
        (await risks.reviewed(world.ada, world.bob, 10, now=NOON + minutes * HOUR / 60))[1]
        for minutes in (3, 1, 2, 1)
    ]
    await decide(world, made[2], APPROVED)

    first = await risk_cases.page(by=world.lin, status=CaseStatus.PENDING, limit=2, after=None)
    place = (first[-1].deadline_at, first[-1].id)
    rest = await risk_cases.page(by=world.lin, status=CaseStatus.PENDING, limit=2, after=place)
    closed = await risk_cases.page(by=world.lin, status=CaseStatus.CLOSED, limit=9, after=None)

    due = sorted([made[1], made[3], made[0]], key=lambda case: (case.deadline_at, case.id))
    assert [case.id for case in (*first, *rest)] == [case.id for case in due]
    assert [case.id for case in closed] == [made[2].id]


@pytest.mark.parametrize(
    ("verdict", "status"), [(APPROVED, "pending"), (DECLINED, "failed RISK_DECLINED")]
)
async def test_a_case_about_a_payment_that_has_yet_to_arrive_decides_whether_it_will(
    world: World, verdict: CaseDecision, status: str
) -> None:
    movement, _ = await orders.placed(world.ada, world.bob, 400)
    case = await case_about(movement)

    closed = await decide(world, case, verdict)

    assert await risks.status(movement) == status
    assert closed.decision is verdict
    await books.assert_sound()


async def test_a_case_about_a_payment_that_has_ended_leaves_it_as_it_is(world: World) -> None:
    posted = await ledger.post(orders.pay(world.ada, world.bob, 400))
    assert posted.movement is not None
    case = await case_about(posted.movement)

    closed = await decide(world, case, DECLINED, now=NOON + 3 * DAY)

    assert await risks.status(posted.movement) == "completed"
    assert (closed.decision, await told()) == (DECLINED, [])


async def test_a_payment_has_one_open_case(world: World) -> None:
    movement, case = await risks.reviewed(world.ada, world.bob, 400)

    await case_about(movement)

    assert [row.id for row in await RiskCase.all()] == [case.id]


async def case_about(movement: Movement) -> RiskCase:
    """The case of a payer who was asked about a payment and said nothing."""
    inquiry = Inquiry(person_id=movement.person_id, quote_id=None)
    await risk_cases.open_for(inquiry, movement, CaseCause.SILENCE, NOON)
    return await RiskCase.get(movement_id=movement.id)
