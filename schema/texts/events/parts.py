"""What is said of something that happened, and of when, where and with what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from schema.texts import Text


@dataclass(frozen=True, slots=True)
class EventText:
    """The words for one kind of event: `title` heads a letter or a row of the list, `text` says it.

    With `sms` it also goes to telephones: what could take an account away, and cannot wait for
    somebody to read their mail. No link is in it, since a text message shows nothing to know us by.
    """

    title: Text
    text: Text
    sms: Text | None = None


def sms(en: str, zh: str) -> Text:
    """One line for a telephone, with what to do if it was somebody else."""
    return Text(
        en=f"uPay: {en} Not you? Open uPay and freeze your payments at once.",
        zh=f"【uPay】{zh}如非本人操作，请立即打开 uPay 冻结支付。",
    )


WAS_IT_YOU: Final = Text(
    en=(
        "If this was not you, stop all payments from your wallets here:\n"
        "{link}\n"
        "The link opens a page and does nothing until you confirm there; it works for seven days. "
        "Then change your password."
    ),
    zh=(
        "如非您本人操作，请立即冻结您的支付：\n"
        "{link}\n"
        "链接七天内有效，打开后经您确认才会生效。随后请修改登录密码。"
    ),
)
WAS_IT_YOU_WITHOUT_A_LINK: Final = Text(
    en="If this was not you, freeze your payments in uPay at once and change your password.",
    zh="如非您本人操作，请立即在 uPay 中冻结支付，并修改登录密码。",
)

ANSWER_HERE: Final = Text(
    en=(
        "Say here whether it was you:\n"
        "{link}\n"
        "The link opens a page and does nothing until you answer there; it works for a day."
    ),
    zh=("请在此确认是否本人操作：\n{link}\n链接一天内有效，打开后由您确认才会生效。"),
)
ANSWER_IN_UPAY: Final = Text(
    en="Open uPay and say whether it was you.", zh="请打开 uPay，确认是否本人操作。"
)

WHEN: Final = Text(en="When: {at} ({zone})", zh="时间：{at}（{zone}）")
ADDRESS: Final = Text(en="From: {address}", zh="网络地址：{address}")
DEVICE: Final = Text(en="Device: {device}", zh="设备：{device}")
CONTACT: Final = Text(en="Contact: {contact}", zh="联系方式：{contact}")
BANK_ACCOUNT: Final = Text(
    en="Bank account or card: {bank_account}", zh="银行账户或银行卡：{bank_account}"
)
NAME: Final = Text(en="Name: {name}", zh="名称：{name}")
MERCHANT: Final = Text(en="Merchant: {merchant}", zh="商户：{merchant}")
HOST: Final = Text(en="Endpoint at: {host}", zh="接收地址：{host}")
LEFT: Final = Text(en="Recovery codes left: {left}", zh="剩余恢复码：{left} 个")
AMOUNT: Final = Text(en="Amount: {amount}", zh="金额：{amount}")
UNTIL: Final = Text(en="Until: {at}", zh="截止时间：{at}")
LOOKED_AT_FROM: Final = Text(en="Looked at from: {at}", zh="最早审核时间：{at}")
TAKES_EFFECT: Final = Text(en="Takes effect: {at}", zh="生效时间：{at}")
