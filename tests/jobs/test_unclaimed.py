"""The text message to a number for which money waits, and what the worker gives back."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from channels.couriers import Tray
from channels.couriers.tray import letters
from jobs.handlers import Wires, registry
from jobs.worker import Worker
from models.movements import Movement, MovementStatus
from models.people import Person
from tests.domain.senders import PHONE, claimer, row_of, sender
from tests.jobs.conftest import Clock
from tests.moments import NOON

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def tray(tmp_path: Path) -> Path:
    return tmp_path / "letters"


@pytest.fixture
def worker(tray: Path, clock: Clock) -> Worker:
    wires = Wires(courier=Tray(tray), public_url="https://upay.example")
    return Worker(registry(wires), clock=clock)


async def test_the_number_gets_one_message_without_amount_or_name(
    worker: Worker, tray: Path
) -> None:
    ada = await sender()
    sent = await ada.sends(300, note="For the tea")

    await worker.run_due()
    await worker.run_due()

    [letter] = letters(tray)
    assert (letter.to, letter.kind) == (PHONE, "phone")
    assert letter.text.startswith("uPay: somebody has sent money to this number.")
    assert "upay.example" in letter.text
    for secret in ("3.00", "300", "Ada", "tea"):
        assert secret not in letter.text
    assert (await row_of(sent)).told_at == NOON


async def test_it_speaks_the_payers_language(worker: Worker, tray: Path) -> None:
    ada = await sender()
    await Person.filter(id=ada.person.id).update(locale="zh-CN")
    await ada.sends(300)

    await worker.run_due()

    [letter] = letters(tray)
    assert letter.text.startswith("【uPay】有人向您的手机号转账。")


async def test_of_what_was_called_back_at_once_nobody_is_told(worker: Worker, tray: Path) -> None:
    ada = await sender()
    await ada.cancels(await ada.sends(300))

    await worker.run_due()

    assert letters(tray) == []


async def test_what_was_claimed_is_not_given_back_and_what_was_not_is(
    worker: Worker, clock: Clock
) -> None:
    ada = await sender()
    claimed, left = await ada.sends(100), await ada.sends(200)
    bob = await claimer()
    await bob.claims(claimed)

    clock.now = NOON + timedelta(days=1)
    await worker.run_due()

    statuses = {row.id: row.status for row in await Movement.filter(id__in=[claimed.id, left.id])}
    assert statuses == {claimed.id: MovementStatus.COMPLETED, left.id: MovementStatus.FAILED}
    assert (await ada.has(), await bob.has()) == ((900, 0), 100)
    assert (await row_of(left)).phone is None
