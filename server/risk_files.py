"""The rules of risk and the list of places, read once before anything is started."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from domain.risk import places, policy
from domain.risk.places import Places
from domain.risk.policy import Policy
from server.refusals import Refused
from server.settings import Settings

SHIPPED: Final = Path(__file__).parents[1] / "policies" / "risk.toml"
MAX_BYTES: Final = 256 * 1024


@dataclass(frozen=True, slots=True)
class RiskFiles:
    """What every process of a server judges by, for as long as it runs."""

    policy: Policy = policy.NO_RULES
    places: Places = places.NOWHERE


def read(settings: Settings) -> RiskFiles:
    """The rules that the operator names, else those that come with uPay; and their places, if any.

    Raises:
        Refused: with what is wrong with a file.
    """
    path = settings.risk_file or SHIPPED
    try:
        with path.open("rb") as file:
            # A byte more than fits, so that a longer file is told from one that fits.
            text = file.read(MAX_BYTES + 1)
        if len(text) > MAX_BYTES:
            raise policy.PolicyInvalid(f"it is longer than {MAX_BYTES} bytes")
        return RiskFiles(policy.parsed(text.decode("utf-8")), _places(settings.places))
    except OSError as error:
        raise Refused(f"The rules in {path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise Refused(f"The rules in {path} cannot be read: they are not UTF-8.") from error
    except policy.PolicyInvalid as error:
        raise Refused(f"The rules in {path} are wrong: {error}.") from error


def _places(path: Path | None) -> Places:
    if path is None:
        return places.NOWHERE
    try:
        with path.open(encoding="utf-8") as lines:
            return places.parsed(lines)
    except OSError as error:
        raise Refused(f"The places in {path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise Refused(f"The places in {path} cannot be read: they are not UTF-8.") from error
    except places.PlacesInvalid as error:
        raise Refused(f"The places in {path} are wrong: {error}.") from error


def said(files: RiskFiles) -> str:
    """What these files come to, for whoever looks after the server."""
    names = {rule.name for rule in files.policy.rules}
    lost = sorted(set(files.policy.blind_without_places) if not files.places.networks else ())
    about = f"{len(names)} in force, as {files.policy.digest or 'none'}"
    if lost:
        return f"{about}; without UPAY_PLACES never hits: {', '.join(lost)}"
    return about
