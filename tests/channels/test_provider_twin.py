"""The payment provider's simulator, a process of its own: what it does, and never forgets."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import httpx2
import pytest

from channels.providers import (
    SIGNATURE_HEADER,
    TIMESTAMP_HEADER,
    AccountDetails,
    AccountStatus,
    AnswerLost,
    AnswerStatus,
    BookedKind,
    HttpProvider,
    Order,
    OrderKind,
    StatementLine,
    Unreachable,
    verify_callback,
)
from channels.twins.journal import Journal
from channels.twins.orders import Orders
from tests.moments import NOON
from tests.services import Simulator, simulator
from tests.wires import FarEnd, Heard, far_end

TODAY = NOON.date()


@pytest.fixture(scope="module")
async def callbacks() -> AsyncIterator[FarEnd]:
    async with far_end() as end:
        yield end


@pytest.fixture(scope="module")
def server(callbacks: FarEnd) -> Iterator[Simulator]:
    with simulator(callback=callbacks.url) as running:
        yield running


@pytest.fixture
def doomed(callbacks: FarEnd) -> Iterator[Simulator]:
    """One of the test's own, to be killed."""
    with simulator(callback=callbacks.url) as running:
        yield running


def wire(server: Simulator) -> HttpProvider:
    return HttpProvider("simulator", url=server.url, secret=server.secret)


def charge(order_id: UUID, amount_minor: int, currency: str = "CNY") -> Order:
    return Order(id=order_id, kind=OrderKind.CHARGE, amount_minor=amount_minor, currency=currency)


def payout(order_id: UUID, amount_minor: int, *, account: str | None = "acct_1") -> Order:
    return Order(
        id=order_id,
        kind=OrderKind.PAYOUT,
        amount_minor=amount_minor,
        currency="CNY",
        token=account,
    )


async def control(server: Simulator, path: str, **words: object) -> int:
    headers = {"Authorization": f"Bearer {server.secret}"}
    async with httpx2.AsyncClient(base_url=server.url, headers=headers, trust_env=False) as client:
        answer = await client.post(f"/control/{path}", json=words)
    return answer.status_code


async def decide(server: Simulator, order_id: UUID) -> None:
    assert await control(server, f"decide/{order_id}") == 200


async def make_it_noon(server: Simulator, *, days_later: int = 0) -> None:
    """Sets its clock, which is the machine's otherwise, to a day that no test has to wait for."""
    ahead = NOON + timedelta(days=days_later) - datetime.now(UTC)
    assert await control(server, "clock", ahead_seconds=ahead.total_seconds()) == 200


async def lines_of(provider: HttpProvider, order_id: UUID, on: date) -> list[StatementLine]:
    statement = await provider.statement(on)
    return [line for line in statement.lines if line.order_id == order_id]


def is_signed(request: Heard, secret: str) -> bool:
    timestamp = request.headers[TIMESTAMP_HEADER.lower()]
    return verify_callback(
        secret.encode(),
        timestamp,
        request.body,
        request.headers[SIGNATURE_HEADER.lower()],
        datetime.fromtimestamp(int(timestamp), UTC),
    )


