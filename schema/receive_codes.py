"""Receive codes: texts and pictures that others scan to pay into a wallet."""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from typing import Annotated, Final

import strawberry

from domain import receive_codes
from models.people import Person
from schema import pictures
from schema.context import Info
from schema.money import CurrencyCode, Money, MoneyInput, money
from schema.payees import Payee
from schema.problems import money as problems
from schema.problems import receive_codes as code_problems
from schema.texts import Text

_TITLE: Final = Text(en="Code to be paid by", zh="收款码")


@strawberry.enum(description="How long a code with an amount can be paid.")
class ReceiveCodeLife(Enum):
    FIFTEEN_MINUTES = receive_codes.Life.FIFTEEN_MINUTES
    ONE_HOUR = receive_codes.Life.ONE_HOUR
    ONE_DAY = receive_codes.Life.ONE_DAY
    ONE_WEEK = receive_codes.Life.ONE_WEEK


@strawberry.input
class CreateReceiveCodeInput:
    wallet_id: strawberry.ID = strawberry.field(description="The wallet to be paid into; yours.")
    amount: MoneyInput | None = strawberry.field(
        default=None, description="What payers pay, each of them; without it they choose."
    )
    note: str = strawberry.field(
        default="",
        description="At most 40 characters. Anybody who sees the code can read it, and it becomes "
        "the note of a payment whose payer writes none.",
    )
    life: ReceiveCodeLife = strawberry.field(
        default=ReceiveCodeLife.FIFTEEN_MINUTES,
        description="Only for a code with an amount; one without lasts until it is replaced.",
    )


@strawberry.input
class ReplaceReceiveCodeInput:
    wallet_id: strawberry.ID = strawberry.field(description="The wallet whose codes end; yours.")


@strawberry.type(
    description="A code to be paid by. It can be paid more than once until it expires or is "
    "replaced; ask for the wallet's movements to see who paid."
)
class ReceiveCode:
    text: str = strawberry.field(description="What the picture holds, as EMVCo's payment codes.")
    currency: CurrencyCode
    amount: Money | None = strawberry.field(description="Null when the payer chooses.")
    note: str
    expires_at: datetime | None = strawberry.field(
        description="Null when it lasts until it is replaced."
    )

    @strawberry.field(
        description="The picture: a QR code as SVG, scaled by whoever shows it, with the white "
        "edge that scanners need."
    )
    async def svg(self, info: Info) -> str:
        return await pictures.qr_code(self.text, _TITLE.said(info.context.language))

    @classmethod
    def of(cls, written: receive_codes.Written) -> ReceiveCode:
        code = written.code
        return cls(
            text=written.text,
            currency=CurrencyCode(code.currency),
            amount=None if code.amount is None else money(code.amount, code.currency),
            note=code.note,
            expires_at=code.expires_at,
        )


@strawberry.type(description="What a scanned code asks for. Nothing moved: see `prepareTransfer`.")
class ScannedCode:
    payee: Payee
    currency: CurrencyCode = strawberry.field(description="Pay from your wallet in this currency.")
    amount: Money | None = strawberry.field(
        description="What it must be; null when you choose the amount."
    )
    note: str
    expires_at: datetime | None

    @classmethod
    def of(cls, code: receive_codes.ReceiveCode, person: Person) -> ScannedCode:
        return cls(
            payee=Payee.of(person),
            currency=CurrencyCode(code.currency),
            amount=None if code.amount is None else money(code.amount, code.currency),
            note=code.note,
            expires_at=code.expires_at,
        )


@strawberry.type(description="Here is the code; show it to whoever is to pay.")
class ReceiveCodeCreated:
    receive_code: ReceiveCode


@strawberry.type(description="All codes of the wallet are void, printed ones too; here is another.")
class ReceiveCodeReplaced:
    receive_code: ReceiveCode


ScannedCodeResult = Annotated[
    ScannedCode
    | problems.PayeeNotFound
    | problems.SelfPayment
    | code_problems.QrInvalid
    | code_problems.QrForeign
    | code_problems.QrTampered
    | code_problems.QrExpired
    | code_problems.QrOfAnotherKind,
    strawberry.union("ScannedCodeResult"),
]
CreateReceiveCodeResult = Annotated[
    ReceiveCodeCreated
    | problems.AmountInvalid
    | problems.CurrencyMismatch
    | code_problems.CodeNoteInvalid
    | problems.WalletClosed,
    strawberry.union("CreateReceiveCodeResult"),
]
ReplaceReceiveCodeResult = Annotated[
    ReceiveCodeReplaced | problems.WalletClosed, strawberry.union("ReplaceReceiveCodeResult")
]
