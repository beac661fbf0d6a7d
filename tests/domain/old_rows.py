"""Rows of every class that retention knows, as they were at a moment."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid4

from domain import contacts
from models.acquaintances import SurnameGuess
from models.bank_accounts import BankAccount, BankAccountStatus
from models.cases import Case, CaseKind, CaseOutcome
from models.database import client
from models.ids import new_id
from models.money_requests import MoneyRequest, MoneyRequestStatus
from models.orders import Order, OrderOrigin, OrderStatus
from models.payments import MerchantEvent
from models.people import ContactKind, Person
from models.sessions import Audience
from models.unclaimed import UnclaimedTransfer
from models.wallets import Account
from models.webhooks import (
    DeliveryStatus,
    EndpointStatus,
    WebhookAttempt,
    WebhookDelivery,
    WebhookEndpoint,
    WebhookSecret,
)
from tests import factories
from tests.domain import acquaintances
from tests.moments import NOON

DAY: Final = timedelta(days=1)


async def insert(table: str, **row: Any) -> None:
    places = ", ".join(f"${number}" for number in range(1, len(row) + 1))
    await client().execute_query(
        f"INSERT INTO {table} ({', '.join(row)}) VALUES ({places})", list(row.values())
    )


async def job(at: datetime, **ended: datetime) -> None:
    await insert(
        "jobs", id=uuid4(), kind="greet", subject_id=uuid4(), due_at=at, run_at=at, **ended
    )


async def finished_job(at: datetime, owner: Person) -> None:
    await job(at, done_at=at)


async def failed_job(at: datetime, owner: Person) -> None:
    await job(at, failed_at=at)


async def many_jobs(number: int, at: datetime) -> None:
    """Every second of them was finished at that moment."""
    await client().execute_query(
        "INSERT INTO jobs (id, kind, subject_id, due_at, run_at, done_at) "
        "SELECT gen_random_uuid(), 'greet', gen_random_uuid(), $2, $2, "
        "CASE WHEN n % 2 = 0 THEN $2::timestamptz END FROM generate_series(1, $1) n",
        [number, at],
    )


async def session_token(at: datetime, owner: Person) -> None:
    opened = await factories.session(owner, Audience.PUBLIC, NOON)
    await client().execute_query(
        "DELETE FROM session_tokens WHERE session_id = $1 AND kind = 'access'", [opened.session.id]
    )
    await client().execute_query(
        "UPDATE session_tokens SET expires_at = $2, spent_at = $2 WHERE session_id = $1",
        [opened.session.id, at],
    )


async def ended_session(at: datetime, owner: Person) -> None:
    await insert(
        "sessions",
        id=new_id(),
        person_id=owner.id,
        audience="public",
        created_at=at - DAY,
        expires_at=at + 29 * DAY,
        ended_at=at,
        end_reason="signed_out",
    )


async def contact_code(at: datetime, owner: Person) -> None:
    contact = await contacts.add(owner.id, ContactKind.EMAIL, "ada@example.com", NOON + 1000 * DAY)
    await insert(
        "contact_codes", id=new_id(), contact_id=contact.id, created_at=at, expires_at=at + DAY
    )


async def unproved_contact(at: datetime, owner: Person) -> None:
    await contacts.add(owner.id, ContactKind.EMAIL, "ada@example.com", at)


async def quote(at: datetime, owner: Person) -> UUID:
    """One without a challenge, between two wallets of its own."""
    payee = await factories.person(f"p{uuid4().hex[:12]}")
    source, target = (
        await factories.wallet(payee, currency="CNY"),
        await factories.wallet(payee, currency="USD"),
    )
    quote_id = new_id()
    await insert(
        "quotes",
        id=quote_id,
        person_id=owner.id,
        source_id=source.id,
        target_id=target.id,
        payee_id=payee.id,
        amount=1,
        currency="CNY",
        arrival="now",
        created_at=at - DAY,
        expires_at=at,
    )
    return quote_id


async def unused_challenge(at: datetime, owner: Person, used_at: datetime | None = None) -> None:
    await insert(
        "challenges",
        id=new_id(),
        quote_id=await quote(at, owner),
        person_id=owner.id,
        digest=bytes(32),
        expires_at=at,
        used_at=used_at,
    )


async def used_challenge(at: datetime, owner: Person) -> None:
    await unused_challenge(at, owner, used_at=at)


async def stream_event(at: datetime, owner: Person) -> None:
    """One, and the head after it."""
    stream_id = new_id()
    for seq in (1, 2):
        await event(stream_id, seq, at)


async def event(stream_id: UUID, seq: int, at: datetime) -> None:
    await insert(
        "stream_events",
        stream_id=stream_id,
        seq=seq,
        kind="movement",
        subject_id=stream_id,
        status="completed",
        at=at,
    )


async def sign_in_guard(at: datetime, owner: Person) -> None:
    await insert("sign_in_guards", subject_id=uuid4(), wrong_tries=0, locked_until=at)


async def session_proof(at: datetime, owner: Person) -> None:
    opened = await factories.session(owner, Audience.PUBLIC, NOON)
    await client().execute_query(
        "UPDATE session_proofs SET proved_at = $2 WHERE session_id = $1", [opened.session.id, at]
    )


async def passkey_challenge(at: datetime, owner: Person) -> None:
    opened = await factories.session(owner, Audience.PUBLIC, NOON)
    await insert(
        "passkey_challenges",
        session_id=opened.session.id,
        purpose="register",
        challenge=bytes(32),
        expires_at=at,
    )


async def spent_challenge(at: datetime, owner: Person) -> None:
    await insert("spent_sign_in_challenges", hash=uuid4().hex, expires_at=at)


async def device(at: datetime, owner: Person) -> None:
    await insert(
        "devices",
        id=new_id(),
        person_id=owner.id,
        token_hash=2 * uuid4().hex,
        created_at=at - DAY,
        last_seen_at=at,
    )


async def address_guard(at: datetime, owner: Person) -> None:
    await insert("address_guards", slot=uuid4().int % 2**31, wrong_tries=1, began_at=at)


async def password_reset(at: datetime, owner: Person) -> None:
    await insert(
        "password_resets",
        id=new_id(),
        way="link",
        contact_mac=bytes(32),
        created_at=at,
        expires_at=at + DAY,
    )


async def link(at: datetime, owner: Person) -> None:
    await insert(
        "links",
        id=new_id(),
        kind="freeze",
        person_id=owner.id,
        subject_id=uuid4(),
        created_at=at - DAY,
        expires_at=at,
    )


async def enrolment(at: datetime, owner: Person) -> None:
    await insert(
        "totp_enrolments",
        person_id=owner.id,
        session_id=uuid4(),
        sealed_secret=b"",
        created_at=at - DAY,
        expires_at=at,
    )


async def ended_loss(at: datetime, owner: Person) -> None:
    await insert(
        "factor_losses",
        id=new_id(),
        person_id=owner.id,
        begun_at=at - DAY,
        end_kind="withdrawn",
        ended_at=at,
    )


async def begun_loss(at: datetime, owner: Person) -> None:
    await insert("factor_losses", id=new_id(), person_id=owner.id, begun_at=at)


async def raised_limit(at: datetime, owner: Person) -> None:
    # One in dollars is there when all kinds of rows are.
    holder = await factories.person(f"h{uuid4().hex[:12]}")
    wallet = await factories.wallet(holder)
    await insert(
        "own_limit_raises",
        id=new_id(),
        account_id=wallet.id,
        kind="day",
        asked_at=at - DAY,
        due_at=at,
        applied_at=at,
    )


async def risk_hit(at: datetime, owner: Person) -> None:
    await insert(
        "risk_hits",
        id=new_id(),
        person_id=owner.id,
        rule="any",
        outcome="allow",
        force="live",
        policy="0",
        at=at,
    )


async def place(at: datetime, owner: Person) -> None:
    await insert("person_places", person_id=owner.id, place="CN", seen_at=at)


async def snooze(at: datetime, owner: Person) -> None:
    await insert("rule_snoozes", person_id=owner.id, rule="any", subject_id=uuid4(), until=at)


async def ended_question(at: datetime, owner: Person) -> None:
    await insert(
        "inquiries",
        id=new_id(),
        person_id=owner.id,
        session_id=uuid4(),
        payee_id=owner.id,
        subject_id=uuid4(),
        amount=1,
        currency="CNY",
        rules="[]",
        status="unanswered",
        asked_at=at - DAY,
        deadline_at=at,
    )


async def paper(at: datetime, owner: Person, request_id: UUID | None = None) -> None:
    file_id = await sealed_file(NOON + 1000 * DAY)
    await insert(
        "papers",
        id=new_id(),
        person_id=owner.id,
        file_id=file_id,
        request_id=request_id,
        media_type="image/png",
        length=1,
        sha256=bytes(32),
        created_at=at,
    )


async def decided_paper(at: datetime, owner: Person) -> None:
    request_id = new_id()
    await insert(
        "verification_requests",
        id=request_id,
        person_id=owner.id,
        level=1,
        status="accepted",
        asked_at=at - DAY,
        decided_at=at,
        decided_by=owner.id,
    )
    await paper(at, owner, request_id)


async def export(at: datetime, owner: Person) -> None:
    await insert(
        "exports",
        id=new_id(),
        person_id=owner.id,
        status="failed",
        asked_at=at - DAY,
        ended_at=at,
    )


async def sealed_file(at: datetime, owner: Person | None = None) -> UUID:
    file_id = new_id()
    await insert("sealed_files", id=file_id, sealed_key=b"", created_at=at)
    return file_id


async def bank_account(at: datetime, owner: Person) -> BankAccount:
    return await factories.bank_account(owner, status=BankAccountStatus.REMOVED, ended_at=at)


async def unclaimed_number(at: datetime, owner: Person) -> UnclaimedTransfer:
    return await UnclaimedTransfer.create(
        id=new_id(), phone="+8613800138000", masked="+86*******8000", prepared_at=at
    )


async def security_event(at: datetime, owner: Person) -> None:
    await insert(
        "security_events", id=new_id(), person_id=owner.id, kind="pin_set", detail="{}", at=at
    )


async def phrase(at: datetime, owner: Person) -> None:
    await insert(
        "phrases", id=new_id(), person_id=owner.id, text="blue whale", set_at=at, replaced_at=at
    )


async def told(at: datetime, owner: Person) -> MerchantEvent:
    shop = await factories.merchant(owner)
    return await MerchantEvent.create(
        id=new_id(), merchant_id=shop.id, type="order.closed", subject_id=new_id(), at=at
    )


async def endpoint(owner: Person) -> WebhookEndpoint:
    shop = await factories.merchant(owner)
    return await WebhookEndpoint.create(
        id=new_id(),
        merchant_id=shop.id,
        url="https://shop.example/hook",
        description="",
        events=["*"],
        status=EndpointStatus.ENABLED,
        created_at=NOON,
    )


async def delivery(at: datetime, owner: Person) -> WebhookDelivery:
    there = await endpoint(owner)
    event = await MerchantEvent.create(
        id=new_id(), merchant_id=there.merchant_id, type="order.closed", subject_id=new_id(), at=at
    )
    return await WebhookDelivery.create(
        id=new_id(),
        endpoint_id=there.id,
        event_id=event.id,
        status=DeliveryStatus.DELIVERED,
        created_at=at - DAY,
        ended_at=at,
    )


async def webhook_attempt(at: datetime, owner: Person) -> WebhookAttempt:
    sent = await delivery(at, owner)
    return await WebhookAttempt.create(
        id=new_id(), delivery_id=sent.id, at=at, duration_ms=20, status_code=200
    )


async def webhook_secret(at: datetime, owner: Person) -> WebhookSecret:
    there = await endpoint(owner)
    return await WebhookSecret.create(
        id=new_id(), endpoint_id=there.id, sealed_secret=b"", made_at=at - DAY, expires_at=at
    )


async def payment_code(at: datetime, owner: Person) -> None:
    wallet = await Account.get_or_none(owner_id=owner.id) or await factories.wallet(owner)
    await insert(
        "payment_codes",
        id=new_id(),
        mac=bytes(32),
        person_id=owner.id,
        session_id=new_id(),
        address="203.0.113.9",
        wallet_id=wallet.id,
        issued_at=at - DAY,
        expires_at=at,
    )


async def code_guard(at: datetime, owner: Person) -> None:
    shop = await factories.merchant(owner)
    await insert("code_guards", merchant_id=shop.id, wrong_tries=1, began_at=at)


async def static_order(at: datetime, owner: Person) -> Order:
    shop = await factories.merchant(owner)
    return await factories.order(
        shop, origin=OrderOrigin.STATIC_CODE, status=OrderStatus.CLOSED, closed_at=at
    )


async def closed_case(at: datetime, owner: Person) -> Case:
    return await Case.create(
        id=new_id(),
        kind=CaseKind.PROVIDER_CONTRADICTION,
        subject_id=new_id(),
        detail={},
        opened_at=at - DAY,
        closed_at=at,
        closed_by=owner.id,
        outcome=CaseOutcome.NOTHING_WRONG,
        reason="Looked at it",
    )


async def surname_guess(at: datetime, owner: Person) -> SurnameGuess:
    return await SurnameGuess.create(person_id=owner.id, wrong=1, since=at)


async def unpaid_request(at: datetime, owner: Person) -> MoneyRequest:
    bob = await factories.person(f"bob{new_id().hex[:12]}")
    asked = await acquaintances.asked_of(owner, bob)
    asked.status, asked.ended_at = MoneyRequestStatus.DECLINED, at
    await asked.save(update_fields=["status", "ended_at"])
    return asked


MADE: Final[dict[str, Callable[[datetime, Person], Awaitable[Any]]]] = {
    "finished jobs": finished_job,
    "failed jobs": failed_job,
    "session tokens": session_token,
    "session proofs": session_proof,
    "passkey challenges": passkey_challenge,
    "spent sign-in challenges": spent_challenge,
    "ended sessions": ended_session,
    "devices": device,
    "contact codes": contact_code,
    "unproved contacts": unproved_contact,
    "unused challenges": unused_challenge,
    "used challenges": used_challenge,
    "quotes": quote,
    "stream events": stream_event,
    "sign-in guards": sign_in_guard,
    "address guards": address_guard,
    "password resets": password_reset,
    "links": link,
    "enrolments of an app": enrolment,
    "ended reports of lost factors": ended_loss,
    "reports of lost factors nobody confirmed": begun_loss,
    "ended raises of own limits": raised_limit,
    "hits of rules": risk_hit,
    "places of people": place,
    "snoozed rules": snooze,
    "ended questions": ended_question,
    "papers nobody asked about": paper,
    "papers of decided requests": decided_paper,
    "exports": export,
    "sealed files of nothing": sealed_file,
    "ended bank accounts": bank_account,
    "numbers nothing was sent to": unclaimed_number,
    "security events": security_event,
    "replaced phrases": phrase,
    "tries of webhooks": webhook_attempt,
    "ended deliveries": delivery,
    "what merchants were told": told,
    "replaced webhook secrets": webhook_secret,
    "customers' payment codes": payment_code,
    "wrong codes of tills": code_guard,
    "orders begun at a static code": static_order,
    "closed cases": closed_case,
    "wrong surnames": surname_guess,
    "requests for money that nobody paid": unpaid_request,
}
