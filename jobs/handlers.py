"""Which job is whose: the handlers of every kind, with the wires they speak to."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from channels.couriers import Courier
from channels.providers import Provider
from domain import contacts, provider_orders, retention, top_ups, transfers
from jobs.contact_codes import send_contact_code
from jobs.retention import purge
from jobs.top_ups import ask_top_up, hear_provider, submit_top_up
from jobs.transfers import settle_transfer
from jobs.worker import Handler


@dataclass(frozen=True, slots=True, kw_only=True)
class Wires:
    """The wires that leave the house; jobs for a wire that is not there wait until it is."""

    courier: Courier | None = None
    provider: Provider | None = None


def registry(wires: Wires) -> dict[str, Handler]:
    """The handler of each kind of job that can be done with these wires."""
    handlers: dict[str, Handler] = {transfers.SETTLE_JOB: settle_transfer, retention.JOB: purge}
    if wires.courier is not None:
        handlers[contacts.SEND_JOB] = partial(send_contact_code, courier=wires.courier)
    if wires.provider is not None:
        handlers[top_ups.SUBMIT_JOB] = partial(submit_top_up, provider=wires.provider)
        handlers[top_ups.HEAR_JOB] = partial(hear_provider, provider=wires.provider)
        handlers[provider_orders.ASK_JOB] = partial(ask_top_up, provider=wires.provider)
    return handlers
