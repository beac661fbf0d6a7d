"""The second factor: each code once, a step early or late, and its secret sealed."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pyotp
import pytest

from domain import second_factors, secrets
from models.ids import new_id
from models.people import Totp
from tests import factories
from tests.conftest import KEYRING
from tests.domain import registers
from tests.moments import NOON

pytestmark = pytest.mark.usefixtures("database")

STEP = timedelta(seconds=30)


async def test_the_code_of_the_app_is_accepted_once() -> None:
    lin = await factories.person("lin")
    secret = await second_factors.enrol(lin.id, NOON)
    code = pyotp.TOTP(secret).at(NOON)

    answers = [await second_factors.accept(lin.id, code, NOON) for _ in range(3)]

    assert answers == [True, False, False]


async def test_of_ten_who_show_one_code_at_once_exactly_one_is_accepted() -> None:
    lin = await factories.person("lin")
    code = pyotp.TOTP(await second_factors.enrol(lin.id, NOON)).at(NOON)

    answers = await asyncio.gather(*(second_factors.accept(lin.id, code, NOON) for _ in range(10)))

    assert sorted(answers) == [False] * 9 + [True]


@pytest.mark.parametrize(
    ("steps", "is_accepted"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)]
)
async def test_a_telephones_clock_may_be_a_step_early_or_late(
    steps: int, is_accepted: bool
) -> None:
    lin = await factories.person("lin")
    code = pyotp.TOTP(await second_factors.enrol(lin.id, NOON)).at(NOON + steps * STEP)

    assert await second_factors.accept(lin.id, code, NOON) is is_accepted


async def test_an_earlier_code_is_not_accepted_after_a_later_one() -> None:
    lin = await factories.person("lin")
    totp = pyotp.TOTP(await second_factors.enrol(lin.id, NOON))
    assert await second_factors.accept(lin.id, totp.at(NOON + STEP), NOON)
    before = await registers.picture()

    assert not await second_factors.accept(lin.id, totp.at(NOON), NOON)

    assert await registers.picture() == before
    assert await second_factors.accept(lin.id, totp.at(NOON + 2 * STEP), NOON + 2 * STEP)


@pytest.mark.parametrize("code", ["", "12345", "abcdef", "\x00", "\ud800", "1" * 1_048_576])
async def test_what_is_no_code_is_not_accepted(code: str) -> None:
    lin = await factories.person("lin")
    await second_factors.enrol(lin.id, NOON)
    before = await registers.picture()

    assert not await second_factors.accept(lin.id, code, NOON)

    assert await registers.picture() == before


async def test_the_code_of_somebody_else_is_not_accepted() -> None:
    lin, eve = await factories.person("lin"), await factories.person("eve")
    await second_factors.enrol(lin.id, NOON)
    code = pyotp.TOTP(await second_factors.enrol(eve.id, NOON)).at(NOON)

    assert not await second_factors.accept(lin.id, code, NOON)
    assert not await second_factors.accept(new_id(), code, NOON)
    assert await second_factors.accept(eve.id, code, NOON)


async def test_enrolling_again_replaces_the_app_that_was_lost() -> None:
    lin = await factories.person("lin")
    lost = pyotp.TOTP(await second_factors.enrol(lin.id, NOON))
    fresh = pyotp.TOTP(await second_factors.enrol(lin.id, NOON))

    assert not await second_factors.accept(lin.id, lost.at(NOON), NOON)
    assert await second_factors.accept(lin.id, fresh.at(NOON), NOON)
    assert await Totp.all().count() == 1


async def test_the_secret_is_sealed_and_outlives_a_change_of_the_servers_key() -> None:
    lin = await factories.person("lin")
    secret = await second_factors.enrol(lin.id, NOON)
    keys = {**KEYRING.keys, "next": b"n" * 32}
    secrets.install(secrets.Keyring(current="next", keys=keys))

    assert secret.encode() not in (await Totp.get()).sealed_secret
    assert await second_factors.accept(lin.id, pyotp.TOTP(secret).at(NOON), NOON)


def test_the_app_reads_whose_secret_it_is() -> None:
    uri = urlsplit(second_factors.provisioning_uri("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", "lin"))

    assert (uri.scheme, uri.netloc, uri.path) == ("otpauth", "totp", "/uPay:lin")
    assert parse_qs(uri.query) == {
        "secret": ["JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"],
        "issuer": ["uPay"],
    }
