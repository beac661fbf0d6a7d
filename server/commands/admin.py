"""People who work at the desk, made by whoever runs the server."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Mapping

from domain import factor_clearings, passwords, people, second_factors
from domain.refusals import NotFound, Refusal
from models.people import Person, Role
from server import foundations, houses, logs, signals
from server.foundations import Foundations
from server.refusals import Refused
from server.settings import Settings


def run(asked: Namespace, environ: Mapping[str, str]) -> int:
    settings = Settings.read(environ)
    logs.begin("warning")
    act = _create if asked.action == "create" else _renew
    with foundations.borrowed(settings) as base:
        print(signals.run(lambda _: act(asked, base)))
    return 0


async def _create(asked: Namespace, base: Foundations) -> str:
    """Adds the person and tells what they sign in with; nobody can see it again."""
    password = passwords.suggestion(asked.name)
    async with houses.opened(base) as house:
        now = house.clock()
        try:
            person = await people.register(
                account_name=asked.name,
                display_name=asked.display_name or asked.name,
                email=asked.email,
                phone=None,
                password=password,
                locale="en",
                time_zone="UTC",
                role=Role(asked.role),
                now=now,
            )
        except people.REGISTER_REFUSALS as refusal:
            raise _refused(asked.name, refusal) from refusal
        secret = await second_factors.enrol(person.id, now)
    return (
        f"{person.account_name} may sign in at the desk as {person.role}.\n"
        f"  password       {password}\n{_shown(person, secret)}"
    )


async def _renew(asked: Namespace, base: Foundations) -> str:
    """Replaces every second factor of somebody by one of which nobody can see the secret again."""
    async with houses.opened(base) as house:
        try:
            person, secret = await factor_clearings.renew(asked.name, house.clock())
        except NotFound as error:
            raise Refused(f"Nobody called {asked.name} works at the desk.") from error
    return f"{person.account_name} has another second factor.\n{_shown(person, secret)}"


def _shown(person: Person, secret: str) -> str:
    return (
        f"  second factor  {secret}\n"
        f"  for a QR code  {second_factors.provisioning_uri(secret, person.account_name)}\n"
        "This is shown once."
    )


def _refused(name: str, refusal: Refusal) -> Refused:
    if isinstance(refusal, people.AccountNameTaken):
        return Refused(f"There is a {name} already: choose another account name.")
    return Refused(f"{name} cannot be added: {str(refusal)[:1].lower()}{str(refusal)[1:]}")
