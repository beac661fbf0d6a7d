"""Every code that uPay can say is in one catalogue, has words, and really comes out."""

from __future__ import annotations

import dataclasses
import re
import string
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from uuid import UUID

import pytest

from domain import provider_orders, releases, unclaimed
from models.movements import IdempotencyKey, Movement, MovementKind
from models.sessions import Audience
from models.wallets import Account
from schema import catalogue
from schema.catalogue.codes import FailureCode, NoticeCode, ProblemCode
from schema.catalogue.documents import DOCUMENTS
from schema.catalogue.entries import Disclosure, Entry, Outcome, Place
from schema.catalogue.orders import TOLD_TO_MERCHANT
from schema.catalogue.page import page
from schema.catalogue.wires import WIRES
from schema.problems import base
from schema.texts import Language, Text
from server.embedded.postgres import DatabaseUrls
from tests.api.scenarios.stage import WHY, Said, Stage, failed, failure, problem, staged
from tests.api.scenarios.table import SCENARIOS
from tests.api.test_transfers import confirm, prepared, wish

ROOT: Final = Path(__file__).parents[2]
CODE: Final = re.compile(r"[A-Z][A-Z]*(_[A-Z]+)*")
PLACES: Final = [(place, code) for place in Place for code in SCENARIOS[place]]
# What they say more exactly than the catalogue, such as which field a document has wrong.
EXACT: Final = {entry.code for entry in (*DOCUMENTS, *WIRES)}
AT_THE_DESK: Final = """query ($id: ID!, $reason: String!) { movement(id: $id, reason: $reason) {
    ... on MovementFound { movement { failure { code title detail nextStep retry } } } } }"""
ENTRIES: Final = pytest.mark.parametrize(
    "entry", catalogue.ENTRIES.values(), ids=lambda entry: entry.code
)


@pytest.fixture
async def stage(
    database_urls: DatabaseUrls, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Stage]:
    async with staged(database_urls, monkeypatch) as stage:
        yield stage


def test_there_is_a_scenario_for_each_code_at_each_place_where_it_comes_out() -> None:
    promised = {(place, entry.code) for place in Place for entry in catalogue.at(place)}

    assert set(PLACES) == promised


@pytest.mark.parametrize(
    ("place", "code"), PLACES, ids=[f"{place.value}-{code}" for place, code in PLACES]
)
async def test_the_code_comes_out_with_its_words_and_a_final_no_moves_no_money(
    stage: Stage, place: Place, code: str
) -> None:
    entry = catalogue.ENTRIES[code]
    act = await SCENARIOS[place][code](stage)
    is_final = entry.outcome is Outcome.NOTHING_MOVED
    before = await _books() if is_final else None

    said = await act()

    assert said.code == code
    if place is not Place.TOP_LEVEL or code not in EXACT:
        _check_words(said, entry, place)
    if said.statuses:
        assert said.statuses == (entry.status, entry.json_status)
    if before is not None:
        _check_nothing_moved(before, await _books(), is_recorded=place is Place.FAILURE)


async def test_a_code_says_the_same_in_prepare_and_confirm_in_history_and_at_the_desk(
    stage: Stage,
) -> None:
    ada, _ = await stage.two()
    lin = await stage.agent()
    quoted = await prepared(ada, "bob", 800)
    await confirm(ada, await prepared(ada, "bob", 900), key="before")

    refused = await problem(ada.asker, "prepareTransfer", wish(ada, "bob", 800))
    told = await confirm(ada, quoted)
    id = told["transfer"]["id"]
    history = await failure(ada.asker, id)
    found = await lin.data(AT_THE_DESK, id=id, reason=WHY)

    desk = failed(found["movement"]["failure"])
    assert refused.message == "Not enough money in the wallet: CN¥7.00 short."
    assert history == desk == dataclasses.replace(refused, title="Balance too low")
    assert told["transfer"]["failure"] == {
        "code": history.code, "title": history.title, "nextStep": history.next_step
    }  # fmt: skip


def test_no_code_is_said_twice_and_the_enums_have_them_all() -> None:
    codes = [entry.code for group in catalogue.GROUPS.values() for entry in group]

    assert len(set(codes)) == len(codes)
    assert [code.value for code in ProblemCode] == [
        entry.code for entry in catalogue.at(Place.PROBLEM)
    ]
    assert [code.value for code in FailureCode] == [
        entry.code for entry in catalogue.at(Place.FAILURE)
    ]
    assert [code.value for code in NoticeCode] == [
        entry.code for entry in catalogue.at(Place.NOTICE)
    ]


@ENTRIES
def test_an_entry_says_what_its_places_need(entry: Entry) -> None:
    assert CODE.fullmatch(entry.code)
    assert entry.places
    has_title = bool({Place.FAILURE, Place.NOTICE} & entry.places)
    assert (entry.title is not None) == has_title
    assert (entry.statuses is not None) == (Place.TOP_LEVEL in entry.places)
    assert (entry.told_as is not None) == (entry.disclosure is Disclosure.HIDDEN)
    if Place.FAILURE in entry.places:
        assert entry.step is not None
    if entry.statuses is not None:
        assert 400 <= entry.status < 600
        assert entry.json_status in {200, entry.status}


