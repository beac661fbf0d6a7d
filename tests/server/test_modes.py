"""Demo, test and live are kept apart: a live server refuses whatever is not real."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path

import asyncpg
import pytest

from channels import providers
from models.ids import new_id
from models.people import Contact, ContactKind
from server import house_marks, keys, simulators
from server.embedded.postgres import DatabaseUrls
from server.house_marks import look, mark
from server.refusals import Refused
from server.settings import Mode, Settings, SettingsRefused
from server.town import PEOPLE
from tests import factories
from tests.moments import NOON
from tests.server.servers import ran
from tests.services import simulator
from tests.wires import far_end

LIVE = {
    "UPAY_MODE": "live",
    "UPAY_SECRET_KEYS": keys.new().text,
    "UPAY_DATABASE_URL": "postgres://upay:hush@db:5432/upay",
}
MAIL = {
    "UPAY_SMTP_URL": "smtps://mail.example",
    "UPAY_MAIL_FROM": "letters@pay.example",
    "UPAY_PUBLIC_URL": "https://pay.example",
}

NOT_FOR_LIVE: list[tuple[Mapping[str, str], str]] = [
    ({"UPAY_SECRET_KEYS": ""}, "A live server needs UPAY_SECRET_KEYS"),
    ({"UPAY_SECRET_KEYS": keys.new("demo-").text}, "the key of a demo or a test server"),
    ({"UPAY_SECRET_KEYS": keys.new("test-").text}, "the key of a demo or a test server"),
    (
        {"UPAY_SECRET_KEYS": f"{keys.new().text},{keys.new('demo-').text}"},
        "the key of a demo or a test server",
    ),
    (
        {"UPAY_ALLOWED_ORIGINS": "https://shop.example,http://shop.example"},
        "UPAY_ALLOWED_ORIGINS names http://shop.example, whose pages anybody on the way can change",
    ),
    ({"UPAY_ALLOWED_ORIGINS": "http://localhost.evil.example"}, "anybody on the way can change"),
    ({**MAIL, "UPAY_PUBLIC_URL": ""}, "UPAY_SMTP_URL is set and UPAY_PUBLIC_URL is not"),
    ({**MAIL, "UPAY_PUBLIC_URL": "http://pay.example"}, "UPAY_PUBLIC_URL is http://pay.example"),
    ({**MAIL, "UPAY_SMS_URL": "console:"}, "would print the codes of real people"),
    ({"UPAY_SMS_URL": "file:/sms"}, "UPAY_SMS_URL is set and UPAY_SMTP_URL is not"),
    ({"UPAY_TRUSTED_PROXIES": "0.0.0.0/0"}, "'0.0.0.0/0' in it would let everybody forge"),
    ({"UPAY_TRUSTED_PROXIES": "10.0.0.0/8,::/0"}, "'::/0' in it would let everybody forge"),
    ({"UPAY_TRUSTED_PROXIES": "128.0.0.0/1"}, "would let everybody forge"),
]


@pytest.mark.parametrize(("changes", "sentence"), NOT_FOR_LIVE)
def test_a_live_server_refuses_settings_that_only_a_demo_could_have(
    changes: Mapping[str, str], sentence: str
) -> None:
    with pytest.raises(SettingsRefused) as refused:
        Settings.read({**LIVE, **changes})

    assert sentence in str(refused.value)
    assert str(refused.value).count(". ") == 0


def test_pages_of_this_machine_may_call_a_live_server_without_tls() -> None:
    origins = "http://localhost:5173,http://127.0.0.1:5173,http://[::1]:5173"

    settings = Settings.read({**LIVE, "UPAY_ALLOWED_ORIGINS": origins})

    assert settings.allowed_origins == tuple(origins.split(","))


async def test_a_database_belongs_to_the_mode_of_its_first_server_for_ever(
    database_urls: DatabaseUrls,
) -> None:
    before = await look(database_urls.application, Mode.TEST)

    await mark(database_urls.owner, Mode.TEST, NOON)
    await mark(database_urls.owner, Mode.TEST, NOON)

    assert before == "nobody's yet; the next start makes it test"
    assert await look(database_urls.application, Mode.TEST) == "of a test server"
    for other in (Mode.LIVE, Mode.DEMO):
        with pytest.raises(Refused) as refused:
            await mark(database_urls.owner, other, NOON)
        assert str(refused.value) == (
            f"This database belongs to a test server and UPAY_MODE is {other}: set "
            "UPAY_DATABASE_URL to one of its own, or correct UPAY_MODE."
        )
    assert await _marks(database_urls) == ["test"]


async def test_of_two_that_start_together_in_other_modes_one_is_refused(
    database_urls: DatabaseUrls,
) -> None:
    marking = [mark(database_urls.owner, mode, NOON) for mode in (Mode.TEST, Mode.LIVE)]

    ended = await asyncio.gather(*marking, return_exceptions=True)

    assert sorted(type(each).__name__ for each in ended) == ["NoneType", "Refused"]
    assert len(await _marks(database_urls)) == 1


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE house_marks SET mode = 'live'",
        "DELETE FROM house_marks",
        "TRUNCATE house_marks",
        "INSERT INTO house_marks VALUES (2, 'live', now())",
    ],
)
async def test_nobody_changes_the_mark_not_even_the_owner(
    database_urls: DatabaseUrls, change: str
) -> None:
    await mark(database_urls.owner, Mode.TEST, NOON)

    for url in (database_urls.owner, database_urls.application):
        connection = await asyncpg.connect(url)
        try:
            with pytest.raises(asyncpg.PostgresError):
                await connection.execute(change)
        finally:
            await connection.close()

    assert await _marks(database_urls) == ["test"]


async def test_demo_people_in_a_database_without_a_mark_keep_a_live_server_out(
    database: DatabaseUrls,
) -> None:
    await _settle("ada", email=PEOPLE[0].email, is_verified=True)

    with pytest.raises(Refused) as refused:
        await mark(database.owner, Mode.LIVE, NOON)

    assert str(refused.value).startswith("ada of the demo lives in this database")
    assert await _marks(database) == []


async def test_whoever_only_claims_to_be_of_the_demo_keeps_nobody_out(
    database: DatabaseUrls,
) -> None:
    await _settle("ada", email=PEOPLE[0].email, is_verified=False)

    await mark(database.owner, Mode.LIVE, NOON)

    assert await _marks(database) == ["live"]


async def test_a_database_without_tables_is_nobodys_to_the_doctor(
    database_urls: DatabaseUrls,
) -> None:
    owner = await asyncpg.connect(database_urls.owner)
    await owner.execute("DROP TABLE house_marks")
    await owner.close()

    assert "nobody's yet" in await house_marks.look(database_urls.owner, Mode.TEST)


async def test_a_simulator_says_that_it_is_one_to_whoever_asks() -> None:
    with simulator(callback="http://127.0.0.1:1/") as provider:
        is_one = await providers.is_simulator(provider.url)
        with pytest.raises(Refused) as refused:
            await simulators.refuse_at(provider.url)

    assert is_one
    assert "is a simulator, and no money of a live server comes out of it" in str(refused.value)


async def test_a_provider_that_is_none_or_does_not_answer_is_not_refused() -> None:
    async with far_end() as real:
        assert not await providers.is_simulator(real.url)
        await simulators.refuse_at(real.url)
    assert not await providers.is_simulator("http://127.0.0.1:1")


@pytest.mark.slow
def test_the_command_line_says_it_in_one_sentence(
    folder: Path, database_urls: DatabaseUrls
) -> None:
    outside = {
        "UPAY_DATABASE_URL": database_urls.application,
        "UPAY_DATABASE_OWNER_URL": database_urls.owner,
    }
    made = ran(folder, "migrate", **outside, UPAY_MODE="test")

    served = ran(folder, "serve", **{**LIVE, **outside}, UPAY_PORT="0")
    looked = ran(folder, "doctor", **{**LIVE, **outside})

    assert (made.returncode, made.stderr) == (0, "")
    assert (served.returncode, looked.returncode) == (1, 1)
    assert served.stderr.startswith("uPay: This database belongs to a test server")
    assert len(served.stderr.splitlines()) == 1
    assert "NOT OK mode" in " ".join(looked.stdout.split())


@pytest.mark.slow
def test_a_live_server_does_not_start_with_a_simulator_for_a_provider(
    folder: Path, database_urls: DatabaseUrls
) -> None:
    outside = {
        "UPAY_DATABASE_URL": database_urls.application,
        "UPAY_DATABASE_OWNER_URL": database_urls.owner,
    }
    with simulator(callback="http://127.0.0.1:1/") as provider:
        paid = {"UPAY_PROVIDER_URL": provider.url, "UPAY_PROVIDER_SECRET": provider.secret}
        served = ran(folder, "serve", **{**LIVE, **outside, **paid}, UPAY_PORT="0")
        looked = ran(folder, "doctor", **{**LIVE, **outside, **paid})

    assert served.returncode == 1
    assert "The provider at UPAY_PROVIDER_URL is a simulator" in served.stderr
    assert "The provider at UPAY_PROVIDER_URL is a simulator" in looked.stdout
    assert provider.secret not in served.stderr + looked.stdout


async def _marks(urls: DatabaseUrls) -> list[str]:
    connection = await asyncpg.connect(urls.owner)
    try:
        return [row["mode"] for row in await connection.fetch("SELECT mode FROM house_marks")]
    finally:
        await connection.close()


async def _settle(name: str, *, email: str, is_verified: bool) -> None:
    person = await factories.person(name)
    await Contact.create(
        id=new_id(),
        person_id=person.id,
        kind=ContactKind.EMAIL,
        value=email,
        created_at=NOON,
        verified_at=NOON if is_verified else None,
    )
