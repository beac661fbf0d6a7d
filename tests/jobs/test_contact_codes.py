"""Codes go to the contact they prove, in its owner's language, and only while they are of use."""

from __future__ import annotations

from pathlib import Path

import pytest

from channels.couriers import letters
from domain import contacts
from jobs.worker import Worker
from models.people import ContactCode, ContactKind
from tests import factories
from tests.jobs.conftest import Clock
from tests.moments import NOON

pytestmark = pytest.mark.usefixtures("database")


async def test_a_code_goes_by_letter_to_an_address(worker: Worker, tmp_path: Path) -> None:
    ada = await factories.person("ada")
    contact = await contacts.add(ada.id, ContactKind.EMAIL, "ada@example.com", NOON)
    await contacts.send_code(ada.id, contact.id, NOON)

    await worker.run_due()

    [letter], [code] = letters(tmp_path / "letters"), await ContactCode.all()
    assert (letter.id, letter.to, letter.kind) == (code.id, "ada@example.com", "email")
    assert letter.subject == "Your uPay confirmation code"
    assert f"is {contacts.code_for(code)}. It is valid for 10 minutes." in letter.text


async def test_a_code_goes_to_a_telephone_in_one_line_of_its_owners_language(
    worker: Worker, tmp_path: Path
) -> None:
    ada = await factories.person("ada", locale="zh-CN")
    contact = await contacts.add(ada.id, ContactKind.PHONE, "+8613800138000", NOON)
    await contacts.send_code(ada.id, contact.id, NOON)

    await worker.run_due()

    [letter], [code] = letters(tmp_path / "letters"), await ContactCode.all()
    assert (letter.to, letter.kind) == ("+8613800138000", "phone")
    assert letter.text == (
        f"【uPay】验证码 {contacts.code_for(code)}，10 分钟内有效。请勿告诉任何人。"
    )


async def test_a_code_that_is_of_no_use_any_more_is_not_sent(
    worker: Worker, clock: Clock, tmp_path: Path
) -> None:
    ada = await factories.person("ada")
    used = await contacts.add(ada.id, ContactKind.EMAIL, "ada@example.com", NOON)
    late = await contacts.add(ada.id, ContactKind.PHONE, "+8613800138000", NOON)
    for contact in (used, late):
        await contacts.send_code(ada.id, contact.id, NOON)
    await ContactCode.filter(contact_id=used.id).update(used_at=NOON)
    clock.advance(minutes=10)

    assert await worker.run_due() == 2

    assert letters(tmp_path / "letters") == []
