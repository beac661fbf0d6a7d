"""Top-ups: what starts them, and what a provider's word does to them."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest
from tortoise.exceptions import IntegrityError, OperationalError

from domain import keys, provider_orders, top_ups
from domain.amounts import AmountFault, AmountInvalid, CurrencyMismatch
from domain.chart import house_account
from domain.money import MAX_MINOR_UNITS
from domain.provider_orders import Handing, MessageKind, OtherProvider, Said, Verdict
from domain.refusals import KeyReused, NotFound, Refusal
from domain.wallets import WalletClosed
from models.ids import new_id
from models.jobs import Job
from models.movements import Movement, MovementKind, MovementStatus
from models.people import Person
from models.providers import ProviderMessage, ProviderOrder
from models.streams import StreamEvent
from models.wallets import Account, AccountKind
from tests import factories
from tests.domain import books
from tests.factories import balances
from tests.moments import NOON

pytestmark = pytest.mark.usefixtures("database", "bank")

LATER = NOON + timedelta(minutes=1)


@pytest.fixture
def bank() -> Iterator[None]:
    """A provider is connected, or at least it is said so."""
    provider_orders.install("bank")
    yield
    provider_orders.install(None)


async def ada_and_wallet() -> tuple[Person, Account]:
    ada = await factories.person("ada")
    return ada, await factories.wallet(ada)


async def start(
    ada: Person, wallet: Account, amount: int = 500, *, key: str = "k", currency: str = "CNY"
) -> Movement:
    wish = top_ups.Wish(wallet_id=wallet.id, amount=amount, currency=currency, key=key)
    return await top_ups.start(wish, by=ada.id, now=NOON)


async def handed_over() -> tuple[Account, Movement]:
    """A top-up of 5.00 that the provider has in its hands."""
    ada, wallet = await ada_and_wallet()
    top_up = await start(ada, wallet)
    await provider_orders.hand_over(top_up, "bank", NOON)
    return wallet, top_up


async def believe(top_up: Movement, verdict: Verdict, reference: str | None = "r-1") -> Movement:
    await provider_orders.believe(top_up, Said(verdict=verdict, reference=reference), LATER)
    return await Movement.get(id=top_up.id)


async def test_a_top_up_starts_pending_with_a_job_and_moves_nothing_yet() -> None:
    ada, wallet = await ada_and_wallet()

    top_up = await start(ada, wallet)

    assert (top_up.kind, top_up.status) == (MovementKind.TOP_UP, MovementStatus.PENDING)
    assert top_up.source_id == house_account(AccountKind.PROVIDER_CLEARING, "CNY")
    assert (top_up.target_id, top_up.amount, top_up.person_id) == (wallet.id, 500, ada.id)
    [job] = await Job.all()
    assert (job.kind, job.subject_id, job.due_at) == (top_ups.SUBMIT_JOB, top_up.id, NOON)
    assert await balances(wallet) == [0]
    assert [event.status for event in await StreamEvent.filter(stream_id=wallet.id)] == ["pending"]


async def test_the_same_key_is_the_same_top_up_whatever_happened_since() -> None:
    ada, wallet = await ada_and_wallet()
    first = await start(ada, wallet)
    await Account.filter(id=wallet.id).update(closed_at=NOON)
    provider_orders.install(None)

    again = await start(ada, wallet)

    assert again == first
    assert await Movement.all().count() == 1
    with pytest.raises(KeyReused):
        await start(ada, wallet, 501)


async def test_ten_starts_with_one_key_at_once_are_one_top_up() -> None:
    ada, wallet = await ada_and_wallet()

    answers = await asyncio.gather(*(start(ada, wallet) for _ in range(10)))

    assert len({answer.id for answer in answers}) == 1
    assert await Job.all().count() == 1


@pytest.mark.parametrize(
    ("amount", "reason"),
    [
        (0, AmountFault.NOT_POSITIVE),
        (-1, AmountFault.NOT_POSITIVE),
        (MAX_MINOR_UNITS + 1, AmountFault.TOO_LARGE),
    ],
)
async def test_an_impossible_amount_is_refused_and_leaves_nothing(
    amount: int, reason: AmountFault
) -> None:
    ada, wallet = await ada_and_wallet()
    before = await books.picture()

    with pytest.raises(AmountInvalid) as refused:
        await start(ada, wallet, amount)

    assert refused.value.reason is reason
    assert await books.picture() == before


@pytest.mark.parametrize(
    ("currency", "key", "refusal"),
    [("EUR", "k", CurrencyMismatch), ("CNY", "", keys.KeyInvalid), ("CNY", "a b", keys.KeyInvalid)],
)
async def test_bad_words_are_refused_and_leave_nothing(
    currency: str, key: str, refusal: type[Refusal]
) -> None:
    ada, wallet = await ada_and_wallet()
    before = await books.picture()

    with pytest.raises(refusal):
        await start(ada, wallet, currency=currency, key=key)

    assert await books.picture() == before


async def test_only_an_open_wallet_of_ones_own_is_topped_up() -> None:
    ada, wallet = await ada_and_wallet()
    bob = await factories.person("bob")
    house = await Account.get(id=house_account(AccountKind.FEES, "CNY"))

    with pytest.raises(NotFound):
        await start(bob, wallet)
    with pytest.raises(NotFound):
        await start(ada, house)
    await Account.filter(id=wallet.id).update(closed_at=NOON)
    with pytest.raises(WalletClosed):
        await start(ada, wallet)

    assert await Movement.all().count() == 0


async def test_without_a_provider_no_top_up_starts() -> None:
    ada, wallet = await ada_and_wallet()
    provider_orders.install(None)

    with pytest.raises(top_ups.TopUpsUnavailable):
        await start(ada, wallet)

    assert await Movement.all().count() == 0


async def test_a_success_credits_the_wallet_by_the_books() -> None:
    wallet, top_up = await handed_over()

    ended = await believe(top_up, Verdict.SUCCEEDED)

    assert (ended.status, ended.settled_at) == (MovementStatus.COMPLETED, LATER)
    assert await balances(wallet) == [500]
    assert (await ProviderOrder.get(movement_id=top_up.id)).reference == "r-1"
    await books.assert_sound()


async def test_a_success_told_ten_times_at_once_credits_once() -> None:
    wallet, top_up = await handed_over()

    await asyncio.gather(*(believe(top_up, Verdict.SUCCEEDED) for _ in range(10)))

    assert await balances(wallet) == [500]
    await books.assert_sound()


async def test_a_decline_fails_the_top_up_and_moves_nothing() -> None:
    wallet, top_up = await handed_over()

    ended = await believe(top_up, Verdict.DECLINED)

    assert (ended.status, ended.failure_code) == (MovementStatus.FAILED, "PROVIDER_DECLINED")
    assert await balances(wallet) == [0]
    await books.assert_sound()


async def test_a_lost_answer_is_unknown_and_asked_about_and_only_an_answer_ends_it() -> None:
    wallet, top_up = await handed_over()

    await provider_orders.lose(top_up, NOON)
    unknown = await Movement.get(id=top_up.id)
    pending = await believe(unknown, Verdict.PENDING)
    ended = await believe(unknown, Verdict.SUCCEEDED)

    assert unknown.status is pending.status is MovementStatus.UNKNOWN
    assert ended.status is MovementStatus.COMPLETED
    assert await balances(wallet) == [500]
    asks = await Job.filter(kind=provider_orders.ASK_JOB).order_by("due_at")
    assert [job.due_at for job in asks] == [
        NOON + timedelta(seconds=2),
        LATER + timedelta(seconds=4),
    ]


async def test_an_answer_finds_a_top_up_that_was_marked_unknown_meanwhile() -> None:
    wallet, as_it_was_read = await handed_over()
    await provider_orders.lose(as_it_was_read, NOON)

    ended = await believe(as_it_was_read, Verdict.SUCCEEDED)

    assert ended.status is MovementStatus.COMPLETED
    assert await balances(wallet) == [500]


async def test_losing_an_answer_after_the_end_changes_nothing() -> None:
    wallet, as_it_was_read = await handed_over()
    await believe(as_it_was_read, Verdict.SUCCEEDED)

    await provider_orders.lose(as_it_was_read, LATER)

    assert (await Movement.get(id=as_it_was_read.id)).status is MovementStatus.COMPLETED
    assert await balances(wallet) == [500]


async def test_the_pause_between_asks_doubles_up_to_an_hour() -> None:
    _, top_up = await handed_over()

    for _ in range(14):
        await provider_orders.ask_later(top_up, NOON)

    jobs = await Job.filter(kind=provider_orders.ASK_JOB).order_by("due_at")
    pauses = [int((job.due_at - NOON).total_seconds()) for job in jobs]
    assert pauses == [2, 4, 8, 16, 32, 64, 128, 256, 512, 1_024, 2_048, 3_600]


async def test_an_order_stays_with_the_provider_that_has_it() -> None:
    _, top_up = await handed_over()

    assert await provider_orders.hand_over(top_up, "bank", LATER) is Handing.ASK
    with pytest.raises(OtherProvider):
        await provider_orders.hand_over(top_up, "another bank", LATER)


async def test_a_reference_that_belongs_to_another_order_credits_nobody() -> None:
    ada, wallet = await ada_and_wallet()
    first, second = await start(ada, wallet), await start(ada, wallet, key="other")
    for top_up in (first, second):
        await provider_orders.hand_over(top_up, "bank", NOON)
    await believe(first, Verdict.SUCCEEDED)

    with pytest.raises(IntegrityError):
        await believe(second, Verdict.SUCCEEDED)

    assert await balances(wallet) == [500]


@pytest.mark.parametrize(
    ("body", "names_an_order"),
    [
        (b'{"order_id": "01900000-0000-7000-8000-000000000001"}', True),
        (b'{"order_id": 17}', False),
        (b'{"order_id": "ada"}', False),
        (b"[]", False),
        (b"null", False),
        (b"\x00\xff not words", False),
        (b'{"order_id": "\\u0000"}', False),
        (b"[" * 16_000, False),
        (b"", False),
    ],
)
async def test_a_callback_is_kept_raw_whatever_it_says_and_moves_nothing(
    body: bytes, names_an_order: bool
) -> None:
    await provider_orders.hear("bank", body, NOON)

    [message], [job] = await ProviderMessage.all(), await Job.all()
    assert (message.provider, message.kind) == ("bank", MessageKind.CALLBACK)
    assert message.body["text"].encode() == body or not body.isascii() or b"\x00" in body
    assert message.movement_id == (
        UUID("01900000-0000-7000-8000-000000000001") if names_an_order else None
    )
    assert (job.kind, job.subject_id, job.due_at) == (provider_orders.HEAR_JOB, message.id, NOON)


async def test_a_providers_words_cannot_be_changed_afterwards() -> None:
    await provider_orders.keep("bank", MessageKind.ASK, "yes", movement_id=new_id(), now=NOON)

    with pytest.raises(OperationalError):
        await ProviderMessage.all().delete()