@pytest.mark.parametrize(
    ("amount", "status", "code"),
    [
        (1, AnswerStatus.DECLINED, "do_not_honor"),
        (151, AnswerStatus.DECLINED, "insufficient_funds"),
        (100, AnswerStatus.SUCCEEDED, None),
        (2**53 - 1 - 91, AnswerStatus.SUCCEEDED, None),
        (191, AnswerStatus.PENDING, None),
        (194, AnswerStatus.PENDING, None),
        (193, AnswerStatus.SUCCEEDED, None),
        (102, AnswerStatus.DECLINED, "contact_bank"),
        (114, AnswerStatus.DECLINED, "account_invalid"),
        (115, AnswerStatus.DECLINED, "account_closed"),
        (154, AnswerStatus.DECLINED, "expired_card"),
        (161, AnswerStatus.DECLINED, "card_limit"),
        (188, AnswerStatus.DECLINED, "code_88"),
        (190, AnswerStatus.DECLINED, "provider_down"),
        (196, AnswerStatus.SUCCEEDED, None),
        (197, AnswerStatus.SUCCEEDED, None),
        (198, AnswerStatus.SUCCEEDED, None),
        (199, AnswerStatus.DECLINED, "do_not_honor"),
    ],
)
@pytest.mark.parametrize(
    ("currency", "kind"),
    [
        ("CNY", OrderKind.CHARGE),
        ("JPY", OrderKind.CHARGE),
        ("KWD", OrderKind.CHARGE),
        ("CNY", OrderKind.PAYOUT),
    ],
)
async def test_the_last_two_digits_choose_the_answer_which_stays_the_same(
    server: Simulator,
    amount: int,
    status: AnswerStatus,
    code: str | None,
    currency: str,
    kind: OrderKind,
) -> None:
    order_id = uuid4()
    order = Order(id=order_id, kind=kind, amount_minor=amount, currency=currency, token="acct_1")
    async with wire(server) as provider:
        first = await provider.submit(order)
        again = await provider.submit(order)
        asked = await provider.ask(order_id)

    assert (first.status, first.decline_code) == (status, code)
    assert first.reference == f"sim_{order_id.hex}"
    assert first == again == asked
    assert first.kind is kind


async def test_an_order_nobody_submitted_is_not_known(server: Simulator) -> None:
    async with wire(server) as provider:
        assert await provider.ask(uuid4()) is None


async def test_the_same_id_for_another_sum_is_no_answer(server: Simulator) -> None:
    order_id = uuid4()
    async with wire(server) as provider:
        await provider.submit(charge(order_id, 100, "CNY"))
        with pytest.raises(AnswerLost, match="409"):
            await provider.submit(charge(order_id, 200, "CNY"))
        with pytest.raises(AnswerLost, match="409"):
            await provider.submit(charge(order_id, 100, "EUR"))
        with pytest.raises(AnswerLost, match="409"):
            await provider.submit(payout(order_id, 100))


async def test_what_is_no_order_and_who_lacks_the_secret_are_refused(server: Simulator) -> None:
    async with HttpProvider("simulator", url=server.url, secret="wrong") as stranger:
        with pytest.raises(AnswerLost, match="401"):
            await stranger.submit(charge(uuid4(), 100, "CNY"))
    async with wire(server) as provider:
        for amount in (0, -1, 2**53):
            with pytest.raises(AnswerLost, match="400"):
                await provider.submit(charge(uuid4(), amount, "CNY"))
        with pytest.raises(AnswerLost, match="400"):
            await provider.submit(charge(uuid4(), 100, "RENMINBI"))
        with pytest.raises(AnswerLost, match="400"):
            await provider.submit(payout(uuid4(), 100, account=None))


async def test_92_takes_the_money_and_loses_the_answer(server: Simulator) -> None:
    order_id = uuid4()
    async with wire(server) as provider:
        with pytest.raises(AnswerLost):
            await provider.submit(charge(order_id, 192, "CNY"))
        asked = await provider.ask(order_id)

    assert asked is not None
    assert asked.status is AnswerStatus.SUCCEEDED


async def test_95_loses_the_request_once(server: Simulator) -> None:
    order_id = uuid4()
    async with wire(server) as provider:
        with pytest.raises(AnswerLost):
            await provider.submit(charge(order_id, 195, "CNY"))
        assert await provider.ask(order_id) is None
        again = await provider.submit(charge(order_id, 195, "CNY"))

    assert again.status is AnswerStatus.SUCCEEDED


async def test_93_calls_back_twice_with_a_signature(server: Simulator, callbacks: FarEnd) -> None:
    order_id = uuid4()
    async with wire(server) as provider:
        await provider.submit(charge(order_id, 193, "CNY"))
    requests = await callbacks.heard(str(order_id), times=2)

    assert [json.loads(request.body)["status"] for request in requests] == ["succeeded"] * 2
    assert all(is_signed(request, server.secret) for request in requests)


