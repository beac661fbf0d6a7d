"""Erasing whoever closed their account: nothing personal is left but what the books must keep.

Money and its journal stay, with what agents did and why; they name a person whose row says nothing
any more. What stays on purpose, and for how long, is in docs/operate/personal-data.md.
"""

from __future__ import annotations

import secrets as random_source
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from tortoise.connection import get_connection

from domain import jobs, retired_names, security_events
from domain.decisions import Announce, decision
from models.jobs import Job
from models.people import Person

JOB: Final = "erase_account"
BEGINS_AFTER: Final = timedelta(minutes=1)
"""By then no process remembers a session of the person any more."""

WAITS_AT_MOST: Final = timedelta(days=1)
"""How long the letter that says goodbye may take before its addresses are gone."""

CLOSED_NAME: Final = "Closed account"
_NO_PASSWORD: Final = "!"  # noqa: S105 - the hash of none
_NAME_BYTES: Final = 12


@dataclass(frozen=True, slots=True)
class _Trace:
    """Rows of a table that tell of a person; `whose` is SQL in which $1 is the person."""

    table: str
    whose: str = "person_id = $1"


_OF_THEIR_CONTACTS: Final = "contact_id IN (SELECT id FROM contacts WHERE person_id = $1)"
_OF_THEIR_SESSIONS: Final = "session_id IN (SELECT id FROM sessions WHERE person_id = $1)"
_OF_THEIR_FILES: Final = (
    "id IN (SELECT file_id FROM papers WHERE person_id = $1 "
    "UNION ALL SELECT file_id FROM verification_requests WHERE person_id = $1 "
    "UNION ALL SELECT file_id FROM exports WHERE person_id = $1 "
    "UNION ALL SELECT file_id FROM bank_accounts WHERE person_id = $1)"
)

# Work that is still to be done about what is taken away.
_ABOUT_WHAT_GOES: Final = (
    "subject_id IN (SELECT id FROM security_events WHERE person_id = $1 "
    "UNION ALL SELECT id FROM contacts WHERE person_id = $1 "
    "UNION ALL SELECT id FROM factor_losses WHERE person_id = $1 "
    "UNION ALL SELECT id FROM inquiries WHERE person_id = $1 "
    "UNION ALL SELECT id FROM exports WHERE person_id = $1 "
    "UNION ALL SELECT id FROM bank_accounts WHERE person_id = $1 "
    "UNION ALL SELECT r.id FROM own_limit_raises r JOIN accounts a ON a.id = r.account_id "
    "WHERE a.owner_id = $1)"
)

# In this order: what refers to something goes before it.
_GONE: Final = (
    _Trace("jobs", _ABOUT_WHAT_GOES),
    _Trace("contact_codes", _OF_THEIR_CONTACTS),
    _Trace("contacts"),
    _Trace("phrases"),
    _Trace("sealed_files", _OF_THEIR_FILES),
    _Trace("papers"),
    _Trace("bank_accounts"),
    _Trace("exports"),
    _Trace("pins"),
    _Trace("totps"),
    _Trace("totp_enrolments"),
    _Trace("recovery_codes"),
    _Trace("recovery_sets"),
    _Trace("factor_losses"),
    _Trace("passkeys"),
    _Trace("password_hashes"),
    _Trace("password_resets"),
    _Trace("sign_in_guards", "subject_id = $1 OR person_id = $1"),
    _Trace("session_tokens", _OF_THEIR_SESSIONS),
    _Trace("session_proofs", _OF_THEIR_SESSIONS),
    _Trace("passkey_challenges", _OF_THEIR_SESSIONS),
    _Trace("sessions"),
    _Trace("devices"),
    _Trace("links"),
    _Trace("security_events"),
    _Trace("inquiries"),
    _Trace("risk_hits"),
    _Trace("person_places"),
    _Trace("rule_snoozes"),
    _Trace("payment_codes"),
    _Trace("code_payers"),
    _Trace("merchant_members"),
    _Trace("favourite_payees", "person_id = $1 OR payee_id = $1"),
    _Trace("person_blocks", "person_id = $1 OR blocked_id = $1"),
    _Trace("surname_guesses"),
    # One that was paid is the other side's record as well.
    _Trace("money_requests", "status <> 'paid' AND (asker_id = $1 OR payer_id = $1)"),
    _Trace("own_limit_raises", "account_id IN (SELECT id FROM accounts WHERE owner_id = $1)"),
)


async def schedule(announce: Announce, person_id: UUID, event_id: UUID, due_at: datetime) -> None:
    """Has somebody erased whose account is closed; `event_id` is what their last letter is about.

    Joins the caller's decision.
    """
    await jobs.enqueue(
        announce,
        JOB,
        subject_id=person_id,
        due_at=due_at,
        payload={"event_id": str(event_id)},
    )


async def is_letter_awaited(person_id: UUID, event_id: UUID, now: datetime) -> bool:
    """Whether the last letter has yet to leave; until then its addresses are needed, for a day."""
    person = await Person.get(id=person_id)
    assert person.closed_at is not None, "only who closed their account is erased"
    letter = Job.filter(
        kind=security_events.TELL_JOB,
        subject_id=event_id,
        done_at__isnull=True,
        failed_at__isnull=True,
    )
    return now < person.closed_at + WAITS_AT_MOST and await letter.exists()


async def erase(person_id: UUID, now: datetime) -> None:
    """Takes away what tells who somebody is whose account is closed; opens or joins a decision.

    Their account name is retired: nobody gets it again. Contacts are free from now on.
    """
    async with decision():
        person = await Person.filter(id=person_id).select_for_update(no_key=True).get()
        assert person.closed_at is not None, "only who closed their account is erased"
        await retired_names.retire(person.account_name, now)
        connection = get_connection("default")
        for trace in _GONE:
            await connection.execute_query(
                f"DELETE FROM {trace.table} WHERE {trace.whose}",  # noqa: S608 - constants
                [person_id],
            )
        # The payer's words; those of payments that were made are the payee's record as well.
        await connection.execute_query(
            "UPDATE quotes SET note = '' WHERE person_id = $1", [person_id]
        )
        await connection.execute_query(
            "UPDATE money_requests SET note = '' WHERE asker_id = $1", [person_id]
        )
        # What they wrote to a merchant; its own words are the merchant's.
        await connection.execute_query(
            "UPDATE refunds SET note = '' WHERE origin = 'customer' "
            "AND payment_id IN (SELECT id FROM movements WHERE person_id = $1)",
            [person_id],
        )
        # A business that uPay never accepted; of others its name stands in the payers' books.
        await connection.execute_query(
            "UPDATE merchants SET name = '-', city = '-', reason = NULL WHERE owner_id = $1 "
            "AND (status = 'rejected' OR (status = 'closed' AND decided_by IS NULL))",
            [person_id],
        )
        await _make_nobody(person)


async def _make_nobody(person: Person) -> None:
    person.account_name = f"closed-{random_source.token_hex(_NAME_BYTES)}"
    person.display_name = CLOSED_NAME
    person.password_hash = _NO_PASSWORD
    person.time_zone = "UTC"
    await person.save(update_fields=["account_name", "display_name", "password_hash", "time_zone"])
