"""Transfers to telephone numbers that are nobody's yet: claimed, called back, or returned."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from uuid import uuid4

import pytest

from domain import freezes, payees, risk_cases, transfers, unclaimed
from domain.arrivals import Arrival
from domain.quotes import IntentChanged
from domain.refusals import KeyReused, NotFound
from domain.transfers import CannotCancel, PreparedToPhone
from domain.wallets import WalletClosed
from models.database import client
from models.freezes import FreezeOwner
from models.history import page
from models.jobs import Job
from models.movements import Movement, MovementStatus
from models.people import Contact, ContactKind, Role
from models.quotes import Quote
from models.risk import CaseDecision, CaseOutcome, RiskCase
from models.unclaimed import UnclaimedTransfer, far_ends, waiting_for
from models.wallets import Account
from tests import factories
from tests.domain import books, registers
from tests.domain.senders import PHONE, Claimer, Sender, claimer, row_of, sender
from tests.moments import NOON

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)

pytestmark = pytest.mark.usefixtures("database")


async def how(transfer: Movement) -> tuple[MovementStatus, str | None]:
    row = await Movement.get(id=transfer.id)
    return row.status, row.failure_code


async def in_transit() -> tuple[int, int]:
    """What the house holds between payer and claimer: posted, and announced by holds."""
    row = await Account.get(id=unclaimed.place("CNY"))
    return row.balance, row.pending_credits


async def test_money_for_a_number_that_is_nobodys_is_set_aside_and_the_number_told() -> None:
    ada = await sender()

    prepared = await ada.prepares(300, note="For the tea")
    sent = await ada.confirms(prepared)

    assert isinstance(prepared, PreparedToPhone)
    assert prepared.masked_phone == "+86*******8000"
    assert prepared.shown.quote.payee_id is None
    assert sent.status is MovementStatus.PENDING
    assert await ada.has() == (700, 300)
    row = await row_of(sent)
    assert (row.phone, row.claimable_at, row.expires_at) == (PHONE, NOON, NOON + DAY)
    jobs = await Job.filter(subject_id=sent.id).order_by("due_at").values_list("kind", "due_at")
    assert list(jobs) == [(unclaimed.TELL_JOB, NOON), (unclaimed.RETURN_JOB, NOON + DAY)]
    await books.assert_sound()


async def test_whoever_has_an_account_is_paid_as_ever() -> None:
    ada, bob = await sender(), await claimer()

    prepared = await ada.prepares()
    sent = await ada.confirms(prepared)

    assert isinstance(prepared, transfers.Prepared)
    assert sent.status is MovementStatus.COMPLETED
    assert await bob.has() == 300
    assert not await UnclaimedTransfer.exists()


async def test_the_number_of_an_agent_is_as_one_that_is_nobodys() -> None:
    ada = await sender()
    lin = await factories.person("lin", role=Role.AGENT)
    await registers.proved(lin, ContactKind.PHONE, PHONE)

    assert isinstance(await ada.prepares(), PreparedToPhone)


async def test_what_is_no_number_is_no_payee_and_nothing_is_kept_of_it() -> None:
    ada = await sender()

    for typed in ("13800138000", "+86", "x" * 60_000):
        with pytest.raises(payees.PayeeNotFound):
            await ada.prepares(300, typed)

    assert not await UnclaimedTransfer.exists()
    assert not await Quote.exists()


async def test_what_is_refused_keeps_no_number() -> None:
    ada = await sender(holds=100)

    with pytest.raises(Exception, match="not enough"):
        await ada.prepares(300)

    assert not await UnclaimedTransfer.exists()


async def test_whoever_proves_the_number_claims_the_money_once() -> None:
    ada = await sender()
    sent = await ada.sends(300, note="For the tea")
    bob = await claimer()

    claimed = await bob.claims(sent, key="k")
    again = await bob.claims(sent, key="k")

    assert claimed.id == again.id
    assert (claimed.status, claimed.note) == (MovementStatus.COMPLETED, "For the tea")
    assert claimed.origin_id == sent.id
    assert await how(sent) == (MovementStatus.COMPLETED, None)
    assert (await ada.has(), await bob.has()) == ((700, 0), 300)
    assert await in_transit() == (0, 0)
    row = await row_of(sent)
    assert (row.phone, row.masked, row.claimed_by) == (None, "+86*******8000", claimed.id)
    await books.assert_sound()


async def test_each_side_has_one_line_in_its_history_with_the_other_at_the_end_of_it() -> None:
    ada = await sender()
    sent = await ada.sends(300)
    bob = await claimer()
    claimed = await bob.claims(sent)

    adas, bobs = [await page(each.wallet, limit=10) for each in (ada, bob)]
    ends = await far_ends(client(), [sent.id, claimed.id])

    assert sent.id in {each.id for each in adas}
    assert claimed.id not in {each.id for each in adas}
    assert [each.id for each in bobs] == [claimed.id]
    assert ends[sent.id].masked == "+86*******8000"
    payer = ends[claimed.id].payer
    assert payer is not None
    assert (payer.id, payer.display_name) == (ada.person.id, "Ada")


async def test_the_same_key_for_another_transfer_claims_nothing() -> None:
    ada = await sender()
    first, second = await ada.sends(100), await ada.sends(200)
    bob = await claimer()
    await bob.claims(first, key="k")

    with pytest.raises(KeyReused):
        await bob.claims(second, key="k")

    assert await bob.has() == 100
    assert await ada.has() == (700, 200)


async def test_nobody_claims_without_having_proved_the_number() -> None:
    ada = await sender()
    sent = await ada.sends()
    eve = await claimer("eve", "+8613800138001")
    await Contact.create(
        id=uuid4(), person_id=eve.person.id, kind=ContactKind.PHONE, value=PHONE, created_at=NOON
    )

    with pytest.raises(NotFound):
        await eve.claims(sent)

    assert await waiting_for(eve.person.id, NOON, limit=20) == []
    assert await ada.has() == (700, 300)


async def test_what_was_claimed_is_not_found_by_whoever_proves_the_number_later() -> None:
    ada = await sender()
    sent = await ada.sends()
    bob = await claimer()
    await bob.claims(sent)

    assert await waiting_for(bob.person.id, NOON, limit=20) == []
    with pytest.raises(NotFound):
        await bob.claims(sent)

    assert await bob.has() == 300


async def test_what_waits_is_seen_by_whoever_proved_the_number_until_it_goes_back() -> None:
    ada = await sender()
    sent = await ada.sends(300, note="For the tea")
    bob = await claimer()

    [seen] = await waiting_for(bob.person.id, NOON, limit=20)

    assert (seen.movement_id, seen.amount, seen.currency) == (sent.id, 300, "CNY")
    assert (seen.payer.display_name, seen.note) == ("Ada", "For the tea")
    assert await waiting_for(bob.person.id, NOON + DAY, limit=20) == []


async def test_whoever_proves_the_number_they_sent_to_calls_it_back_instead() -> None:
    ada = await sender()
    sent = await ada.sends()
    await registers.proved(ada.person, ContactKind.PHONE, PHONE)

    with pytest.raises(payees.SelfPayment):
        await Claimer(ada.person, ada.wallet).claims(sent)

    assert await ada.has() == (700, 300)


async def test_it_is_claimed_into_an_open_wallet_of_its_currency() -> None:
    ada = await sender()
    sent = await ada.sends()
    bob = await claimer()
    euros = await factories.wallet(bob.person, currency="EUR")
    await Account.filter(id=bob.wallet.id).update(closed_at=NOON)

    with pytest.raises(WalletClosed):
        await bob.claims(sent)
    with pytest.raises(Exception, match="another currency"):
        await Claimer(bob.person, euros).claims(sent)
    with pytest.raises(NotFound):
        await Claimer(bob.person, ada.wallet).claims(sent)

    assert await ada.has() == (700, 300)


async def test_what_nobody_claims_in_a_day_is_the_payers_again_with_its_limits() -> None:
    ada = await sender()
    sent = await ada.sends()
    bob = await claimer()
    assert (await Account.get(id=ada.wallet.id)).spent_day == 300

    await unclaimed.return_unclaimed(sent.id, NOON + DAY - SECOND)
    assert await ada.has() == (700, 300)
    await unclaimed.return_unclaimed(sent.id, NOON + DAY)
    await unclaimed.return_unclaimed(sent.id, NOON + DAY)

    assert await how(sent) == (MovementStatus.FAILED, "UNCLAIMED")
    assert await ada.has() == (1_000, 0)
    assert (await Account.get(id=ada.wallet.id)).spent_day == 0
    assert (await row_of(sent)).phone is None
    with pytest.raises(NotFound):
        await bob.claims(sent, now=NOON + DAY)
    await books.assert_sound()


async def test_nothing_is_claimed_after_its_day_also_while_nobody_gave_it_back() -> None:
    ada = await sender()
    sent = await ada.sends()
    bob = await claimer()

    with pytest.raises(unclaimed.NotClaimable):
        await bob.claims(sent, now=NOON + DAY)

    assert (await ada.has(), await bob.has()) == ((700, 300), 0)


async def test_the_payer_calls_it_back_and_the_number_is_forgotten_in_time() -> None:
    ada = await sender()
    sent = await ada.sends()
    bob = await claimer()

    cancelled = await ada.cancels(sent)

    assert cancelled.status is MovementStatus.CANCELLED
    assert await ada.has() == (1_000, 0)
    with pytest.raises(unclaimed.NotClaimable):
        await bob.claims(sent)
    await unclaimed.return_unclaimed(sent.id, NOON + DAY)
    assert (await row_of(sent)).phone is None
    assert await how(sent) == (MovementStatus.CANCELLED, None)


async def test_of_claim_recall_and_return_at_the_same_moment_one_wins() -> None:
    ada = await sender(holds=5_000)
    bob = await claimer()
    transfers_sent = [await _long_sent(ada, bob) for _ in range(5)]

    for sent in transfers_sent:
        answers = await asyncio.gather(
            bob.claims(sent, now=NOON + DAY - SECOND),
            ada.cancels(sent, now=NOON + DAY),
            unclaimed.return_unclaimed(sent.id, NOON + DAY),
            bob.claims(sent, now=NOON + DAY - SECOND),
            return_exceptions=True,
        )
        won = [each for each in answers if isinstance(each, Movement)]
        failed = (await how(sent))[0] is MovementStatus.FAILED
        assert len(won) == (0 if failed else 1)
        assert all(
            isinstance(each, Movement | CannotCancel | unclaimed.NotClaimable | NotFound | None)
            for each in answers
        ), answers

    got = await bob.has()
    assert await ada.has() == (5_000 - got, 0)
    assert await in_transit() == (0, 0)
    await books.assert_sound()


async def _long_sent(ada: Sender, bob: Claimer) -> Movement:
    """Sent while the number was nobody's."""
    await Contact.filter(person_id=bob.person.id).update(verified_at=None)
    sent = await ada.sends(100)
    await Contact.filter(person_id=bob.person.id).update(verified_at=NOON)
    return sent