@pytest.mark.parametrize(("amount", "status"), [(191, "succeeded"), (194, "declined")])
async def test_a_delayed_order_calls_back_once_it_is_decided(
    server: Simulator, callbacks: FarEnd, amount: int, status: str
) -> None:
    order_id = uuid4()
    async with wire(server) as provider:
        await provider.submit(charge(order_id, amount, "CNY"))
        await decide(server, order_id)
        [request] = await callbacks.heard(str(order_id))
        asked = await provider.ask(order_id)

    assert json.loads(request.body)["status"] == status
    assert asked is not None
    assert asked.status == status


async def test_a_delay_ends_by_itself(callbacks: FarEnd) -> None:
    order_id = uuid4()
    with simulator(callback=callbacks.url, delay_seconds=0.05) as server:
        async with wire(server) as provider:
            await provider.submit(charge(order_id, 191, "CNY"))
            await callbacks.heard(str(order_id))
            asked = await provider.ask(order_id)

    assert asked is not None
    assert asked.status is AnswerStatus.SUCCEEDED


async def test_a_killed_simulator_still_knows_everything_and_calls_back_what_it_owes(
    doomed: Simulator, callbacks: FarEnd
) -> None:
    taken, lost, delayed = uuid4(), uuid4(), uuid4()
    async with wire(doomed) as provider:
        before = await provider.submit(charge(taken, 101, "CNY"))
        with pytest.raises(AnswerLost):
            await provider.submit(charge(lost, 195, "CNY"))
        await provider.submit(charge(delayed, 191, "CNY"))
    doomed.kill()
    doomed.start()

    async with wire(doomed) as provider:
        assert await provider.ask(taken) == before
        assert await provider.ask(lost) is None
        assert (await provider.submit(charge(lost, 195, "CNY"))).status is AnswerStatus.SUCCEEDED
        await decide(doomed, delayed)
        [request] = await callbacks.heard(str(delayed))
    assert json.loads(request.body)["status"] == "succeeded"


