"""Why a bank account or card is not added, not verified, not removed, or not used."""

from __future__ import annotations

from datetime import datetime

from domain.refusals import Refusal
from models.bank_accounts import BankAccountStatus


class BankAccountUnusable(Refusal):
    """Nothing can be taken from it or paid to it; `status` says why.

    VERIFIED is said of a card that has expired.
    """

    def __init__(self, status: BankAccountStatus) -> None:
        super().__init__("This bank account cannot be used.")
        self.status = status


class BankAccountCooling(Refusal):
    """It was added lately: until `until` nothing is paid out to it."""

    def __init__(self, until: datetime) -> None:
        super().__init__("This bank account was added only lately.")
        self.until = until


class BankAccountsUnavailable(Refusal):
    """No payment provider is connected that could look at one."""

    def __init__(self) -> None:
        super().__init__("No payment provider is connected.")


class NumberInvalid(Refusal):
    """No bank of that country has an account with such a number."""

    def __init__(self) -> None:
        super().__init__("This is not the number of a bank account.")


class BankNameInvalid(Refusal):
    """The bank's name is empty, longer than 64 characters, or has some that cannot be seen."""

    def __init__(self) -> None:
        super().__init__("This is not the name of a bank.")


class CardNumberShown(Refusal):
    """The number of a card was typed, which must never come here."""

    def __init__(self) -> None:
        super().__init__("Card numbers are not to be sent here.")


class CardInvalid(Refusal):
    """What was said of a card makes no sense: its token, its last digits, or its last month."""

    def __init__(self) -> None:
        super().__init__("This is not a card.")


class CardExpired(Refusal):
    """Its last month is over."""

    def __init__(self) -> None:
        super().__init__("This card has expired.")


class HolderInvalid(Refusal):
    """The holder's name is empty, too long, or has characters that cannot be seen."""

    def __init__(self) -> None:
        super().__init__("This is not the name of a holder.")


class HolderDiffers(Refusal):
    """It is somebody else's: the holder's name is not the one that was proved here."""

    def __init__(self) -> None:
        super().__init__("This bank account is in another name.")


class AlreadyAdded(Refusal):
    """The owner has this one already."""

    def __init__(self) -> None:
        super().__init__("This bank account was added before.")


class TooManyBankAccounts(Refusal):
    """There are ten already, or ten were added within a day."""

    def __init__(self) -> None:
        super().__init__("There are too many bank accounts.")


class GuessedTooOften(Refusal):
    """The small amount was guessed wrong too often; it may be added anew at `again_at`."""

    def __init__(self, again_at: datetime) -> None:
        super().__init__("The amount was guessed wrong too often.")
        self.again_at = again_at


class NothingToVerify(Refusal):
    """No amount was sent to it that could be told."""

    def __init__(self) -> None:
        super().__init__("No amount is awaited for this bank account.")


class InUse(Refusal):
    """Money is on its way to it or from it."""

    def __init__(self) -> None:
        super().__init__("Money is under way to this bank account.")