async def test_eight_claims_at_once_bring_the_money_once() -> None:
    ada = await sender()
    sent = await ada.sends()
    bob = await claimer()

    answers = await asyncio.gather(*(bob.claims(sent) for _ in range(8)), return_exceptions=True)

    assert sum(isinstance(each, Movement) for each in answers) == 1
    assert (await ada.has(), await bob.has()) == ((700, 0), 300)
    await books.assert_sound()


async def test_while_the_payer_is_frozen_nothing_is_claimed_and_why_is_not_said() -> None:
    ada = await sender()
    sent = await ada.sends()
    bob = await claimer()
    await freezes.freeze(
        person_id=ada.person.id, owner=FreezeOwner.RULE, by=None, reason="A rule", now=NOON
    )

    with pytest.raises(unclaimed.NotClaimable) as refused:
        await bob.claims(sent)

    assert refused.value.claimable_from is None
    assert (await ada.has(), await bob.has()) == ((700, 300), 0)
    assert await how(sent) == (MovementStatus.PENDING, None)
    assert await in_transit() == (0, 300)


async def test_whoever_may_receive_nothing_claims_nothing_and_it_goes_on_waiting() -> None:
    ada = await sender()
    sent = await ada.sends()
    bob = await claimer()
    await freezes.freeze(
        person_id=bob.person.id, owner=FreezeOwner.RULE, by=None, reason="A rule", now=NOON
    )

    with pytest.raises(unclaimed.NotClaimable):
        await bob.claims(sent)

    assert (await ada.has(), await bob.has()) == ((700, 300), 0)
    assert await how(sent) == (MovementStatus.PENDING, None)
    await books.assert_sound()


