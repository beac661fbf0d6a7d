"""Exports: all that uPay keeps about somebody and nothing of others, in one archive, made once."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import zipfile
from datetime import datetime, timedelta
from typing import Any, Final

import pytest
from tortoise.exceptions import DoesNotExist, IntegrityError

from domain import exports, freezes, fresh_proofs, ledger, sealed_files
from domain.exports.archives import Archive, _cell
from domain.exports.refusals import ExportUnderWay, TooManyExports
from domain.exports.sections import SECTIONS, Section
from domain.exports.subjects import Row, Subject
from domain.fresh_proofs import FRESH_FOR, ProofNeeded
from domain.jobs import LeaseLost
from domain.refusals import NotFound
from domain.sessions import Identity
from jobs.exports import make_export
from jobs.worker import Worker
from models.exports import Export, ExportStatus
from models.freezes import FreezeOwner
from models.ids import new_id
from models.jobs import Job
from models.people import ContactKind, Person
from models.sealed_files import SealedFile, SealedPart
from models.security_events import EventKind, SecurityEvent
from tests import factories, showing
from tests.domain import orders, registers, shops
from tests.moments import NOON, Clock

pytestmark = pytest.mark.usefixtures("database")

EMAIL: Final = "ada@example.org"


def told(code: str) -> str:
    return code


@pytest.fixture
async def ada() -> Person:
    return await factories.person("ada", display_name="Ada Lovelace")


@pytest.fixture
def worker() -> Worker:
    return Worker({exports.JOB: make_export}, clock=Clock())


async def asked(by: Person | Identity, now: datetime = NOON) -> Export:
    identity = by if isinstance(by, Identity) else await registers.identity_of(by)
    return await exports.ask(by=identity, now=now)


async def files_of(owner: Person, worker: Worker) -> dict[str, Any]:
    """What somebody gets who asks and fetches: each file by its name, JSON as what it says."""
    by = await registers.identity_of(owner)
    export = await asked(by)
    await worker.run_due()
    ready, content = await exports.fetch(by=by, export_id=export.id, now=NOON)
    raw = b"".join([part async for part in content])
    assert len(raw) == ready.length
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        assert archive.testzip() is None
        return {
            name: json.loads(archive.read(name))
            if name.endswith(".json")
            else archive.read(name).decode("utf-8-sig")
            for name in archive.namelist()
        }


async def test_an_archive_says_who_somebody_is_and_what_they_did(
    ada: Person, worker: Worker
) -> None:
    bob = await factories.person("bob", display_name="Bob Marley")
    wallet, bobs = await factories.wallet(ada, holds=1_000), await factories.wallet(bob, holds=50)
    await registers.proved(ada, ContactKind.EMAIL, EMAIL)
    await ledger.post(orders.pay(wallet, bobs, 300))
    await ledger.post(orders.pay(bobs, wallet, 20))
    await showing.asked(ada)

    files = await files_of(ada, worker)

    assert files["profile.json"][0]["display_name"] == "Ada Lovelace"
    assert [each["value"] for each in files["contacts.json"]] == [EMAIL]
    assert files["wallets.json"][0]["balance"] == 720
    sides = [(each["direction"], each["amount"]) for each in files["movements.json"]]
    assert sorted(sides) == [("in", 20), ("in", 1_000), ("out", 300)]
    names = {each["counterparty"] for each in files["movements.json"]}
    assert names == {"B** M*****", "uPay"}
    assert files["verification_requests.json"][0]["id_number"] == showing.ID_NUMBER
    assert len(files["papers.json"]) == 1


async def test_every_section_is_there_as_json_and_as_csv_and_the_readme_counts_them(
    ada: Person, worker: Worker
) -> None:
    files = await files_of(ada, worker)

    readme = files.pop("README.json")
    assert readme["format"] == "upay-export/1"
    assert sorted(files) == sorted(
        f"{section.name}.{kind}" for section in SECTIONS for kind in ("json", "csv")
    )
    for each in readme["files"]:
        if each["name"].endswith(".json"):
            assert len(files[each["name"]]) == each["rows"], each["name"]
        else:
            rows = list(csv.reader(io.StringIO(files[each["name"]])))
            assert rows[0] == list(each["columns"])
            assert len(rows) == 1 + each["rows"]


async def test_nothing_of_anybody_else_is_in_it(ada: Person, worker: Worker) -> None:
    bob = await factories.person("bob", display_name="Bob Marley")
    wallet, bobs = await factories.wallet(ada), await factories.wallet(bob, holds=50)
    await registers.proved(bob, ContactKind.EMAIL, "bob@example.org")
    order = orders.transfer(bobs, wallet, 20)
    await ledger.post(
        ledger.pay(
            ledger.Order(
                kind=order.kind,
                person_id=order.person_id,
                source_id=order.source_id,
                target_id=order.target_id,
                amount=order.amount,
                currency=order.currency,
                note="bobs own words",
            ),
            key=factories.some_key(),
            at=NOON,
        )
    )

    files = await files_of(ada, worker)

    said = json.dumps(files)
    for others in ("bob@example.org", "Marley", "bobs own words", bob.id.hex, str(bob.id)):
        assert others not in said
    assert [each["note"] for each in files["movements.json"]] == [None]


async def test_refunds_are_in_it_with_the_words_of_whoever_asked_for_them(worker: Worker) -> None:
    shop = await shops.shop()
    await shop.refund(300, note="Sorry, sold out")
    await shop.request(200, note="The pot was broken")

    files = await files_of(shop.ada, worker)

    found = {each["amount"]: each for each in files["refunds.json"]}
    assert (found[300]["status"], found[300]["note"]) == ("succeeded", None)
    assert (found[200]["status"], found[200]["note"]) == ("requested", "The pot was broken")
    assert found[200]["payment"] == f"pay_{shop.payment.movement_id.hex}"
    assert "sold out" not in json.dumps(files)


async def test_what_upay_keeps_for_itself_is_not_in_it(ada: Person, worker: Worker) -> None:
    await Person.filter(id=ada.id).update(password_hash="$argon2id$its own")
    await freezes.freeze(
        person_id=ada.id,
        owner=FreezeOwner.RULE,
        by=None,
        reason="Looks like a mule",
        now=NOON,
    )

    files = await files_of(ada, worker)

    said = json.dumps(files)
    assert "argon2id" not in said
    assert "mule" not in said
    assert files["freezes.json"][0]["frozen_by"] == "UPAY"


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ('=HYPERLINK("http://example.org")', '\'=HYPERLINK("http://example.org")'),
        ("+8613800138000", "'+8613800138000"),
        ("-1+1", "'-1+1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        ("{{7*7}}", "{{7*7}}"),
        ("plain", "plain"),
        (-5, "-5"),
        (None, ""),
        (["=1"], '["=1"]'),
        (NOON, "2026-03-02T12:00:00+00:00"),
    ],
)
def test_no_cell_of_a_spreadsheet_is_a_formula(value: object, cell: str) -> None:
    assert _cell(value) == cell


async def test_an_export_needs_a_fresh_proof_to_be_asked_for_and_to_be_fetched(
    ada: Person, worker: Worker
) -> None:
    by = await registers.identity_of(ada)
    export = await asked(by)
    await worker.run_due()
    later = NOON + FRESH_FOR

    with pytest.raises(ProofNeeded):
        await exports.fetch(by=by, export_id=export.id, now=later)
    with pytest.raises(ProofNeeded):
        await asked(by, later)

    assert await Export.all().count() == 1


async def test_an_archive_is_given_to_nobody_else_not_before_it_is_ready_and_not_too_late(
    ada: Person, worker: Worker
) -> None:
    by, export = await registers.identity_of(ada), await asked(ada)
    bob = await registers.identity_of(await factories.person("bob"))
    for id in (export.id, new_id()):
        with pytest.raises(NotFound):
            await exports.fetch(by=by, export_id=id, now=NOON)

    await worker.run_due()

    with pytest.raises(NotFound):
        await exports.fetch(by=bob, export_id=export.id, now=NOON)
    with pytest.raises(NotFound):
        await exports.fetch(by=by, export_id=export.id, now=NOON + exports.LIVES)
    assert (await exports.fetch(by=by, export_id=export.id, now=NOON))[0].progress == 100


async def test_of_eight_exports_asked_for_at_once_one_is_made(ada: Person, worker: Worker) -> None:
    by = await registers.identity_of(ada)

    tried = await asyncio.gather(*(asked(by) for _ in range(8)), return_exceptions=True)

    assert sum(isinstance(each, Export) for each in tried) == 1
    assert sum(isinstance(each, ExportUnderWay) for each in tried) == 7
    assert await worker.run_due() == 1


async def test_a_person_gets_three_exports_a_day(ada: Person, worker: Worker) -> None:
    by = await registers.identity_of(ada)
    for _ in range(3):
        await asked(by)
        await worker.run_due()
        await Job.all().delete()

    with pytest.raises(TooManyExports) as refused:
        await asked(by)

    assert refused.value.again_at == NOON + timedelta(days=1)
    assert await Export.all().count() == 3


async def test_an_export_whose_job_is_lost_bars_nobody_for_more_than_a_day(ada: Person) -> None:
    lost = await asked(ada)
    tomorrow = NOON + timedelta(days=1)
    by = await registers.identity_of(ada)
    await fresh_proofs.note(by.session_id, fresh_proofs.Factor.PASSWORD, now=tomorrow)

    export = await asked(by, tomorrow)

    assert (await Export.get(id=lost.id)).status is ExportStatus.FAILED
    assert export.status is ExportStatus.ASKED


async def test_whose_archive_is_ready_is_told(ada: Person, worker: Worker) -> None:
    await asked(ada)

    await worker.run_due()

    events = await SecurityEvent.all().order_by("id")
    assert [event.kind for event in events] == [EventKind.EXPORT_ASKED, EventKind.EXPORT_READY]
    export = await Export.get()
    assert (export.status, export.progress, export.expires_at) == (
        ExportStatus.READY,
        100,
        NOON + exports.LIVES,
    )


async def test_a_job_that_died_in_the_middle_begins_anew_and_leaves_one_archive(
    ada: Person, worker: Worker
) -> None:
    export = await asked(ada)
    died = await exports.begin(export.id, NOON)
    assert died is not None
    assert died.file_id is not None
    await sealed_files.add(await SealedFile.get(id=died.file_id), 0, b"half of it")

    await worker.run_due()

    assert await SealedFile.all().count() == 1
    ready = await Export.get(id=export.id)
    assert ready.file_id != died.file_id
    assert (await sealed_files.whole(ready.file_id or died.file_id)).startswith(b"PK")
    with pytest.raises((IntegrityError, DoesNotExist)):
        await exports.write(died, told=told)


async def test_two_jobs_at_once_make_one_archive(ada: Person, worker: Worker) -> None:
    export = await asked(ada)
    job = await Job.get(kind=exports.JOB)
    another = await Job.get(kind=exports.JOB)
    another.lease = new_id()

    tried = await asyncio.gather(
        make_export(job, NOON), make_export(another, NOON), return_exceptions=True
    )

    assert sum(each is None for each in tried) <= 1
    assert any(
        isinstance(each, LeaseLost | IntegrityError | DoesNotExist | AssertionError)
        for each in tried
    )
    await worker.run_due()
    ready = await Export.get(id=export.id)
    assert ready.status is ExportStatus.READY
    assert ready.file_id is not None
    assert await SealedFile.all().count() == 1
    assert await SecurityEvent.filter(kind=EventKind.EXPORT_READY).count() == 1
    with zipfile.ZipFile(io.BytesIO(await sealed_files.whole(ready.file_id))) as archive:
        assert archive.testzip() is None


async def test_an_archive_of_many_rows_is_written_in_parts_and_says_how_far_it_is(
    ada: Person,
) -> None:
    export = await exports.begin((await asked(ada)).id, NOON)
    assert export is not None
    subject = await Subject.of(export, told)
    archive, waiting = Archive(NOON), []

    async def pages(_: Subject) -> Any:
        for start in range(0, 100_000, 1_000):
            yield [
                {"number": number, "word": new_id().hex} for number in range(start, start + 1_000)
            ]

    section = Section("many", "Many rows.", ("number", "word"), pages)
    pieces: list[bytes] = []
    async for _ in archive.add(section, subject):
        waiting.append(len(archive._outlet.waiting))
        pieces += archive.take(sealed_files.PART_BYTES)
    archive.close()
    pieces += archive.take(sealed_files.PART_BYTES, is_last=True)

    assert {len(piece) for piece in pieces[:-1]} == {sealed_files.PART_BYTES}
    assert max(waiting) < 2 * sealed_files.PART_BYTES
    assert subject.rows_written == 200_000
    with zipfile.ZipFile(io.BytesIO(b"".join(pieces))) as whole:
        rows: list[Row] = json.loads(whole.read("many.json"))
        assert [row["number"] for row in rows] == list(range(100_000))


async def test_movements_of_several_pages_are_all_there_once(
    ada: Person, worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("domain.exports.payments.PAGE_ROWS", 7)
    wallet = await factories.wallet(ada, holds=1_000)
    bobs = await factories.wallet(await factories.person("bob"))
    for _ in range(20):
        await ledger.post(orders.pay(wallet, bobs, 1))

    files = await files_of(ada, worker)

    ids = [each["id"] for each in files["movements.json"]]
    assert len(ids) == len(set(ids)) == 21
    assert files["movements.csv"].count("trf_") == 20


async def test_parts_in_the_database_tell_nothing(ada: Person, worker: Worker) -> None:
    await asked(ada)

    await worker.run_due()

    for part in await SealedPart.all():
        assert b"PK" not in part.sealed[:2]
        assert b"README" not in part.sealed