@ENTRIES
def test_an_entry_has_words_in_every_language_that_are_sentences_and_name_the_same_facts(
    entry: Entry,
) -> None:
    for text in (entry.text, *([entry.step] if entry.step else [])):
        _check_languages(text)
        assert text.en[0].isupper() or text.en.startswith("uPay")
        assert text.en.endswith(".")
        assert text.zh.endswith("。")
        assert ", " not in text.zh
        assert "。" not in text.zh[:-1]
    if entry.title is not None:
        _check_languages(entry.title)
        assert not entry.title.en.endswith(".")
        assert not entry.title.zh.endswith("。")
    assert entry.meaning.endswith(".")


@ENTRIES
def test_an_entry_names_no_fact_that_nobody_fills_in(entry: Entry) -> None:
    named = _facts(entry.text.en) | _facts(entry.step.en if entry.step else "")
    types = {each.type for each in base._NAMINGS.values() if each.entry is entry}

    for type_ in types:
        assert named <= {field.name for field in dataclasses.fields(type_)}
    if Place.FAILURE in entry.places:
        assert named <= {"missing"}
    if Place.TOP_LEVEL in entry.places:
        assert named <= {"scope"}


@ENTRIES
def test_an_entry_is_documented(entry: Entry) -> None:
    [row] = [line for line in page().splitlines() if line.startswith(f"| `{entry.code}` |")]

    for said in (entry.meaning, entry.retry.name, entry.text.en, entry.text.zh):
        assert said in row


def test_every_reason_that_anybody_can_give_is_a_failure_and_no_other_is() -> None:
    scripts = (ROOT / "migrations" / "sql").glob("*.sql")
    sql = "".join(script.read_text() for script in scripts)
    given = set(re.findall(r"'([A-Z]+_[A-Z_]+)'", sql))
    given |= {*provider_orders.FAILURE_CODES, *releases.Ground, releases.EXPIRED}
    given.add(unclaimed.UNCLAIMED)
    # Recorded nowhere: a merchant hears it in the place of its payer's own reasons.
    given.add(TOLD_TO_MERCHANT)
    # A refund that found too little says whose funds were short, and its customer hears less.
    short = Movement(kind=MovementKind.REFUND, failure_code="INSUFFICIENT_FUNDS").failed_for
    assert short is not None
    given |= {short, catalogue.failure(short, Audience.PUBLIC).code}

    assert {catalogue.failure(each, Audience.DESK).code for each in given} == {
        entry.code for entry in catalogue.at(Place.FAILURE)
    }


def test_every_code_that_the_server_itself_says_is_a_top_level_error() -> None:
    written = "".join(file.read_text() for file in (ROOT / "server").glob("*.py"))
    with_a_status = r"BadRequest\(\s*\d+, \"([A-Z_]+)\""
    said = set(re.findall(rf'"([A-Z]+(?:_[A-Z]+)+)"|{with_a_status}', written))
    codes = {code for pair in said for code in pair if code}

    assert {code for code in codes if not code.startswith(("UPAY_", "OTEL_"))} <= {
        entry.code for entry in catalogue.at(Place.TOP_LEVEL)
    }


def test_a_hidden_reason_is_told_to_the_payer_as_a_general_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    general = catalogue.ENTRIES["ACCOUNT_RESTRICTED"]
    hidden = dataclasses.replace(
        general, code="RULE", disclosure=Disclosure.HIDDEN, told_as="ACCOUNT_RESTRICTED"
    )
    monkeypatch.setitem(catalogue.ENTRIES, "RULE", hidden)

    assert catalogue.failure("RULE", Audience.DESK) is hidden
    assert catalogue.failure("RULE", Audience.PUBLIC) is general


def _check_words(said: Said, entry: Entry, place: Place) -> None:
    if place is Place.TOP_LEVEL:
        whole = " ".join(_pattern(each) for each in (entry.text, entry.step) if each)
        assert re.fullmatch(whole, said.message), said.message
        return
    assert re.fullmatch(_pattern(entry.text), said.message), said.message
    assert said.retry == entry.retry.name
    if entry.step is None:
        assert said.next_step is None
    else:
        assert said.next_step is not None
        assert re.fullmatch(_pattern(entry.step), said.next_step), said.next_step
    if place is Place.FAILURE:
        assert said.title == entry.heading(Language.EN)


def _pattern(text: Text) -> str:
    """What the text can have become once its facts were filled in."""
    return re.sub(r"\\\{\w+\\\}", "[^{}]+", re.escape(text.en))


@dataclass(frozen=True)
class Books:
    """What is posted to each account, what may be spent of it, and what is on record."""

    posted: dict[UUID, tuple[int, int]]
    available: dict[UUID, int]
    recorded: tuple[int, int]


async def _books() -> Books:
    accounts = await Account.all()
    return Books(
        posted={row.id: (row.posted_debits, row.posted_credits) for row in accounts},
        available={row.id: row.available for row in accounts},
        recorded=(await Movement.all().count(), await IdempotencyKey.all().count()),
    )


def _check_nothing_moved(before: Books, after: Books, *, is_recorded: bool) -> None:
    assert after.posted == before.posted
    # What had been set aside for a movement that failed is free again.
    assert all(after.available[id] >= least for id, least in before.available.items())
    assert is_recorded or after.recorded == before.recorded


def _check_languages(text: Text) -> None:
    assert text.en.isascii()
    assert re.search(r"[\u4e00-\u9fff]", text.zh)
    assert _facts(text.en) == _facts(text.zh)


def _facts(words: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(words) if name}
