"""What is told of things that happened to an account: their words, and the facts that are known."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from babel.dates import format_datetime

from models.devices import Device
from models.movements import Movement
from models.risk import Inquiry
from models.security_events import SecurityEvent
from models.sessions import Session
from schema.money import display
from schema.texts import Language, Text
from schema.texts.events import EVENTS, parts
from schema.texts.events.parts import EventText

_PATTERNS: Final = {Language.EN: "d MMMM y, HH:mm", Language.ZH_CN: "y年M月d日 HH:mm"}

# What a detail says, and in which words; whatever else is in it is for programs.
_SHOWN: Final = {
    "contact": parts.CONTACT,
    "bank_account": parts.BANK_ACCOUNT,
    "name": parts.NAME,
    "merchant": parts.MERCHANT,
    "host": parts.HOST,
    "left": parts.LEFT,
}
_TIMES: Final = {
    "usable_at": parts.TAKES_EFFECT,
    "leaves_at": parts.TAKES_EFFECT,
    "takes_effect_at": parts.TAKES_EFFECT,
    "decidable_at": parts.LOOKED_AT_FROM,
    "expires_at": parts.UNTIL,
    "until": parts.UNTIL,
}


@dataclass(frozen=True, slots=True)
class Telling:
    """One event in one language; `facts` are lines, when it happened not among them."""

    words: EventText
    facts: list[str]
    device: str | None


async def tell(
    events: Sequence[SecurityEvent], language: Language, time_zone: str
) -> list[Telling]:
    """The events of one person as that person may read them; times are those of their zone."""
    known = await _known(events)
    return [_told(event, known, language, time_zone) for event in events]


def moment(at: datetime, language: Language, time_zone: str) -> str:
    """A time as a person reads it: 2 March 2026, 20:00."""
    locale = language.value.replace("-", "_")
    # A zone of its own beside each time would be read as part of it.
    return format_datetime(at, _PATTERNS[language], tzinfo=ZoneInfo(time_zone), locale=locale)


@dataclass(frozen=True, slots=True)
class _Known:
    """What the events refer to by its id."""

    sums: dict[UUID, tuple[int, str]] = field(default_factory=dict)
    devices: dict[UUID, str] = field(default_factory=dict)


async def _known(events: Sequence[SecurityEvent]) -> _Known:
    sums: dict[UUID, tuple[int, str]] = {}
    for name, model in (("movement_id", Movement), ("inquiry_id", Inquiry)):
        if ids := [UUID(event.detail[name]) for event in events if event.detail.get(name)]:
            rows = await model.filter(id__in=ids).values_list("id", "amount", "currency")
            sums |= {id: (amount, currency) for id, amount, currency in rows}
    session_ids = {event.session_id for event in events if event.session_id}
    if not session_ids:
        return _Known(sums)
    sessions = await Session.filter(id__in=session_ids, device_id__isnull=False)
    devices = await Device.filter(id__in=[each.device_id for each in sessions])
    names = {device.id: device.name or device.platform for device in devices}
    return _Known(sums, {each.id: names[each.device_id] for each in sessions if each.device_id})


def _told(event: SecurityEvent, known: _Known, language: Language, time_zone: str) -> Telling:
    of_session = known.devices.get(event.session_id) if event.session_id else None
    device = event.detail.get("device") or of_session
    facts = [
        text.said(language, **fact) for text, fact in _facts(event, known, language, time_zone)
    ]
    return Telling(EVENTS[event.kind], facts, str(device) if device else None)


def _facts(
    event: SecurityEvent, known: _Known, language: Language, time_zone: str
) -> Iterator[tuple[Text, dict[str, str]]]:
    detail = event.detail
    for name, text in _SHOWN.items():
        if detail.get(name) not in {None, ""}:
            yield text, {name: str(detail[name])}
    if amount := _amount(detail, known):
        yield parts.AMOUNT, {"amount": display(*amount, language)}
    for name, text in _TIMES.items():
        if at := _time(detail.get(name)):
            yield text, {"at": moment(at, language, time_zone)}


def _amount(detail: dict[str, Any], known: _Known) -> tuple[int, str] | None:
    if isinstance(detail.get("amount"), int) and detail.get("currency"):
        return detail["amount"], str(detail["currency"])
    named = detail.get("movement_id") or detail.get("inquiry_id")
    return known.sums.get(UUID(named)) if named else None


def _time(text: Any) -> datetime | None:
    return datetime.fromisoformat(text) if isinstance(text, str) else None
