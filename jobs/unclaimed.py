"""Telling a telephone number that money waits for it, and giving back what nobody claimed."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlsplit

from channels.couriers import Courier, Letter
from domain import unclaimed
from jobs.letters import carry
from models.jobs import Job
from models.movements import Movement
from models.people import Person
from schema.texts import Language
from schema.texts.letters.unclaimed import WAITING


async def tell_unclaimed_transfer(
    job: Job, now: datetime, *, courier: Courier, public_url: str
) -> None:
    """Sends the number one text message, without the amount, in the payer's language."""
    row = await unclaimed.to_tell(job.subject_id, now)
    if row is None or row.phone is None:
        return
    payer = await Person.get(id=(await Movement.get(id=job.subject_id)).person_id)
    text = WAITING.said(Language(payer.locale), host=urlsplit(public_url).netloc)
    # The row's own id: sent again after a crash, it is the same letter.
    await carry(Letter(id=row.id, to=row.phone, kind="phone", subject="", text=text), courier)
    await unclaimed.note_told(row, now)


async def return_unclaimed_transfer(job: Job, now: datetime) -> None:
    """Gives the money back, unless it was claimed, called back, or waits for longer."""
    await unclaimed.return_unclaimed(job.subject_id, now)
