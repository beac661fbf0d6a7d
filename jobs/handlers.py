"""Which job is whose: the handlers of every kind, with the wires they speak to."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from channels.couriers import Courier
from channels.providers import Provider
from domain import (
    contacts,
    erasures,
    exports,
    factor_losses,
    guards,
    own_limits,
    password_reminders,
    password_resets,
    provider_orders,
    retention,
    risk_cases,
    security_events,
    top_ups,
    transfers,
)
from domain.risk import records
from jobs.contact_codes import send_contact_code
from jobs.contacts import remove_contact
from jobs.erasures import erase_account
from jobs.exports import make_export
from jobs.factors import remind_of_factor_loss
from jobs.own_limits import raise_own_limit
from jobs.passwords import (
    find_ageing_passwords,
    remind_of_ageing_password,
    send_password_reset,
)
from jobs.retention import purge
from jobs.risk import close_inquiry, expire_risk_case
from jobs.security_events import tell_security_event
from jobs.sign_in_locks import tell_sign_in_lock
from jobs.top_ups import ask_top_up, hear_provider, submit_top_up
from jobs.transfers import settle_transfer
from jobs.worker import Handler


@dataclass(frozen=True, slots=True, kw_only=True)
class Wires:
    """The wires that leave the house; jobs for a wire that is not there wait until it is.

    `public_url` is the origin that links in letters begin with, without a slash at its end.
    """

    public_url: str = "http://localhost:8000"
    courier: Courier | None = None
    provider: Provider | None = None


def registry(wires: Wires) -> dict[str, Handler]:
    """The handler of each kind of job that can be done with these wires."""
    handlers: dict[str, Handler] = {transfers.SETTLE_JOB: settle_transfer, retention.JOB: purge}
    handlers[contacts.REMOVE_JOB] = remove_contact
    handlers[factor_losses.REMIND_JOB] = remind_of_factor_loss
    handlers[own_limits.RAISE_JOB] = raise_own_limit
    handlers[guards.TELL_JOB] = tell_sign_in_lock
    handlers[risk_cases.EXPIRE_JOB] = expire_risk_case
    handlers[records.UNANSWERED_JOB] = close_inquiry
    handlers[password_reminders.SCAN_JOB] = find_ageing_passwords
    handlers[password_reminders.REMIND_JOB] = remind_of_ageing_password
    handlers[exports.JOB] = make_export
    handlers[erasures.JOB] = erase_account
    if wires.courier is not None:
        handlers[password_resets.SEND_JOB] = partial(
            send_password_reset, courier=wires.courier, public_url=wires.public_url
        )
        handlers[contacts.SEND_JOB] = partial(
            send_contact_code, courier=wires.courier, public_url=wires.public_url
        )
        handlers[security_events.TELL_JOB] = partial(
            tell_security_event, courier=wires.courier, public_url=wires.public_url
        )
    if wires.provider is not None:
        handlers[top_ups.SUBMIT_JOB] = partial(submit_top_up, provider=wires.provider)
        handlers[top_ups.HEAR_JOB] = partial(hear_provider, provider=wires.provider)
        handlers[provider_orders.ASK_JOB] = partial(ask_top_up, provider=wires.provider)
    return handlers
