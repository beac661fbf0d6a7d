"""What can be wrong with a webhook endpoint, or with what is to be sent to it again."""

from __future__ import annotations

from typing import Final

from schema.catalogue.entries import Entry, RetryAdvice
from schema.texts import Text

WEBHOOKS: Final = (
    Entry(
        code="WEBHOOK_URL_INVALID",
        meaning="The url is not https on a usual port with a whole host name: it has a password, "
        "a fragment, unusual characters or another scheme, or is longer than 2,048 characters.",
        retry=RetryAdvice.AFTER_FIX,
        text=Text(en="Webhooks cannot be sent to this address.", zh="该地址不能用于接收 Webhook。"),
        step=Text(
            en="Use an https address without a password, such as https://shop.example/hooks.",
            zh="请使用不含密码的 https 地址，例如 https://shop.example/hooks。",
        ),
    ),
    Entry(
        code="WEBHOOK_URL_REFUSED",
        meaning="The host has no address, or not only public ones; which of both is not said.",
        retry=RetryAdvice.AFTER_FIX,
        text=Text(
            en="uPay cannot reach this address on the public internet.",
            zh="uPay 无法通过公网访问该地址。",
        ),
        step=Text(
            en="Use an address that everybody can reach on port 443 or 8443.",
            zh="请使用公网可访问的地址，端口为 443 或 8443。",
        ),
    ),
    Entry(
        code="WEBHOOK_EVENTS_INVALID",
        meaning="No pattern of events was given, more than 32, or one that no event fits.",
        retry=RetryAdvice.AFTER_FIX,
        text=Text(en="These events do not exist.", zh="事件类型不存在。"),
        step=Text(
            en="Name events such as payment.captured or payment.*, or * for all.",
            zh="请填写 payment.captured、payment.* 等事件类型，或用 * 表示全部。",
        ),
    ),
    Entry(
        code="WEBHOOK_DESCRIPTION_INVALID",
        meaning="The description is longer than 140 characters or has characters that cannot be "
        "seen.",
        retry=RetryAdvice.AFTER_FIX,
        text=Text(
            en="The description is too long or contains unusual characters.",
            zh="说明过长或含有特殊字符。",
        ),
        step=Text(
            en="Shorten it to 140 ordinary characters.",
            zh="请控制在 140 字以内，并去掉特殊字符。",
        ),
    ),
    Entry(
        code="TOO_MANY_WEBHOOK_ENDPOINTS",
        meaning="The merchant has ten endpoints.",
        retry=RetryAdvice.AFTER_FIX,
        text=Text(
            en="A merchant can have {most} webhook endpoints at most.",
            zh="每个商户最多可设置 {most} 个 Webhook 地址。",
        ),
        step=Text(en="Remove one that is not needed.", zh="请先删除不再使用的地址。"),
    ),
    Entry(
        code="WEBHOOK_ENDPOINT_DISABLED",
        meaning="Nothing is sent to an endpoint that was switched off.",
        retry=RetryAdvice.AFTER_FIX,
        text=Text(en="This webhook endpoint is switched off.", zh="该 Webhook 地址已停用。"),
        step=Text(en="Enable it first.", zh="请先重新启用。"),
    ),
    Entry(
        code="WEBHOOK_RANGE_INVALID",
        meaning="There is no time between since and until, or more than 1,000 events are in it.",
        retry=RetryAdvice.AFTER_FIX,
        text=Text(
            en="This range is empty or holds more than {most} events.",
            zh="时间范围无效，或其中的事件超过 {most} 条。",
        ),
        step=Text(en="Choose a shorter range.", zh="请缩小时间范围。"),
    ),
)
