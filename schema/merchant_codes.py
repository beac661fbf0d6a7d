"""Codes that merchants show: of one order, and lasting ones; and what a customer scanned."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Final
from uuid import UUID

import strawberry

from domain import merchant_codes, scans
from models import merchant_codes as rows
from models.merchants import Merchant
from models.orders import Order as OrderRow
from schema import ids, pages, pictures
from schema.context import Info
from schema.merchant_profiles import MerchantProfile
from schema.money import CurrencyCode
from schema.orders import Order
from schema.problems import merchant_codes as problems
from schema.problems import money as money_problems
from schema.problems import orders as order_problems
from schema.problems import receive_codes as code_problems
from schema.receive_codes import ScannedCode
from schema.texts import Text

_TITLE: Final = Text(en="Code to pay {name} by", zh="向{name}付款的二维码")


@strawberry.type(description="A text for scanners, and pictures of it.")
class PayableCode:
    text: str = strawberry.field(description="What the pictures hold, as EMVCo's payment codes.")
    link: str = strawberry.field(
        description="A page that shows the same to whoever has no scanner; any camera opens it."
    )
    merchant_name: strawberry.Private[str]

    @strawberry.field(
        description="The picture: a QR code as SVG, scaled by whoever shows it, with the white "
        "edge that scanners need."
    )
    async def svg(self, info: Info) -> str:
        title = _TITLE.said(info.context.language, name=self.merchant_name)
        return await pictures.qr_code(self.text, title)

    @strawberry.field(description="The same as a PNG in base64, eight pixels a module.")
    async def png(self) -> str:
        return await pictures.qr_code_pixels(self.text)


def code_of_order(order: OrderRow, merchant: Merchant, info: Info) -> PayableCode | None:
    """The order's code, while it could be paid and its amount has room."""
    context = info.context
    text = merchant_codes.write_for_order(order, merchant, livemode=context.livemode)
    if text is None:
        return None
    link = merchant_codes.order_link(context.public_url, order.number)
    return PayableCode(text=text, link=link, merchant_name=merchant.name)


@strawberry.type(
    description="A code that hangs at a till: its payers type the amount, and it lasts until it "
    "is replaced."
)
class MerchantCode:
    id: strawberry.ID
    currency: CurrencyCode
    store: str = strawberry.field(description="Your own word for the store; may be empty.")
    till: str = strawberry.field(description="Your own word for the till; may be empty.")
    code: PayableCode
    created_at: datetime
    replaced_at: datetime | None = strawberry.field(
        description="When what hung there before became void; null when nothing did."
    )
    livemode: bool = strawberry.field(description="False on a demo or a test server.")

    @classmethod
    def of(cls, row: rows.MerchantCode, merchant: Merchant, info: Info) -> MerchantCode:
        context = info.context
        return cls(
            id=strawberry.ID(ids.public(ids.Prefix.MERCHANT_CODE, row.id)),
            currency=CurrencyCode(row.currency),
            store=row.store,
            till=row.till,
            code=PayableCode(
                text=merchant_codes.write_static(row, merchant, livemode=context.livemode),
                link=merchant_codes.static_link(context.public_url, row.token),
                merchant_name=merchant.name,
            ),
            created_at=row.created_at,
            replaced_at=None if row.made_at == row.created_at else row.made_at,
            livemode=context.livemode,
        )


@strawberry.input
class CreateMerchantCodeInput:
    currency: CurrencyCode
    store: str = strawberry.field(
        default="", description="At most 25 characters; anybody who scans it can read it."
    )
    till: str = strawberry.field(
        default="", description="At most 25 characters; anybody who scans it can read it."
    )
    merchant_id: strawberry.ID | None = strawberry.field(
        default=None, description="Which merchant, for a person who works there; a key is of one."
    )


@strawberry.input
class ReplaceMerchantCodeInput:
    code_id: strawberry.ID
    merchant_id: strawberry.ID | None = strawberry.field(
        default=None, description="Which merchant, for a person who works there; a key is of one."
    )


@strawberry.type(description="Here is the code for this place; asked for again it is the same.")
class MerchantCodeCreated:
    merchant_code: MerchantCode


@strawberry.type(description="What hangs at this place is void; here is another.")
class MerchantCodeReplaced:
    merchant_code: MerchantCode


@strawberry.type(
    description="A merchant's order: see its status, and `preparePayment`. Nothing moved."
)
class ScannedOrder:
    order: Order


@strawberry.type(
    description="A merchant's lasting code: you type the amount for `preparePayment`. Nothing "
    "moved."
)
class ScannedMerchantCode:
    merchant: MerchantProfile
    currency: CurrencyCode = strawberry.field(description="Pay from your wallet in this currency.")
    label: str = strawberry.field(description="Where it hangs, in the merchant's words.")


def scanned(found: scans.Scanned, info: Info) -> ScannedCode | ScannedOrder | ScannedMerchantCode:
    """What was scanned, as whoever scanned it may see it."""
    match found:
        case scans.PersonScanned(code, person):
            return ScannedCode.of(code, person)
        case scans.OrderScanned(order, merchant):
            return ScannedOrder(order=Order.of(order, merchant, info))
        case scans.MerchantScanned(code, merchant):
            return ScannedMerchantCode(
                merchant=MerchantProfile.of(merchant),
                currency=CurrencyCode(code.currency),
                label=merchant_codes.StaticCode.of(code).label,
            )


async def codes_of(
    merchant_id: UUID, first: int, after: str | None, info: Info
) -> pages.Connection[MerchantCode]:
    """A page of a merchant's lasting codes, newest first."""
    merchant = await Merchant.get(id=merchant_id)
    found = await merchant_codes.page(
        merchant_id, limit=pages.size(first) + 1, after=pages.parse_cursor(after)
    )
    return pages.page(
        [(row.created_at, row.id) for row in found],
        [MerchantCode.of(row, merchant, info) for row in found],
        first,
        after,
    )


ReadCodeResult = Annotated[
    ScannedCode
    | ScannedOrder
    | ScannedMerchantCode
    | code_problems.QrInvalid
    | code_problems.QrForeign
    | code_problems.QrTampered
    | code_problems.QrExpired
    | money_problems.PayeeNotFound
    | money_problems.SelfPayment
    | order_problems.OrderNotFound,
    strawberry.union("ReadCodeResult"),
]
CreateMerchantCodeResult = Annotated[
    MerchantCodeCreated
    | money_problems.CurrencyNotOffered
    | problems.LabelInvalid
    | problems.TooManyMerchantCodes,
    strawberry.union("CreateMerchantCodeResult"),
]
ReplaceMerchantCodeResult = Annotated[
    MerchantCodeReplaced, strawberry.union("ReplaceMerchantCodeResult")
]
