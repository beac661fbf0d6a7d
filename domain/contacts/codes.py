"""Codes that contacts are sent: six digits, good for ten minutes, five tries and one use."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from domain import jobs, secrets
from domain.decisions import Announce
from domain.refusals import Refusal
from models.database import client
from models.ids import new_id
from models.people import CodePurpose, Contact, ContactCode, Person

CODE_LIVES: Final = timedelta(minutes=10)
CODE_MAX_WRONG_TRIES: Final = 5
CODES_AT_MOST: Final = 5
CODES_WITHIN: Final = timedelta(hours=1)
PERSON_LIMITS: Final = ((5, timedelta(minutes=1)), (20, timedelta(hours=1)))
"""How many codes may go to all contacts of one person together, and within which time."""

SEND_JOB: Final = "send_contact_code"


class TooManyCodes(Refusal):
    """Another code can be sent at `again_at`."""

    def __init__(self, again_at: datetime) -> None:
        super().__init__("Too many codes were sent.")
        self.again_at = again_at


class CodeWrong(Refusal):
    """`tries_left` more may be tried before the code is void."""

    def __init__(self, tries_left: int) -> None:
        super().__init__("The code is wrong.")
        self.tries_left = tries_left


class CodeExpired(Refusal):
    """There is no code that could be right: too old, used, or guessed wrong too often."""

    def __init__(self) -> None:
        super().__init__("This code is no longer valid.")


async def refuse_flood(contact: Contact, now: datetime) -> None:
    """Returns when another code may go to the contact; asked before `issue`, in its decision.

    Locks the contact's person, whose codes are counted together whatever they are for.

    Raises:
        TooManyCodes: five went to this contact within the hour; or five within the minute, or
            twenty within the hour, to all contacts of its person.
    """
    await Person.filter(id=contact.person_id).select_for_update(no_key=True).get()
    theirs = await Contact.filter(person_id=contact.person_id).values_list("id", flat=True)
    sent = await ContactCode.filter(
        contact_id__in=theirs, created_at__gt=now - CODES_WITHIN
    ).order_by("created_at")
    to_this_one = [each for each in sent if each.contact_id == contact.id]
    _refuse_beyond(CODES_AT_MOST, CODES_WITHIN, to_this_one, now)
    for most, within in PERSON_LIMITS:
        _refuse_beyond(most, within, sent, now)


def _refuse_beyond(
    most: int, within: timedelta, sent: Sequence[ContactCode], now: datetime
) -> None:
    lately = [each.created_at for each in sent if each.created_at > now - within]
    if len(lately) >= most:
        raise TooManyCodes(lately[-most] + within)


async def issue(
    contact: Contact,
    now: datetime,
    announce: Announce,
    *,
    purpose: CodePurpose = CodePurpose.VERIFY,
    subject_id: UUID | None = None,
) -> ContactCode:
    """Makes a code and the job that sends it, inside the caller's decision."""
    code = await ContactCode.create(
        id=new_id(),
        contact_id=contact.id,
        purpose=purpose,
        subject_id=subject_id,
        created_at=now,
        expires_at=now + CODE_LIVES,
    )
    await jobs.enqueue(announce, SEND_JOB, subject_id=code.id, due_at=now)
    return code


def code_for(code: ContactCode) -> str:
    """The six digits, derived from the code's id with the server's key and kept nowhere."""
    number = int.from_bytes(secrets.mac("contact-code", code.id.bytes)[:8]) % 1_000_000
    return f"{number:06d}"


# The try is counted in the statement that finds the code, before anything is compared.
_TRY: Final = """
    UPDATE contact_codes SET wrong_tries = wrong_tries + 1
    WHERE id = (SELECT id FROM contact_codes WHERE {mine} = $1 AND purpose = $4
                ORDER BY created_at DESC, id DESC LIMIT 1)
        AND used_at IS NULL AND expires_at > $2 AND wrong_tries < $3
    RETURNING *
"""
_TRY_OF_CONTACT: Final = _TRY.format(mine="contact_id")
_TRY_OF_SUBJECT: Final = _TRY.format(mine="subject_id")


async def proving(contact_id: UUID, code: str, now: datetime) -> ContactCode | None:
    """The newest code that verifies the contact, when it is this one; not yet used up.

    The try is committed before anything is compared. None when no code could be right any more.

    Raises:
        CodeWrong: see there.
    """
    return await _tried(_TRY_OF_CONTACT, contact_id, CodePurpose.VERIFY, code, now)


async def take_code(purpose: CodePurpose, subject_id: UUID, code: str, now: datetime) -> UUID:
    """Takes back the newest code sent for `subject_id`; returns the id of the contact it went to.

    The try is committed before anything is compared, so this is not for use inside a decision. A
    right code is used up.

    Raises:
        CodeExpired, CodeWrong: see there.
    """
    tried = await _tried(_TRY_OF_SUBJECT, subject_id, purpose, code, now)
    if tried is None or not await use(tried, now):
        raise CodeExpired
    return tried.contact_id


async def use(code: ContactCode, now: datetime) -> bool:
    """Uses a right code up; False when somebody was faster. Joins the caller's decision."""
    return bool(await ContactCode.filter(id=code.id, used_at__isnull=True).update(used_at=now))


async def _tried(
    statement: str, id: UUID, purpose: CodePurpose, code: str, now: datetime
) -> ContactCode | None:
    rows = await client().execute_query_dict(
        statement, [id, now, CODE_MAX_WRONG_TRIES, purpose.value]
    )
    if not rows:
        return None
    tried = ContactCode._init_from_db(**rows[0])
    if not secrets.is_same(code[:16], code_for(tried)):
        raise CodeWrong(CODE_MAX_WRONG_TRIES - tried.wrong_tries)
    return tried
