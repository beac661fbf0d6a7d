"""The policy of passwords, as an operator sets it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager

from domain import passwords
from domain.passwords import Policy, Profile
from server.refusals import Refused
from server.settings import Settings


@contextmanager
def installed(settings: Settings) -> Iterator[None]:
    """This process follows the policy of the settings during the block.

    Raises:
        Refused: the block list cannot be used, with what to do about it.
    """
    with _policy(settings) as policy:
        passwords.install(policy)
        try:
            yield
        finally:
            passwords.install(None)


def refuse_unusable(settings: Settings) -> None:
    """Looks at the block list once, so that a server that starts says at once what is wrong.

    Raises:
        Refused: it cannot be used.
    """
    with _policy(settings):
        pass


@contextmanager
def _policy(settings: Settings) -> Iterator[Policy]:
    profile, file = Profile(settings.password_profile), settings.password_block_list
    if file is None:
        yield Policy(profile)
        return
    try:
        block_list = passwords.block_list(file)
    except passwords.BlockListUnusable as error:
        raise Refused(
            f"UPAY_PASSWORD_BLOCK_LIST names {file}, and {error}; correct it, or leave the setting "
            "away."
        ) from None
    with closing(block_list):
        yield Policy(profile, block_list)
