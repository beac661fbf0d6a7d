"""The policy file: what the operator lets leave a wallet, read before anything is started."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from domain.limits import policies
from domain.limits.policies import Policy
from server.refusals import Refused
from server.settings import Settings

SHIPPED: Final = Path(__file__).parents[1] / "policies" / "limits.toml"


def read(settings: Settings) -> Policy:
    """The policy of the file that the operator names, else of the one that comes with uPay.

    Raises:
        Refused: with what is wrong with the file.
    """
    path = settings.limits_file or SHIPPED
    try:
        with path.open("rb") as file:
            # A byte more than fits, so that a longer file is told from one that fits.
            text = file.read(policies.MAX_BYTES + 1).decode("utf-8")
        return policies.parse(text)
    except OSError as error:
        raise Refused(f"The limits in {path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise Refused(f"The limits in {path} cannot be read: they are not UTF-8.") from error
    except policies.PolicyInvalid as error:
        raise Refused(f"The limits in {path} are wrong: {error}.") from error
