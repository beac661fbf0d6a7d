"""The operator's policy is in force once the server answers, or the server says what is wrong."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from models.limits import LimitPolicy
from server import foundations, limit_policies
from server.embedded.postgres import DatabaseUrls
from server.refusals import Refused
from server.settings import Settings
from tests.server.servers import ran

SHIPPED: Final = limit_policies.SHIPPED.read_text("utf-8")


def settings(path: Path) -> Settings:
    return Settings.read({"UPAY_LIMITS_FILE": str(path)})


def test_without_a_file_of_its_own_a_server_has_the_shipped_policy() -> None:
    policy = limit_policies.read(Settings.read({}))

    assert policy[0, "CNY"].single == 500_000


def test_a_file_that_is_not_there_or_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "bytes.toml").write_bytes(b"\xff\xfe")

    for name, why in (
        ("nowhere.toml", "No such file"),
        ("bytes.toml", "not UTF-8"),
        (".", "directory"),
    ):
        with pytest.raises(Refused, match=why) as refused:
            limit_policies.read(settings(tmp_path / name))
        assert str(tmp_path) in str(refused.value)


async def test_what_a_server_installs_is_in_force(tmp_path: Path, database: DatabaseUrls) -> None:
    path = tmp_path / "limits.toml"
    path.write_text(SHIPPED.replace("single = 500_000", "single = 499_999"), "utf-8")

    await foundations.install(limit_policies.read(settings(path)), database)

    assert (await LimitPolicy.get(level=0, currency="CNY")).single == 499_999


@pytest.mark.slow
def test_a_server_with_a_wrong_policy_says_so_and_starts_nothing(tmp_path: Path) -> None:
    path = tmp_path / "limits.toml"
    path.write_text(SHIPPED.replace("single = 500_000", "single = lots"), "utf-8")

    data = tmp_path / "data"
    ended = ran(tmp_path, "serve", UPAY_PORT="0", UPAY_LIMITS_FILE=str(path), UPAY_DATA=str(data))

    assert ended.returncode != 0
    said = ended.stdout + ended.stderr
    assert f"The limits in {path} are wrong: it is not TOML" in said
    assert "Traceback" not in said
    assert not data.exists()
