"""`python -m server`: one command line for everything an operator does."""

from __future__ import annotations

import argparse
import gc
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from types import ModuleType

from server import signals
from server.embedded.refusals import EmbeddedPostgresRefused
from server.refusals import Refused
from server.settings.examples import variables

INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Does one command; what cannot be done is said in one sentence, with an exit code of 1."""
    asked = _parser().parse_args(arguments)
    signals.interrupt_when_asked()
    try:
        command = _imported(asked.command)
        for name, value in variables(Path(".env")).items():
            os.environ.setdefault(name, value)
        return int(command.run(asked, os.environ))
    except _refusals() as refused:
        print(f"uPay: {refused}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return INTERRUPTED
    finally:
        signals.ignore()


def _refusals() -> tuple[type[Exception], ...]:
    from domain.refusals import Refusal
    from realtime.bus import BusUnreachable
    from server.migrating import DatabaseIsNewer

    return (Refused, EmbeddedPostgresRefused, DatabaseIsNewer, BusUnreachable, Refusal)


def _imported(command: str) -> ModuleType:
    """The module of one command only: `settings` needs neither a database nor a web server.

    What is imported stays, so the collector need not look through it, neither now nor ever again.
    """
    gc.disable()
    module = import_module(f"server.commands.{command}")
    gc.freeze()
    gc.enable()
    return module


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m server",
        description="uPay: a digital wallet with its customer service built in.",
        epilog="Settings come from the environment: `python -m server settings` lists them.",
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    serve = commands.add_parser("serve", help="answer requests and work the jobs, until stopped")
    serve.add_argument("--workers", metavar="N", help="this many processes, not UPAY_WORKERS")
    commands.add_parser("work", help="work the jobs only, beside servers that answer")
    commands.add_parser("migrate", help="bring the database's tables up to this code")
    commands.add_parser("seed", help="fill a test server with the demo's small town")
    _add_listen(commands)
    _add_schema(commands)
    commands.add_parser("doctor", help="look whether everything is as it should be")
    _add_verify(commands)
    commands.add_parser("anchors", help="print the anchors of the books, to keep them elsewhere")
    _add_admin(commands)
    _add_keys(commands)
    _add_backup(commands)
    _add_retention(commands)
    _add_settings(commands)
    return parser


def _add_listen(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    listen = commands.add_parser("listen", help="print a test server's webhooks as they come")
    listen.add_argument("--key", help="an API key: has the webhooks of its merchant sent here")
    listen.add_argument("--secret", help="the secret of an endpoint that is sent here already")
    listen.add_argument("--events", default="*", help="which, such as payment.*,order.closed")
    listen.add_argument("--forward", metavar="URL", help="a program to pass each one on to")
    listen.add_argument("--port", type=int, default=0, help="where to listen; a free one without")
    listen.add_argument("--server", metavar="URL", help="the uPay to listen to; without it here")


def _add_schema(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    schema = commands.add_parser("schema", help="print both GraphQL schemas into schema/")
    schema.add_argument("--check", action="store_true", help="only compare them, and say")


def _add_verify(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    verify = commands.add_parser("verify", help="recompute the books, and name what is wrong")
    verify.add_argument("--anchors", metavar="FILE", help="anchors that were printed earlier")


def _add_admin(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    admin = commands.add_parser("admin", help="people who work at the desk")
    actions = admin.add_subparsers(dest="action", required=True, metavar="ACTION")
    create = actions.add_parser("create", help="add one, and print what they sign in with, once")
    create.add_argument("name", help="the account name, such as lin")
    create.add_argument("--email", required=True, help="where letters for them go")
    create.add_argument("--display-name", help="the name people see; the account name without it")
    create.add_argument("--role", choices=("agent", "supervisor", "admin"), default="admin")
    renew = actions.add_parser(
        "renew-factor", help="replace the second factors of one, and print the new one, once"
    )
    renew.add_argument("name", help="the account name, such as lin")


def _add_keys(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    keys = commands.add_parser("keys", help="the server's secret keys")
    actions = keys.add_subparsers(dest="action", required=True, metavar="ACTION")
    actions.add_parser("new", help="print a fresh one for UPAY_SECRET_KEYS")
    actions.add_parser("status", help="say what each key is needed for")
    actions.add_parser("add", help="put a fresh one in front of those in the data folder")
    actions.add_parser("rotate", help="seal with the one in use what older ones sealed")
    remove = actions.add_parser("remove", help="take an older one out of the data folder")
    remove.add_argument("id")
    forget = actions.add_parser("forget", help="take away what a lost key kept")
    forget.add_argument("id")


def _add_backup(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    backup = commands.add_parser("backup", help="keep everything but the keys in a new file")
    backup.add_argument("file", metavar="FILE")
    restore = commands.add_parser("restore", help="bring a backup back into an empty database")
    restore.add_argument("file", metavar="FILE")
    restore.add_argument("--keys", metavar="FILE", help="the keys.json of the server it is of")


def _add_retention(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    retention = commands.add_parser("retention", help="take away what is past its day")
    retention.add_argument("--dry-run", action="store_true", help="only say what would go")


def _add_settings(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    settings = commands.add_parser("settings", help="list every setting and what it is now")
    settings.add_argument("--example", action="store_true", help="print .env.example instead")


if __name__ == "__main__":
    sys.exit(main())
