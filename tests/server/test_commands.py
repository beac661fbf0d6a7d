"""The command line: what it does, and what it says when it cannot."""

from __future__ import annotations

import asyncio
import re
import socket
from collections.abc import Mapping
from pathlib import Path

import asyncpg
import pytest

from server import databases, keys
from server.embedded.postgres import DatabaseUrls, EmbeddedPostgres
from server.refusals import Refused
from tests import factories
from tests.server.servers import FRESH, ran, serving

LIVE = {
    "UPAY_MODE": "live",
    "UPAY_SECRET_KEYS": keys.new().text,
    "UPAY_DATABASE_URL": "postgres://upay:hush@127.0.0.1:1/upay",
}


def test_a_fresh_key_opens_a_live_server(folder: Path) -> None:
    made = ran(folder, "keys", "new", start=FRESH)

    [key] = keys.parsed(made.stdout.strip())
    assert made.returncode == 0
    assert not key.is_made_here


def test_settings_are_listed_with_their_origin_and_without_secrets(folder: Path) -> None:
    (folder / ".env").write_text("UPAY_PORT=9000\nUPAY_HOST=::1\n")

    listed = ran(folder, "settings", start=FRESH, **LIVE, UPAY_HOST="127.0.0.2")

    lines = listed.stdout.splitlines()
    assert listed.returncode == 0
    assert "UPAY_PORT=9000" in lines
    assert "UPAY_HOST=127.0.0.2" in lines
    assert "UPAY_WORKERS=1  (default)" in lines
    assert "UPAY_DATABASE_URL=…  (from UPAY_DATABASE_URL)" in lines
    assert "hush" not in listed.stdout


REFUSED: list[tuple[list[str], Mapping[str, str], str]] = [
    (["serve"], {"UPAY_PROT": "1"}, "There is no setting UPAY_PROT: the nearest is UPAY_PORT"),
    (["serve"], {"UPAY_MODE": "live"}, "A live server needs UPAY_SECRET_KEYS"),
    (["serve"], {"UPAY_WORKERS": "2"}, "UPAY_WORKERS is 2 and UPAY_REDIS_URL is not set"),
    (["serve"], {"UPAY_HOST": "192.0.2.1"}, "uPay cannot listen on 192.0.2.1:8000"),
    (
        ["serve"],
        {"UPAY_DATA": "/proc/upay", "UPAY_PORT": "0"},
        "The data folder /proc/upay cannot be used",
    ),
    (["work"], {}, "The embedded database belongs to the server that runs it"),
    (["work"], LIVE, "set UPAY_REDIS_URL."),
    (["seed"], LIVE, "A live server has no demo people"),
    (["settings"], {"UPAY_PORT": "x"}, "UPAY_PORT, 'x', cannot be used"),
]


@pytest.mark.parametrize(("words", "settings", "sentence"), REFUSED)
def test_what_cannot_be_done_is_one_sentence_and_an_exit_code(
    folder: Path, words: list[str], settings: Mapping[str, str], sentence: str
) -> None:
    refused = ran(folder, *words, **settings)

    assert refused.returncode == 1, refused.stderr
    assert refused.stderr.startswith("uPay: ")
    assert sentence in refused.stderr
    assert len(refused.stderr.splitlines()) == 1
    assert list(folder.iterdir()) == []


def test_a_taken_port_is_noticed_before_anything_is_made(folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]

        refused = ran(folder, "serve", UPAY_PORT=str(port))

    assert refused.returncode == 1
    assert refused.stderr == (
        f"uPay: Port {port} is taken on 127.0.0.1: stop what listens there, or set UPAY_PORT to "
        "another port.\n"
    )
    assert list(folder.iterdir()) == []


def test_a_wrong_word_is_answered_with_the_right_ones(folder: Path) -> None:
    refused = ran(folder, "sevre", start=FRESH)

    assert refused.returncode == 2
    assert "serve" in refused.stderr


