"""Every kind of job that a verb asks for has somebody who does it."""

from __future__ import annotations

from pathlib import Path

from channels.couriers import Tray
from channels.providers import HttpProvider
from domain import (
    bank_accounts,
    contacts,
    password_resets,
    provider_orders,
    reconciliation,
    security_events,
    top_ups,
    unclaimed,
    withdrawals,
)
from jobs.handlers import Wires, registry


async def test_jobs_for_a_wire_that_is_not_there_wait(tmp_path: Path) -> None:
    letters = {
        contacts.SEND_JOB,
        security_events.TELL_JOB,
        password_resets.SEND_JOB,
        unclaimed.TELL_JOB,
    }
    provider_kinds = {
        *(top_ups.SUBMIT_JOB, withdrawals.SUBMIT_JOB, provider_orders.ASK_JOB),
        *(provider_orders.HEAR_JOB, provider_orders.LOOK_JOB),
        *(bank_accounts.CHECK_JOB, reconciliation.FETCH_JOB),
    }
    async with HttpProvider("bank", url="http://127.0.0.1:9", secret="hush") as provider:
        everything = set(registry(Wires(provider=provider, courier=Tray(tmp_path))))
        without_provider = set(registry(Wires(courier=Tray(tmp_path))))
    without_wires = set(registry(Wires()))

    assert everything - without_provider == provider_kinds
    assert without_provider - without_wires == letters