async def test_one_that_was_to_arrive_later_is_claimed_later_and_waits_its_day_from_then() -> None:
    ada = await sender()
    sent = await ada.sends(arrival=Arrival.TWO_HOURS)
    bob = await claimer()

    with pytest.raises(unclaimed.NotClaimable) as refused:
        await bob.claims(sent, now=NOON + HOUR)

    assert refused.value.claimable_from == NOON + 2 * HOUR
    assert (await row_of(sent)).expires_at == NOON + 2 * HOUR + DAY
    assert (await bob.claims(sent, now=NOON + 2 * HOUR + DAY - SECOND)).amount == 300


async def reviewed(ada: Sender) -> Movement:
    """Sent, and set aside until an agent has looked."""
    prepared = await ada.prepares()
    await Quote.filter(id=prepared.shown.quote.id).update(is_reviewed=True)
    sent = await ada.confirms(prepared)
    assert sent.status is MovementStatus.IN_REVIEW
    return sent


async def test_one_in_review_is_told_to_nobody_and_waits_its_day_once_it_is_approved() -> None:
    lin = await registers.identity_of(await factories.person("lin", role=Role.AGENT))
    ada = await sender()
    sent = await reviewed(ada)
    bob = await claimer()
    assert not await Job.exists(kind=unclaimed.TELL_JOB)
    with pytest.raises(unclaimed.NotClaimable):
        await bob.claims(sent)
    case = await RiskCase.get(person_id=ada.person.id)

    await risk_cases.decide(
        by=lin,
        case_id=case.id,
        verdict=CaseDecision.APPROVED,
        outcome=CaseOutcome.FALSE_POSITIVE,
        reason="They know each other",
        now=NOON + 5 * HOUR,
    )

    assert await how(sent) == (MovementStatus.PENDING, None)
    assert (await row_of(sent)).expires_at == NOON + 5 * HOUR + DAY
    assert await Job.exists(kind=unclaimed.TELL_JOB, due_at=NOON + 5 * HOUR)
    await unclaimed.return_unclaimed(sent.id, NOON + DAY)
    assert (await bob.claims(sent, now=NOON + DAY + HOUR)).amount == 300
    await books.assert_sound()