async def test_a_database_that_stays_away_is_waited_for_and_then_named(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(Refused) as refused:
        await databases.answering("postgres://upay:hush@127.0.0.1:1/upay", patience_seconds=0.1)

    assert "PostgreSQL at 127.0.0.1:1 gave no answer in 0.1 s" in str(refused.value)
    assert "hush" not in str(refused.value)
    assert "waiting for PostgreSQL at 127.0.0.1:1" in capsys.readouterr().out


async def test_a_database_that_lets_nobody_in_is_not_waited_for(
    postgres: EmbeddedPostgres,
) -> None:
    place = databases.place(postgres.urls.application)

    with pytest.raises(Refused, match=f"PostgreSQL at {place} lets nobody in"):
        await databases.answering(f"postgres://upay_app:wrong@{place}/upay")


def test_a_live_server_on_a_database_of_its_own_keeps_nothing_here(
    folder: Path, database_urls: DatabaseUrls
) -> None:
    live = _live_on(database_urls)

    migrated = ran(folder, "migrate", start=FRESH, **live)
    made = ran(folder, "admin", "create", "root", "--email", "root@town.example", **live)
    renewed = ran(folder, "admin", "renew-factor", "root", start=FRESH, **live)
    nobody = ran(folder, "admin", "renew-factor", "nobody", **live)
    looked = ran(folder, "doctor", start=FRESH, **live)

    assert migrated.stdout == "The database is as this uPay needs it.\n"
    assert "root may sign in at the desk as admin" in made.stdout
    assert renewed.stdout.startswith("root has another second factor.\n  second factor  ")
    assert nobody.stderr == "uPay: Nobody called nobody works at the desk.\n"
    assert looked.returncode == 0, looked.stdout
    assert "upay_app can only add to the journal and the audit" in looked.stdout
    assert list(folder.iterdir()) == []


async def test_a_database_of_a_newer_upay_is_refused(
    folder: Path, database_urls: DatabaseUrls
) -> None:
    owner = await asyncpg.connect(database_urls.owner)
    await owner.execute(
        "INSERT INTO tortoise_migrations (app, name, applied_at) VALUES ('models', 'later', now())"
    )
    await owner.close()

    refused = await asyncio.to_thread(ran, folder, "migrate", **_live_on(database_urls))

    assert refused.returncode == 1
    assert "it was migrated by a newer version" in refused.stderr


def test_a_role_that_may_not_migrate_is_told_where_the_owner_goes(
    folder: Path, database_urls: DatabaseUrls
) -> None:
    powerless = {**LIVE, "UPAY_DATABASE_URL": database_urls.application}

    refused = ran(folder, "migrate", **powerless)

    assert refused.returncode == 1
    assert "The role upay_app may not make tables at 127.0.0.1:" in refused.stderr
    assert "set UPAY_DATABASE_OWNER_URL" in refused.stderr


def test_the_doctor_names_what_is_wrong_and_what_to_do(
    folder: Path, database_urls: DatabaseUrls
) -> None:
    # One role for everything: it owns the journal, so it could rewrite it.
    alone = {**LIVE, "UPAY_DATABASE_URL": database_urls.owner}

    looked = ran(folder, "doctor", **alone, UPAY_REDIS_URL="redis://127.0.0.1:1/0")

    wrong = [line for line in looked.stdout.splitlines() if line.startswith("NOT OK")]
    assert looked.returncode == 1
    assert [line.split()[2] for line in wrong] == ["Redis", "rights"]
    assert "The role upay_owner may change" in wrong[1]


async def test_the_doctor_notices_that_nobody_seals_what_was_recorded(
    folder: Path, database: DatabaseUrls
) -> None:
    await factories.wallet(await factories.person("ada"), holds=100)
    owner = await asyncpg.connect(database.owner)
    await owner.execute("UPDATE unsealed SET since = since - interval '1 minute'")
    await owner.close()

    looked = await asyncio.to_thread(ran, folder, "doctor", **_live_on(database))

    wrong = [line for line in looked.stdout.splitlines() if line.startswith("NOT OK")]
    assert [line.split()[2] for line in wrong] == ["chain"]
    assert "is not sealed yet: start uPay" in wrong[0]


@pytest.mark.slow
def test_commands_join_the_server_that_is_running(town: Path) -> None:
    with serving(town):
        made = ran(town, "admin", "create", "root", "--email", "root@town.example")
        again = ran(town, "admin", "create", "root", "--email", "root@town.example")
        seeded = ran(town, "seed")
        looked = ran(town, "doctor")

    assert re.search(r"second factor  [A-Z2-7]{32}\n", made.stdout)
    assert again.stderr == "uPay: There is a root already: choose another account name.\n"
    assert (seeded.returncode, seeded.stderr) == (0, "")
    assert looked.returncode == 0, looked.stdout


@pytest.mark.slow
def test_a_test_server_is_filled_with_the_town_when_asked_however_often(folder: Path) -> None:
    first = ran(folder, "seed", start=FRESH, UPAY_MODE="test")
    second = ran(folder, "seed", UPAY_MODE="test")

    assert (first.returncode, second.returncode) == (0, 0), first.stderr + second.stderr
    assert "ada       customer" in first.stdout
    assert "yan       supervisor  second factor" in second.stdout


@pytest.mark.slow
def test_a_second_server_on_the_same_data_is_refused(town: Path) -> None:
    with serving(town) as server:
        refused = ran(town, "serve", UPAY_PORT="0")

    assert refused.returncode == 1
    assert f"Another uPay (process {server.process.pid}) is using the data folder" in refused.stderr


@pytest.mark.slow
def test_data_of_one_mode_are_never_served_in_another(town: Path) -> None:
    key = ran(town, "keys", "new").stdout.strip()

    refused = ran(town, "serve", UPAY_PORT="0", UPAY_MODE="live", UPAY_SECRET_KEYS=key)

    assert refused.returncode == 1
    assert "are those of a demo server and UPAY_MODE is live" in refused.stderr


@pytest.mark.slow
def test_lost_keys_are_not_replaced_behind_the_owners_back(town: Path) -> None:
    (town / "upay-data" / "keys.json").unlink()

    refused = ran(town, "serve", UPAY_PORT="0")

    assert refused.returncode == 1
    assert "keys.json, are not to be had (the file is missing): bring it back" in refused.stderr


def _live_on(urls: DatabaseUrls) -> dict[str, str]:
    return {
        **LIVE,
        "UPAY_DATABASE_URL": urls.application,
        "UPAY_DATABASE_OWNER_URL": urls.owner,
    }