async def test_a_callback_nobody_hears_is_made_again() -> None:
    refusals = [b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n", b""]

    def answering(_: Heard, to: asyncio.StreamWriter) -> None:
        to.write(refusals.pop() if refusals else b"HTTP/1.1 204 No Content\r\n\r\n")

    order_id = uuid4()
    async with far_end(answering) as end:
        with simulator(callback=end.url) as server:
            async with wire(server) as provider:
                await provider.submit(charge(order_id, 191, "CNY"))
            await decide(server, order_id)
            requests = await end.heard(str(order_id), times=3)

    assert len(requests) == 3


async def test_89_is_away_the_first_time_and_was_told_nothing(server: Simulator) -> None:
    order_id = uuid4()
    async with wire(server) as provider:
        with pytest.raises(Unreachable):
            await provider.submit(payout(order_id, 189))
        assert await provider.ask(order_id) is None
        again = await provider.submit(payout(order_id, 189))

    assert again.status is AnswerStatus.SUCCEEDED


async def test_down_for_maintenance_it_takes_nothing_until_it_is_back(doomed: Simulator) -> None:
    order_id = uuid4()
    async with wire(doomed) as provider:
        assert await control(doomed, "maintenance", is_away=True) == 200
        with pytest.raises(Unreachable):
            await provider.submit(charge(order_id, 100))
        with pytest.raises(Unreachable):
            await provider.statement(TODAY)
        with pytest.raises(Unreachable):
            await provider.check_account(account("622200000000000000"))
        await control(doomed, "maintenance", is_away=False)
        assert await provider.ask(order_id) is None


@pytest.mark.parametrize("kind", ["charge", "payout"])
async def test_96_succeeds_and_goes_back_later_with_a_callback(
    server: Simulator, callbacks: FarEnd, kind: str
) -> None:
    order_id = uuid4()
    async with wire(server) as provider:
        first = await provider.submit(
            charge(order_id, 196) if kind == "charge" else payout(order_id, 196)
        )
        await decide(server, order_id)
        [request] = await callbacks.heard(str(order_id))
        asked = await provider.ask(order_id)

    assert first.status is AnswerStatus.SUCCEEDED
    assert json.loads(request.body)["status"] == "reversed"
    assert asked is not None
    assert asked.status is AnswerStatus.REVERSED


async def test_98_calls_back_with_an_old_word_after_the_last(
    server: Simulator, callbacks: FarEnd
) -> None:
    order_id = uuid4()
    async with wire(server) as provider:
        await provider.submit(charge(order_id, 198))
    requests = await callbacks.heard(str(order_id), times=2)

    assert [json.loads(each.body)["status"] for each in requests] == ["succeeded", "pending"]


async def test_99_declines_and_succeeds_after_all(server: Simulator) -> None:
    order_id = uuid4()
    async with wire(server) as provider:
        first = await provider.submit(payout(order_id, 199))
        await decide(server, order_id)
        asked = await provider.ask(order_id)

    assert first.status is AnswerStatus.DECLINED
    assert asked is not None
    assert (asked.status, asked.decline_code) == (AnswerStatus.SUCCEEDED, None)


async def test_a_statement_has_what_was_moved_and_nothing_else(doomed: Simulator) -> None:
    await make_it_noon(doomed)
    taken, declined, returned = uuid4(), uuid4(), uuid4()
    async with wire(doomed) as provider:
        await provider.submit(charge(taken, 1_200))
        await provider.submit(charge(declined, 101))
        await provider.submit(payout(returned, 197))
        await decide(doomed, returned)
        statement = await provider.statement(TODAY)

    assert {(line.order_id, line.kind, line.amount_minor) for line in statement.lines} == {
        (taken, BookedKind.CHARGE, 1_200),
        (returned, BookedKind.PAYOUT, 197),
        (returned, BookedKind.RETURN, 197),
    }
    assert {line.reference for line in statement.lines} == {
        f"sim_{taken.hex}",
        f"sim_{returned.hex}",
        f"sim_{returned.hex}_back",
    }
    assert {(line.fee_minor, line.currency) for line in statement.lines} == {(0, "CNY")}
    assert all(line.booked_at.date() == TODAY for line in statement.lines)


async def test_a_statement_of_more_than_a_page_is_read_to_its_end(doomed: Simulator) -> None:
    doomed.kill()
    orders = Orders(Journal(doomed.journal))
    for number in range(450):
        orders.take(uuid4(), OrderKind.CHARGE, 100, "CNY", taken_at=number, decides_at=0)
    doomed.start()

    async with wire(doomed) as provider:
        statement = await provider.statement(date(1970, 1, 1))

    assert len({line.reference for line in statement.lines}) == 450


async def test_a_statement_can_be_spoilt_in_every_way(doomed: Simulator) -> None:
    await make_it_noon(doomed)
    missing, doubled, changed, extra = (uuid4() for _ in range(4))
    line = {
        "reference": "sim_nobody",
        "order_id": str(extra),
        "kind": "charge",
        "amount_minor": 5,
        "currency": "CNY",
        "booked_at": datetime.combine(TODAY, datetime.min.time(), UTC).isoformat(),
    }
    async with wire(doomed) as provider:
        for order_id in (missing, doubled, changed):
            await provider.submit(charge(order_id, 1_200))
        await control(doomed, "statement", order_id=str(missing), how="missing")
        await control(doomed, "statement", order_id=str(doubled), how="doubled")
        changes = {"amount_minor": 1_100, "fee_minor": 7}
        await control(doomed, "statement", order_id=str(changed), how="changed", line=changes)
        await control(doomed, "statement", order_id=str(extra), how="extra", line=line)
        doomed.kill()
        doomed.start()

        counts = [
            len(await lines_of(provider, order_id, TODAY))
            for order_id in (missing, doubled, changed, extra)
        ]
        [told] = await lines_of(provider, changed, TODAY)
        await control(doomed, "statement", order_id=str(missing), how="none")
        assert len(await lines_of(provider, missing, TODAY)) == 1

    assert counts == [0, 2, 1, 1]
    assert (told.amount_minor, told.fee_minor) == (1_100, 7)


async def test_its_clock_can_be_set_and_delays_end_by_it(
    doomed: Simulator, callbacks: FarEnd
) -> None:
    await make_it_noon(doomed)
    order_id = uuid4()
    async with wire(doomed) as provider:
        await provider.submit(charge(order_id, 191))
        await make_it_noon(doomed, days_later=2)
        [request] = await callbacks.heard(str(order_id))
        [line] = await lines_of(provider, order_id, TODAY)

    said_at = datetime.fromtimestamp(int(request.headers[TIMESTAMP_HEADER.lower()]), UTC)
    assert said_at.date() == TODAY + timedelta(days=2)
    assert line.booked_at.hour == 13  # An hour is its delay.


async def test_the_end_of_a_number_chooses_what_is_said_of_an_account(server: Simulator) -> None:
    async with wire(server) as provider:
        answers = {
            ending: await provider.check_account(account(f"62220000000000{ending}"))
            for ending in ("00", "13", "14", "15", "77")
        }

    assert {ending: (each.status, each.decline_code) for ending, each in answers.items()} == {
        "00": (AccountStatus.CONFIRMED, None),
        "13": (AccountStatus.REFUSED, "holder_differs"),
        "14": (AccountStatus.REFUSED, "account_invalid"),
        "15": (AccountStatus.REFUSED, "account_closed"),
        "77": (AccountStatus.AMOUNT_SENT, None),
    }
    assert answers["00"].token is not None
    assert answers["14"].token is None


async def test_a_card_keeps_the_token_it_came_with(server: Simulator) -> None:
    card = AccountDetails(id=uuid4(), holder="Ada", currency="CNY", token="tok_card_00")
    async with wire(server) as provider:
        answer = await provider.check_account(card)

    assert (answer.status, answer.token) == (AccountStatus.CONFIRMED, "tok_card_00")


async def test_the_small_amount_proves_an_account_within_three_tries(doomed: Simulator) -> None:
    first, second = account("622200000000000077"), account("622200000000000177")
    async with wire(doomed) as provider:
        await provider.check_account(first)
        await provider.check_account(second)
        wrong = await provider.prove_account(first.id, 16)
        doomed.kill()
        doomed.start()
        right = await provider.prove_account(first.id, 17)
        for _ in range(3):
            refused = await provider.prove_account(second.id, 16)
        too_late = await provider.prove_account(second.id, 17)

    assert (wrong.status, wrong.tries_left) == (AccountStatus.AMOUNT_SENT, 2)
    assert (right.status, right.tries_left) == (AccountStatus.CONFIRMED, None)
    assert (refused.status, refused.decline_code) == (AccountStatus.REFUSED, "too_many_tries")
    assert too_late == refused


async def test_nothing_of_a_number_but_its_end_is_remembered(doomed: Simulator) -> None:
    async with wire(doomed) as provider:
        await provider.check_account(account("6222021234567800"))

    assert b"622202" not in doomed.journal.read_bytes()


def account(number: str) -> AccountDetails:
    return AccountDetails(id=uuid4(), holder="Ada", currency="CNY", number=number)


def test_it_ends_with_its_starter(doomed: Simulator) -> None:
    assert doomed.let_go() == 0


def test_half_a_line_at_the_end_of_the_journal_was_told_to_nobody(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    first, second = uuid4(), uuid4()
    take(Orders(Journal(path)), first)
    with path.open("ab") as file:
        file.write(b'{"event": "taken", "order_id": "')

    take(Orders(Journal(path)), second)

    assert {order.id for order in Orders(Journal(path)).all()} == {first, second}
    assert oct(os.stat(path).st_mode & 0o777) == "0o600"


def test_a_journal_from_before_there_were_payouts_is_one_of_charges(tmp_path: Path) -> None:
    path, order_id = tmp_path / "journal", uuid4()
    old = {"event": "taken", "order_id": str(order_id), "amount_minor": 100, "currency": "CNY"}
    path.write_text(json.dumps({**old, "decides_at": 5.0}) + "\n")

    [order] = Orders(Journal(path)).all()

    assert (order.kind, order.taken_at, order.decides_at) == (OrderKind.CHARGE, 5.0, 5.0)


def take(orders: Orders, order_id: UUID) -> None:
    orders.take(order_id, OrderKind.CHARGE, 100, "CNY", taken_at=0, decides_at=0)
