"""What uPay writes into a receive code, and how it reads one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from domain import amounts
from domain.codes import QrOfAnotherKind, seals, spelling, tlv
from domain.money import MinorUnits
from domain.receive_codes.refusals import CodeAmountDiffers

STATIC, DYNAMIC = "11", "12"
NO_CATEGORY: Final = "0000"
NO_CITY: Final = "ONLINE"


@dataclass(frozen=True, slots=True)
class ReceiveCode:
    """What a code says.

    `token` stands for the wallet to be paid into, `amount` is in minor units of `currency`, None
    when the payer chooses it. `expires_at` is in whole seconds, None for a code that lasts until
    it is replaced.
    """

    token: str
    currency: str
    amount: MinorUnits | None = None
    note: str = ""
    expires_at: datetime | None = None

    def agreed(self, amount: int | None, currency: str | None) -> tuple[int | None, str]:
        """What to pay: the code's amount, or the payer's where the code names none.

        Raises:
            CodeAmountDiffers: the payer names another amount than the code.
            CurrencyMismatch: the payer names a currency that the code is not for.
        """
        if self.amount is None:
            if currency not in {None, self.currency}:
                raise amounts.CurrencyMismatch(str(currency), self.currency)
            return amount, self.currency
        if amount is not None and (amount, currency) != (self.amount, self.currency):
            raise CodeAmountDiffers(self.amount, self.currency)
        return self.amount, self.currency


def write(code: ReceiveCode, *, payee: str) -> str:
    """The text of the code, signed with the current key.

    `payee` is the name anybody may see who holds the code.

    Raises:
        ValueError: amount or note has no room; whoever makes a code has checked them.
    """
    return seals.closed(_fields(code, payee), expires_at=code.expires_at)


def read(text: str, now: datetime) -> ReceiveCode:
    """What a scanned text says, if this uPay wrote it and its time is not over.

    Raises:
        QrInvalid, QrForeign, QrTampered: see `codes.seals.opened`.
        QrOfAnotherKind: it asks to pay a merchant.
        QrExpired: its time is over.
    """
    fields = seals.opened(text)
    if not is_ours(fields):
        raise QrOfAnotherKind
    ours, amount = seals.template(fields, seals.OURS), fields.get("54")
    return ReceiveCode(
        token=ours["01"],
        currency=spelling.currency_read(fields["53"]),
        amount=None if amount is None else spelling.amount_read(amount),
        note=ours.get("02", ""),
        expires_at=seals.end(fields, now),
    )


def is_ours(fields: dict[str, str]) -> bool:
    """Whether a code of this uPay, by its fields, asks to pay a person."""
    return "01" in seals.template(fields, seals.OURS)


def _fields(code: ReceiveCode, payee: str) -> list[tuple[str, str]]:
    ours = [("00", seals.GUID), ("01", code.token)]
    if code.note:
        ours.append(("02", code.note))
    fields = [
        ("00", "01"),
        ("01", STATIC if code.amount is None else DYNAMIC),
        (seals.OURS, tlv.joined(ours)),
        ("52", NO_CATEGORY),
        ("53", spelling.currency(code.currency)),
        ("58", spelling.country(code.currency)),
        ("59", spelling.latin_name(payee)),
        ("60", NO_CITY),
    ]
    if code.amount is not None:
        fields.insert(5, ("54", spelling.amount(code.amount, code.currency) or ""))
    chinese = spelling.chinese_name(payee)
    if chinese is not None:
        fields.append(("64", tlv.joined([("00", "ZH"), ("01", chinese)])))
    return fields