async def test_the_number_of_one_that_an_agent_declined_is_forgotten() -> None:
    lin = await registers.identity_of(await factories.person("lin", role=Role.AGENT))
    ada = await sender()
    sent = await reviewed(ada)
    await unclaimed.return_unclaimed(sent.id, NOON + HOUR)
    assert (await row_of(sent)).phone == PHONE
    case = await RiskCase.get(person_id=ada.person.id)

    await risk_cases.decide(
        by=lin,
        case_id=case.id,
        verdict=CaseDecision.DECLINED,
        outcome=CaseOutcome.CONFIRMED_RISK,
        reason="A scam",
        now=NOON + 5 * HOUR,
    )
    await unclaimed.return_unclaimed(sent.id, NOON + DAY)

    assert await how(sent) == (MovementStatus.FAILED, "RISK_DECLINED")
    assert await ada.has() == (1_000, 0)
    assert (await row_of(sent)).phone is None


async def test_five_wait_at_once_and_no_more() -> None:
    ada = await sender()
    for _ in range(unclaimed.MOST_WAITING):
        await ada.sends(10)

    with pytest.raises(unclaimed.TooManyUnclaimed):
        await ada.prepares(10)

    assert await ada.has() == (950, 50)


async def test_what_was_prepared_for_one_number_cannot_be_confirmed_for_another() -> None:
    ada = await sender()
    prepared = await ada.prepares()
    other = await unclaimed.keep(uuid4(), "+8613800138001", NOON)
    await Quote.filter(id=prepared.shown.quote.id).update(subject_id=other.id)

    with pytest.raises(IntentChanged):
        await ada.confirms(prepared)

    assert await ada.has() == (1_000, 0)


async def test_a_number_is_told_at_most_three_times_a_day() -> None:
    ada = await sender()
    sent = [await ada.sends(10) for _ in range(4)]
    for each in sent[:3]:
        row = await unclaimed.to_tell(each.id, NOON)
        assert row is not None
        await unclaimed.note_told(row, NOON)

    assert await unclaimed.to_tell(sent[3].id, NOON) is None
    assert await unclaimed.to_tell(sent[0].id, NOON) is None
