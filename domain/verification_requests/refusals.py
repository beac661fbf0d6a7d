"""Why a request to be verified, or a decision about one, is refused."""

from __future__ import annotations

from domain.refusals import Refusal


class FullNameInvalid(Refusal):
    """Empty, longer than 64 characters, or with characters that cannot be seen."""

    def __init__(self) -> None:
        super().__init__("A full name is 1 to 64 visible characters.")


class IdNumberInvalid(Refusal):
    """Missing where the level needs one, or not the number of an identity paper."""

    def __init__(self) -> None:
        super().__init__("This is not the number of an identity paper.")


class PapersMissing(Refusal):
    """The level takes `needed` papers."""

    def __init__(self, needed: int) -> None:
        super().__init__("More papers are needed for this level.")
        self.needed = needed


class VerificationUnderWay(Refusal):
    """An earlier request of this person waits for an agent."""

    def __init__(self) -> None:
        super().__init__("A request is waiting already.")


class LevelReached(Refusal):
    """The person is verified that far, or there is no such level; `level` is theirs."""

    def __init__(self, level: int) -> None:
        super().__init__("This level is reached already.")
        self.level = level


class AlreadyDecided(Refusal):
    """Another agent was faster."""

    def __init__(self) -> None:
        super().__init__("This request was decided before.")
