"""What the pages say that show what a merchant wants to be paid."""

from __future__ import annotations

from typing import Final

from schema.texts import Text

ORDER_TITLE: Final = Text(en="{amount} to {merchant}", zh="向{merchant}付款 {amount}")
MERCHANT_TITLE: Final = Text(en="Pay {merchant}", zh="向{merchant}付款")
SCAN: Final = Text(
    en="Scan this with uPay, look at what it says, and confirm.",
    zh="请用 uPay 扫码，核对信息后确认付款。",
)
SCAN_AND_TYPE: Final = Text(
    en="Scan this with uPay, type the amount, and confirm.",
    zh="请用 uPay 扫码，输入金额后确认付款。",
)
OPEN: Final = Text(en="Open in uPay", zh="在 uPay 中打开")
NUMBER: Final = Text(en="Order number {number}", zh="订单号 {number}")
CODE: Final = Text(en="QR code for uPay", zh="uPay 付款二维码")
PAID: Final = Text(en="This order is paid.", zh="该订单已支付。")
CLOSED: Final = Text(en="This order is closed. Nothing was charged.", zh="该订单已关闭，未扣款。")
EXPIRED: Final = Text(
    en="This order has expired. Ask the merchant for another one.",
    zh="该订单已过期，请联系商户重新下单。",
)
UNAVAILABLE: Final = Text(en="This merchant takes no payments at present.", zh="该商户暂停收款。")
TEST: Final = Text(
    en="This is a test: no real money moves.", zh="这是测试环境，不会产生真实资金往来。"
)
UNKNOWN_TITLE: Final = Text(en="There is nothing to pay here", zh="这里没有可支付的订单")
UNKNOWN: Final = Text(
    en="The address is wrong, or the code was replaced. Ask the merchant for another one.",
    zh="链接有误，或二维码已更换。请向商户索取新的链接。",
)
