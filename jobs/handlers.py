"""Which job is whose: the handlers of every kind, with the wires they speak to."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from channels.couriers import Courier
from channels.providers import Provider
from channels.webhooks import Sender
from domain import (
    bank_accounts,
    contacts,
    erasures,
    exports,
    factor_losses,
    guards,
    merchant_events,
    merchant_settlements,
    money_requests,
    orders,
    own_limits,
    password_reminders,
    password_resets,
    payments,
    provider_orders,
    reconciliation,
    refunds,
    retention,
    risk_cases,
    security_events,
    top_ups,
    transfers,
    unclaimed,
    wallets,
    webhooks,
    withdrawals,
)
from domain.risk import records
from jobs.bank_accounts import check_bank_account
from jobs.contact_codes import send_contact_code
from jobs.contacts import remove_contact
from jobs.erasures import erase_account
from jobs.exports import make_export
from jobs.factors import remind_of_factor_loss
from jobs.money_requests import expire_money_request
from jobs.own_limits import raise_own_limit
from jobs.passwords import (
    find_ageing_passwords,
    remind_of_ageing_password,
    send_password_reset,
)
from jobs.payments import expire_order, expire_payment
from jobs.provider_orders import ask_order, hear_provider, look_at_order, submit_order
from jobs.refunds import (
    deliver_refund,
    deliver_refunds,
    escalate_refund_request,
    remind_of_refund_request,
)
from jobs.retention import purge
from jobs.risk import close_inquiry, expire_risk_case
from jobs.security_events import tell_security_event
from jobs.settlements import fetch_statement, find_accounts_to_settle, settle_merchant_account
from jobs.sign_in_locks import tell_sign_in_lock
from jobs.transfers import settle_transfer
from jobs.unclaimed import return_unclaimed_transfer, tell_unclaimed_transfer
from jobs.webhooks import Deliverer, tell_merchant
from jobs.worker import Handler


@dataclass(frozen=True, slots=True, kw_only=True)
class Wires:
    """The wires that leave the house; jobs for a wire that is not there wait until it is.

    `public_url` is the origin that links in letters begin with, without a slash at its end.
    `livemode` is what merchants are told of: whether the money is real.
    """

    public_url: str = "http://localhost:8000"
    courier: Courier | None = None
    provider: Provider | None = None
    sender: Sender | None = None
    livemode: bool = False


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
    handlers[money_requests.EXPIRE_JOB] = expire_money_request
    handlers[unclaimed.RETURN_JOB] = return_unclaimed_transfer
    handlers[merchant_settlements.SCAN_JOB] = find_accounts_to_settle
    handlers[merchant_settlements.SETTLE_JOB] = settle_merchant_account
    handlers[erasures.JOB] = erase_account
    handlers[orders.EXPIRE_JOB] = expire_order
    handlers[payments.VOID_JOB] = expire_payment
    handlers[refunds.REMIND_JOB] = remind_of_refund_request
    handlers[refunds.ESCALATE_JOB] = escalate_refund_request
    handlers[refunds.DELIVER_JOB] = deliver_refund
    handlers[wallets.REOPENED_JOB] = deliver_refunds
    handlers[merchant_events.TELL_JOB] = partial(tell_merchant, livemode=wires.livemode)
    if wires.sender is not None:
        handlers[webhooks.DELIVER_JOB] = Deliverer(wires.sender).deliver
    if wires.courier is not None:
        handlers[password_resets.SEND_JOB] = partial(
            send_password_reset, courier=wires.courier, public_url=wires.public_url
        )
        handlers[contacts.SEND_JOB] = partial(
            send_contact_code, courier=wires.courier, public_url=wires.public_url
        )
        handlers[unclaimed.TELL_JOB] = partial(
            tell_unclaimed_transfer, courier=wires.courier, public_url=wires.public_url
        )
        handlers[security_events.TELL_JOB] = partial(
            tell_security_event, courier=wires.courier, public_url=wires.public_url
        )
    if wires.provider is not None:
        handlers[bank_accounts.CHECK_JOB] = partial(check_bank_account, provider=wires.provider)
        handlers[reconciliation.FETCH_JOB] = partial(fetch_statement, provider=wires.provider)
        submit = partial(submit_order, provider=wires.provider)
        handlers[top_ups.SUBMIT_JOB] = handlers[withdrawals.SUBMIT_JOB] = submit
        handlers[provider_orders.ASK_JOB] = partial(ask_order, provider=wires.provider)
        handlers[provider_orders.HEAR_JOB] = partial(hear_provider, provider=wires.provider)
        handlers[provider_orders.LOOK_JOB] = partial(look_at_order, provider=wires.provider)
    return handlers
