"""What an archive holds: each thing that uPay keeps about somebody, and nothing of anybody else."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias
from uuid import UUID

from tortoise.models import Model

from domain import sealed_files
from domain.exports import acquaintances, payments, refunds
from domain.exports.subjects import Row, Subject
from domain.merchants import members
from domain.verification_requests import details
from models.bank_accounts import BankAccount
from models.devices import Device
from models.exports import Export
from models.factors import RecoveryCode, RecoverySet
from models.freezes import Freeze, FreezeOwner
from models.limits import OwnLimitRaise
from models.papers import Paper
from models.passkeys import Passkey
from models.payment_codes import CodePayer, PaymentCode
from models.people import Contact, Pin, Totp
from models.phrases import Phrase
from models.risk import Inquiry
from models.security_events import SecurityEvent
from models.sessions import Session
from models.verification_requests import VerificationRequest
from models.wallets import Account, AccountKind

PAGE_ROWS: Final = 500

Pages: TypeAlias = Callable[[Subject], AsyncIterator[Sequence[Row]]]


@dataclass(frozen=True, slots=True)
class Section:
    """One thing, in rows of the same `columns`; `pages` reads them a page at a time."""

    name: str
    about: str
    columns: Sequence[str]
    pages: Pages


def _listed(
    name: str, about: str, model: type[Model], columns: Sequence[str], *, prefix: str = ""
) -> Section:
    """A section of rows that name their person, in the order in which they were made."""

    async def pages(subject: Subject) -> AsyncIterator[Sequence[Row]]:
        last = UUID(int=0)
        while (
            found := await model.filter(person_id=subject.person.id, id__gt=last)
            .order_by("id")
            .limit(PAGE_ROWS)
        ):
            last = found[-1].pk
            yield [_row(row, columns, prefix) for row in found]

    return Section(name, about, columns, pages)


def _row(row: Model, columns: Sequence[str], prefix: str) -> Row:
    shown: dict[str, Any] = {column: getattr(row, column) for column in columns}
    if "id" in shown:
        shown["id"] = f"{prefix}_{row.pk.hex}"
    return shown


async def _profile(subject: Subject) -> AsyncIterator[Sequence[Row]]:
    yield [_row(subject.person, _PROFILE, "per")]


async def _protection(subject: Subject) -> AsyncIterator[Sequence[Row]]:
    """That something is there and since when; never the thing itself."""
    person_id = subject.person.id
    pin = await Pin.get_or_none(person_id=person_id)
    totp = await Totp.get_or_none(person_id=person_id)
    codes = await RecoverySet.get_or_none(person_id=person_id)
    payer = await CodePayer.get_or_none(person_id=person_id)
    left = await RecoveryCode.filter(person_id=person_id, used_at__isnull=True).count()
    yield [
        {
            "pin_set_at": pin and pin.set_at,
            "authenticator_app_since": totp and totp.created_at,
            "recovery_codes_made_at": codes and codes.made_at,
            "recovery_codes_left": left,
            "code_payments_since": payer and payer.since,
        }
    ]


async def _wallets(subject: Subject) -> AsyncIterator[Sequence[Row]]:
    yield [
        _row(wallet, _WALLET, "wal")
        for wallet in await Account.filter(
            owner_id=subject.person.id, kind=AccountKind.WALLET
        ).order_by("id")
    ]


async def _merchants(subject: Subject) -> AsyncIterator[Sequence[Row]]:
    yield [
        {**_row(merchant, _MERCHANT[:-1], "mer"), "role": role.value}
        for merchant, role in await members.merchants_of(subject.person.id)
    ]


async def _raises(subject: Subject) -> AsyncIterator[Sequence[Row]]:
    wallets = await Account.filter(owner_id=subject.person.id).values_list("id", flat=True)
    found = OwnLimitRaise.filter(account_id__in=wallets).order_by("id")
    yield [
        {"wallet": f"wal_{row.account_id.hex}", **_row(row, _RAISE[1:], "")} for row in await found
    ]


async def _freezes(subject: Subject) -> AsyncIterator[Sequence[Row]]:
    found = await Freeze.filter(person_id=subject.person.id).order_by("id")
    yield [
        {"frozen_by": _frozen_by(row), "frozen_at": row.frozen_at, "lifted_at": row.lifted_at}
        for row in found
    ]


def _frozen_by(row: Freeze) -> str:
    return "CUSTOMER" if row.owner is FreezeOwner.CUSTOMER else "UPAY"


async def _verifications(subject: Subject) -> AsyncIterator[Sequence[Row]]:
    for row in await VerificationRequest.filter(person_id=subject.person.id).order_by("id"):
        name, number = None, None
        if row.file_id is not None:
            name, number = details.read(await sealed_files.whole(row.file_id))
        shown = dict(_row(row, _VERIFICATION[:-2], "ver"))
        yield [{**shown, "full_name": name, "id_number": number}]


async def _papers(subject: Subject) -> AsyncIterator[Sequence[Row]]:
    found = await Paper.filter(person_id=subject.person.id).order_by("id")
    yield [{**_row(row, _PAPER[:-1], "pap"), "sha256": row.sha256.hex()} for row in found]


_PROFILE: Final = (
    "id",
    "account_name",
    "display_name",
    "role",
    "level",
    "locale",
    "time_zone",
    "created_at",
    "password_set_at",
)
_PROTECTION: Final = (
    "pin_set_at",
    "authenticator_app_since",
    "recovery_codes_made_at",
    "recovery_codes_left",
    "code_payments_since",
)
_WALLET: Final = (
    "id",
    "currency",
    "balance",
    "held",
    "own_single",
    "own_day",
    "own_month",
    "opened_at",
    "closed_at",
)
_MERCHANT: Final = ("id", "number", "name", "category", "country", "city", "status", "role")
_RAISE: Final = ("wallet", "kind", "amount", "asked_at", "due_at", "applied_at", "withdrawn_at")
_FREEZE: Final = ("frozen_by", "frozen_at", "lifted_at")
_VERIFICATION: Final = (
    "id",
    "level",
    "status",
    "refusal",
    "asked_at",
    "decided_at",
    "full_name",
    "id_number",
)
_PAPER: Final = ("id", "media_type", "length", "created_at", "sha256")

# Amounts are minor units of the currency beside them, times are UTC.
SECTIONS: Final = (
    Section("profile", "Who you are here.", _PROFILE, _profile),
    _listed(
        "contacts",
        "How you can be reached.",
        Contact,
        ("id", "kind", "value", "created_at", "verified_at"),
        prefix="con",
    ),
    _listed("phrases", "What you know our letters by.", Phrase, ("text", "set_at", "replaced_at")),
    Section("protection", "What protects the account.", _PROTECTION, _protection),
    _listed(
        "passkeys",
        "Your passkeys; the secret half is on your devices alone.",
        Passkey,
        ("name", "is_synced", "created_at", "used_at"),
    ),
    _listed(
        "devices",
        "Where you signed in.",
        Device,
        ("name", "platform", "address", "created_at", "last_seen_at", "forgotten_at"),
    ),
    _listed(
        "sessions",
        "When you were signed in, and from where.",
        Session,
        ("id", "client", "created_at", "last_seen_at", "expires_at", "ended_at", "end_reason"),
        prefix="ses",
    ),
    _listed(
        "security_events",
        "What happened to the account.",
        SecurityEvent,
        ("kind", "address", "detail", "at"),
    ),
    Section("wallets", "Your wallets, and the limits you set.", _WALLET, _wallets),
    _listed(
        "bank_accounts",
        "Your bank accounts and cards; what a bank knows them by is not here.",
        BankAccount,
        (
            "id",
            "kind",
            "currency",
            "country",
            "holder",
            "bank_name",
            "masked",
            "expires_on",
            "status",
            "added_at",
            "verified_at",
            "ended_at",
        ),
        prefix="bnk",
    ),
    Section("limit_raises", "Higher limits you asked for.", _RAISE, _raises),
    Section("freezes", "When your payments were frozen, and by whom.", _FREEZE, _freezes),
    Section("movements", payments.ABOUT, payments.COLUMNS, payments.pages),
    _listed(
        "payment_codes",
        "Codes that you showed to merchants; not their digits, which are kept nowhere.",
        PaymentCode,
        ("id", "address", "issued_at", "expires_at", "charged_at", "declined_at"),
        prefix="pco",
    ),
    Section(
        "money_requests",
        acquaintances.REQUESTS_ABOUT,
        acquaintances.REQUEST,
        acquaintances.requests,
    ),
    Section(
        "acquaintances",
        "Payees that you keep, and people that you have blocked.",
        acquaintances.KNOWN,
        acquaintances.known,
    ),
    Section("refunds", refunds.ABOUT, refunds.COLUMNS, refunds.pages),
    Section("merchants", "Merchants that you work for, or own.", _MERCHANT, _merchants),
    _listed(
        "inquiries",
        "Payments that we asked you about.",
        Inquiry,
        ("amount", "currency", "address", "status", "asked_at", "answered_at"),
    ),
    Section(
        "verification_requests",
        "What you asked to be verified as.",
        _VERIFICATION,
        _verifications,
    ),
    Section("papers", "What you showed; the files themselves are not here.", _PAPER, _papers),
    _listed(
        "exports", "Archives like this one.", Export, ("id", "status", "asked_at"), prefix="exp"
    ),
)
