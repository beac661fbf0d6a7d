"""People ask one another for money: it is paid once, declined, taken back, or too late."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import Any

import pytest

from domain import blocks, money_requests, payees, pins, transfers
from domain.challenges import Proof
from domain.confirming import Confirmation
from domain.money_requests import RequestAmountDiffers, RequestClosed, Wish
from domain.refusals import NotFound
from models.ids import new_id
from models.jobs import Job
from models.money_requests import MoneyRequest, MoneyRequestStatus
from models.movements import Movement, MovementStatus
from models.people import Person
from models.wallets import Account
from tests import factories
from tests.moments import NOON

pytestmark = pytest.mark.usefixtures("database")

WEEK = NOON + timedelta(days=7)
PIN = "246810"


async def two(holds: int = 1_000) -> tuple[Person, Account, Person]:
    """Ada, who has money and a PIN, and bob, who asks for it."""
    ada, bob = await factories.person("ada"), await factories.person("bob")
    wallet = await factories.wallet(ada, holds=holds)
    await factories.wallet(bob)
    await pins.set_pin(ada.id, PIN, NOON)
    return ada, wallet, bob


async def asked(bob: Person, amount: int = 250, **changes: Any) -> MoneyRequest:
    facts: dict[str, Any] = {"amount": amount, "currency": "CNY", "note": "lunch"}
    wish = Wish(payer=payees.Named(account_name="ada"), **{**facts, **changes})
    return await money_requests.ask(wish, by=bob.id, now=NOON)


async def prepares(
    ada: Person, wallet: Account, request: MoneyRequest, now: datetime = NOON, **changes: Any
) -> transfers.Prepared:
    wish = transfers.Wish(
        wallet_id=wallet.id,
        payee=payees.Named(request_id=request.id),
        **{"amount": None, "currency": None, **changes},
    )
    by = factories.identity(ada)
    return await transfers.prepare(wish, by=by, address="203.0.113.9", now=now)


async def confirms(
    ada: Person, prepared: transfers.Prepared, key: str | None = None, now: datetime = NOON
) -> Movement:
    wish = Confirmation(
        quote_id=prepared.shown.quote.id,
        challenge_id=prepared.shown.challenge.id,
        proof=Proof(pin=PIN),
        key=key or new_id().hex,
    )
    return await transfers.confirm(wish, by=factories.identity(ada), now=now)


async def status(request: MoneyRequest) -> MoneyRequestStatus:
    return (await MoneyRequest.get(id=request.id)).status


async def test_a_request_is_paid_by_a_transfer_of_just_that() -> None:
    ada, wallet, bob = await two()
    request = await asked(bob)

    done = await confirms(ada, await prepares(ada, wallet, request))

    assert (done.status, done.amount, done.note) == (MovementStatus.COMPLETED, 250, "lunch")
    paid = await MoneyRequest.get(id=request.id)
    assert (paid.status, paid.movement_id) == (MoneyRequestStatus.PAID, done.id)
    assert (await Account.get(owner_id=bob.id)).balance == 250


async def test_a_request_confirmed_twice_at_once_is_paid_once() -> None:
    ada, wallet, bob = await two()
    request = await asked(bob)
    both = [await prepares(ada, wallet, request) for _ in range(2)]

    answers = await asyncio.gather(
        *(confirms(ada, prepared) for prepared in both), return_exceptions=True
    )

    assert sorted(type(answer).__name__ for answer in answers) == ["Movement", "RequestClosed"]
    assert await factories.balances(wallet) == [750]


async def test_a_request_that_could_not_be_paid_is_still_open() -> None:
    ada, wallet, bob = await two(holds=300)
    request = await asked(bob)
    prepared, other = await prepares(ada, wallet, request), await asked(bob, 200)
    await confirms(ada, await prepares(ada, wallet, other))

    failed = await confirms(ada, prepared)

    assert (failed.status, failed.failure_code) == (MovementStatus.FAILED, "INSUFFICIENT_FUNDS")
    assert await status(request) is MoneyRequestStatus.OPEN


async def test_the_same_key_again_answers_with_the_same_payment() -> None:
    ada, wallet, bob = await two()
    prepared = await prepares(ada, wallet, await asked(bob))

    first = await confirms(ada, prepared, key="lunch")
    again = await confirms(ada, prepared, key="lunch")

    assert first.id == again.id
    assert await factories.balances(wallet) == [750]


async def test_another_amount_than_was_asked_for_is_refused() -> None:
    ada, wallet, bob = await two()
    request = await asked(bob)

    with pytest.raises(RequestAmountDiffers):
        await prepares(ada, wallet, request, amount=249, currency="CNY")

    assert await status(request) is MoneyRequestStatus.OPEN


@pytest.mark.parametrize("how", ["decline", "cancel", "expire"])
async def test_a_request_that_is_over_is_not_paid(how: str) -> None:
    ada, wallet, bob = await two()
    request = await asked(bob, days=1)
    prepared = await prepares(ada, wallet, request, NOON + timedelta(days=1, minutes=-2))
    now = NOON + timedelta(days=1, minutes=-1)
    match how:
        case "decline":
            await money_requests.decline(request.id, by=ada.id, now=now)
        case "cancel":
            await money_requests.cancel(request.id, by=bob.id, now=now)
        case _:
            now = request.expires_at

    with pytest.raises(RequestClosed):
        await confirms(ada, prepared, now=now)
    with pytest.raises(RequestClosed):
        await prepares(ada, wallet, request, now)

    assert await factories.balances(wallet) == [1_000]
    assert await Movement.filter(person_id=ada.id, kind="transfer").count() == 0


async def test_nobody_answers_what_they_were_not_asked() -> None:
    ada, _, bob = await two()
    request, eve = await asked(bob), await factories.person("eve")

    for answer in (
        money_requests.decline(request.id, by=eve.id, now=NOON),
        money_requests.decline(request.id, by=bob.id, now=NOON),
        money_requests.cancel(request.id, by=ada.id, now=NOON),
        money_requests.open_one(request.id, payer_id=eve.id, now=NOON),
    ):
        with pytest.raises(NotFound):
            await answer

    assert await status(request) is MoneyRequestStatus.OPEN


async def test_time_ends_a_request_once_and_nothing_else() -> None:
    _, __, bob = await two()
    request = await asked(bob)
    [job] = await Job.filter(kind=money_requests.EXPIRE_JOB)

    await money_requests.expire(request.id, NOON)
    early = await status(request)
    await money_requests.expire(request.id, job.due_at)

    assert (early, job.due_at) == (MoneyRequestStatus.OPEN, WEEK)
    assert await status(request) is MoneyRequestStatus.EXPIRED


async def test_somebody_who_is_blocked_cannot_ask_and_is_not_told() -> None:
    ada, _, bob = await two()
    await blocks.block(by=ada.id, blocked_id=bob.id, now=NOON)

    with pytest.raises(payees.PayeeCannotReceive):
        await asked(bob)

    assert await MoneyRequest.all().count() == 0


async def test_requests_do_not_pile_up() -> None:
    _, __, bob = await two()

    asking = [asked(bob) for _ in range(5)]
    answers = await asyncio.gather(*asking, return_exceptions=True)

    refused = [each for each in answers if isinstance(each, money_requests.TooManyRequests)]
    assert len(refused) == 2
    assert await MoneyRequest.all().count() == 3


@pytest.mark.parametrize("days", [0, -1, 31, 2**40])
async def test_a_request_lives_for_one_to_thirty_days(days: int) -> None:
    _, __, bob = await two()

    with pytest.raises(money_requests.RequestExpiryInvalid):
        await asked(bob, days=days)

    assert await MoneyRequest.all().count() == 0
