"""What uPay writes into a receive code, and how it knows its own again."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from domain import amounts, secrets
from domain.money import MinorUnits
from domain.receive_codes import spelling, tlv
from domain.receive_codes.refusals import (
    CodeAmountDiffers,
    QrExpired,
    QrForeign,
    QrInvalid,
    QrTampered,
)

GUID: Final = "APP.UPAY"
"""uPay's name among all issuers of such codes: a domain, backwards."""

MAC_CHARS: Final = 24
"""How much of the HMAC-SHA256 a code carries: 120 bits in base32."""

STATIC, DYNAMIC = "11", "12"
NO_CATEGORY: Final = "0000"
NO_CITY: Final = "ONLINE"

_PURPOSE: Final = "receive-code"
_OURS: Final = "26"
_SEAL: Final = "80"
# Ids at which any issuer may put a template of its own.
_PRIVATE: Final = frozenset(f"{id:02}" for id in (*range(26, 52), *range(80, 100)))


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
    key_id = secrets.current_key_id()
    seal = [("00", GUID), ("01", key_id.upper())]
    if code.expires_at is not None:
        seal.append(("02", str(int(code.expires_at.timestamp()))))
    # Written with an empty place first: what is signed ends where the signature begins.
    blank = tlv.joined(
        [*_fields(code, payee), (_SEAL, tlv.joined([*seal, ("03", "0" * MAC_CHARS)]))]
    )
    signed = blank[:-MAC_CHARS]
    return tlv.closed(signed + _mac(signed, key_id))


def read(text: str, now: datetime) -> ReceiveCode:
    """What a scanned text says, if this uPay wrote it and its time is not over.

    Raises:
        QrInvalid: it is no payment code, or was not read whole.
        QrForeign: it is one of somebody else.
        QrTampered: it claims to be ours and is not, or is another uPay's.
        QrExpired: its time is over.
    """
    try:
        fields = tlv.opened(text)
    except tlv.Unreadable:
        raise QrInvalid from None
    if not any(_template(fields, id).get("00") == GUID for id in _PRIVATE & fields.keys()):
        raise QrForeign
    if not _is_genuine(text, fields):
        raise QrTampered
    code = _understood(fields)
    if code.expires_at is not None and code.expires_at <= now:
        raise QrExpired
    return code


def _fields(code: ReceiveCode, payee: str) -> list[tuple[str, str]]:
    ours = [("00", GUID), ("01", code.token)]
    if code.note:
        ours.append(("02", code.note))
    fields = [
        ("00", "01"),
        ("01", STATIC if code.amount is None else DYNAMIC),
        (_OURS, tlv.joined(ours)),
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


def _is_genuine(text: str, fields: dict[str, str]) -> bool:
    """Whether a key of ours signed all that comes before the signature."""
    key_id = _template(fields, _SEAL).get("01", "").lower()
    if key_id not in secrets.key_ids():
        return False
    signed, shown = text[: -MAC_CHARS - tlv.CLOSING_CHARS], text[: -tlv.CLOSING_CHARS]
    return secrets.is_same(shown, signed + _mac(signed, key_id))


def _understood(fields: dict[str, str]) -> ReceiveCode:
    """The fields of a code whose signature was right: they are as `write` writes them."""
    ours, seal = _template(fields, _OURS), _template(fields, _SEAL)
    amount, ends = fields.get("54"), seal.get("02")
    return ReceiveCode(
        token=ours["01"],
        currency=spelling.currency_read(fields["53"]),
        amount=None if amount is None else spelling.amount_read(amount),
        note=ours.get("02", ""),
        expires_at=None if ends is None else datetime.fromtimestamp(int(ends), UTC),
    )


def _template(fields: dict[str, str], id: str) -> dict[str, str]:
    """The fields inside a field; none when there is nothing to read, as in many foreign codes."""
    try:
        return tlv.split(fields.get(id, ""))
    except tlv.Unreadable:
        return {}


def _mac(signed: str, key_id: str) -> str:
    made = secrets.mac(_PURPOSE, signed.encode(), key_id=key_id)
    return base64.b32encode(made).decode()[:MAC_CHARS]
