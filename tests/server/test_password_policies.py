"""The policy of passwords as an operator sets it, and what a server says that cannot follow it."""

from __future__ import annotations

from pathlib import Path

import pytest

from domain import passwords
from domain.passwords import Owner, PasswordTooWeak, Profile
from server import password_policies
from server.refusals import Refused
from server.settings import Settings, SettingsRefused
from tests.server.servers import ran


def test_a_server_follows_the_profile_of_its_settings_while_it_is_open() -> None:
    settings = Settings.read({"UPAY_PASSWORD_PROFILE": "nist"})

    with password_policies.installed(settings):
        inside = passwords.policy()

    assert (inside.profile, inside.block_list) == (Profile.NIST, None)
    assert passwords.policy().profile is Profile.CLASSES


async def test_a_server_refuses_what_its_operator_lists(tmp_path: Path) -> None:
    file = tmp_path / "not-here.txt"
    file.write_text("river-stone-42x\n")
    settings = Settings.read({"UPAY_PASSWORD_BLOCK_LIST": str(file)})

    with password_policies.installed(settings), pytest.raises(PasswordTooWeak):
        await passwords.check("river-stone-42x", Owner())
    await passwords.check("river-stone-42x", Owner())


def test_a_profile_that_is_none_is_refused() -> None:
    with pytest.raises(SettingsRefused, match="it must be one of classes, nist"):
        Settings.read({"UPAY_PASSWORD_PROFILE": "strict"})


@pytest.mark.parametrize(
    ("content", "why"), [("", "it is empty"), (None, "it cannot be read (No such file")]
)
def test_a_list_that_cannot_be_used_is_refused_with_what_to_do(
    tmp_path: Path, content: str | None, why: str
) -> None:
    file = tmp_path / "list.txt"
    if content is not None:
        file.write_text(content)
    settings = Settings.read({"UPAY_PASSWORD_BLOCK_LIST": str(file)})

    with pytest.raises(Refused) as refused:
        password_policies.refuse_unusable(settings)

    assert str(refused.value).startswith(f"UPAY_PASSWORD_BLOCK_LIST names {file}, and {why}")
    assert str(refused.value).endswith("correct it, or leave the setting away.")


@pytest.mark.slow
def test_a_server_does_not_start_with_a_list_that_cannot_be_used(tmp_path: Path) -> None:
    refused = ran(tmp_path, "serve", UPAY_PORT="0", UPAY_PASSWORD_BLOCK_LIST="/nowhere")

    assert refused.returncode != 0
    assert "UPAY_PASSWORD_BLOCK_LIST names /nowhere, and it cannot be read" in refused.stderr
    assert "Traceback" not in refused.stderr
