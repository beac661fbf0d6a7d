"""What can be wrong around merchants: applying, people, keys, closing, and who acts for them."""

from __future__ import annotations

from typing import Final

from schema.catalogue.entries import TOP_LEVEL, Entry, RetryAdvice, Statuses
from schema.texts import Text

MERCHANTS: Final = (
    Entry(
        code="MERCHANT_NAME_INVALID",
        meaning="The name of the merchant or its city is not 1 to 64 visible characters, or the "
        "name would be taken for uPay's own.",
        retry=RetryAdvice.AFTER_FIX,
        text=Text(en="This name cannot be used.", zh="该名称无法使用。"),
        step=Text(
            en="Use 1 to 64 visible characters, and no words that sound like uPay itself.",
            zh="请使用 1 至 64 个可见字符，且不要包含 uPay 官方字样。",
        ),
    ),
    Entry(
        code="MERCHANT_CATEGORY_INVALID",
        meaning="The category is not four digits, as ISO 18245 numbers them, or the country is no "
        "ISO 3166 code of two letters.",
        retry=RetryAdvice.AFTER_FIX,
        text=Text(
            en="The category or the country is not a known code.", zh="经营类目或国家代码无效。"
        ),
        step=Text(
            en="Give a category of four digits, such as 5812, and a country such as CN.",
            zh="请填写四位类目代码（如 5812）和两位国家代码（如 CN）。",
        ),
    ),
    Entry(
        code="MERCHANT_APPLICATION_OPEN",
        meaning="uPay has yet to decide about another application of the same person.",
        retry=RetryAdvice.LATER,
        text=Text(
            en="We are still looking at your last application.",
            zh="您上一次提交的入驻申请仍在审核中。",
        ),
        step=Text(en="Wait until it is decided.", zh="请等待审核结果。"),
    ),
    Entry(
        code="MERCHANT_DECIDED",
        meaning="An agent decided about the application before.",
        retry=RetryAdvice.NEVER,
        text=Text(en="This application is decided already.", zh="该入驻申请已处理。"),
    ),
    Entry(
        code="MERCHANT_NOT_ACCEPTED",
        meaning="uPay has not accepted the merchant, or it is closed.",
        retry=RetryAdvice.NEVER,
        text=Text(
            en="This merchant has not been accepted, or is closed.", zh="该商户未通过审核或已注销。"
        ),
    ),
    Entry(
        code="MERCHANT_SUSPENDED",
        meaning="The desk suspended the merchant; its own people cannot resume it.",
        retry=RetryAdvice.LATER,
        text=Text(en="uPay has suspended this merchant.", zh="uPay 已暂停该商户收款。"),
        step=Text(en="Contact our support team.", zh="请联系客服。"),
    ),
    Entry(
        code="MERCHANT_NOT_SUSPENDED",
        meaning="The desk has not suspended the merchant.",
        retry=RetryAdvice.NEVER,
        text=Text(en="This merchant is not suspended.", zh="该商户未被暂停。"),
    ),
    Entry(
        code="MERCHANT_NOT_EMPTY",
        meaning="uPay still owes the merchant money that was not paid out.",
        retry=RetryAdvice.AFTER_FIX,
        text=Text(
            en="This merchant is still owed {balance}.",
            zh="该商户还有 {balance} 未结算，暂不能注销。",
        ),
        step=Text(en="Close it once that has been paid out.", zh="请在结算完成后再注销。"),
    ),
    Entry(
        code="MERCHANT_IN_USE",
        meaning="The merchant has orders that can be paid, or payments, refunds or payouts that "
        "have not ended.",
        retry=RetryAdvice.LATER,
        text=Text(
            en="This merchant still has open orders, or payments under way.",
            zh="该商户还有未关闭的订单或未完成的款项，暂不能注销。",
        ),
        step=Text(
            en="Close its orders, capture or void its payments, and wait for the rest.",
            zh="请先关闭订单，完成或撤销待处理的款项，再注销商户。",
        ),
    ),
    Entry(
        code="OWNS_MERCHANT",
        meaning="The person answers for a merchant that is not closed.",
        retry=RetryAdvice.AFTER_FIX,
        text=Text(
            en="You answer for the merchant {name}, which is not closed.",
            zh="您仍是商户“{name}”的负责人，暂不能注销账户。",
        ),
        step=Text(
            en="Close the merchant, or hand it over to somebody else.",
            zh="请先注销该商户，或将其转交他人。",
        ),
    ),
    Entry(
        code="MEMBER_NOT_FOUND",
        meaning="Nobody has this account name, or they cannot work for a merchant.",
        retry=RetryAdvice.AFTER_FIX,
        text=Text(en="There is nobody of this name.", zh="未找到该账户。"),
        step=Text(en="Check the account name.", zh="请检查账户名。"),
    ),
    Entry(
        code="ALREADY_MEMBER",
        meaning="The person works for the merchant already.",
        retry=RetryAdvice.NEVER,
        text=Text(en="They work for this merchant already.", zh="该用户已是商户成员。"),
    ),
    Entry(
        code="TOO_MANY_MEMBERS",
        meaning="As many people work for the merchant as can.",
        retry=RetryAdvice.AFTER_FIX,
        text=Text(
            en="At most {most} people can work for a merchant.",
            zh="每个商户最多可有 {most} 名成员。",
        ),
        step=Text(en="Remove somebody first.", zh="请先移除其他成员。"),
    ),
    Entry(
        code="OWNER_STAYS",
        meaning="The owner of a merchant cannot leave it or get another role before somebody else "
        "has taken it over.",
        retry=RetryAdvice.AFTER_FIX,
        text=Text(en="Somebody has to answer for this merchant.", zh="商户必须有负责人。"),
        step=Text(
            en="Offer the merchant to another member first.", zh="请先将商户转交给其他成员。"
        ),
    ),
    Entry(
        code="API_KEY_NAME_INVALID",
        meaning="The name of a key is not 1 to 64 visible characters.",
        retry=RetryAdvice.AFTER_FIX,
        text=Text(en="A key needs a name.", zh="请填写密钥名称。"),
        step=Text(en="Use 1 to 64 visible characters.", zh="请使用 1 至 64 个可见字符。"),
    ),
    Entry(
        code="API_KEY_SCOPES_INVALID",
        meaning="The key would be good for nothing.",
        retry=RetryAdvice.AFTER_FIX,
        text=Text(en="A key needs at least one scope.", zh="请为密钥选择权限。"),
        step=Text(en="Choose what the program may do.", zh="请至少选择一项权限。"),
    ),
    Entry(
        code="TOO_MANY_API_KEYS",
        meaning="The merchant has as many keys that are not revoked as it can.",
        retry=RetryAdvice.AFTER_FIX,
        text=Text(
            en="A merchant can have at most {most} keys.", zh="每个商户最多可有 {most} 个密钥。"
        ),
        step=Text(en="Revoke one first.", zh="请先吊销一个密钥。"),
    ),
    Entry(
        code="SCOPE_MISSING",
        meaning="The API key is good, but was not made for this; `scope` in the extensions says "
        "what it lacks.",
        places=TOP_LEVEL,
        statuses=Statuses(403),
        retry=RetryAdvice.AFTER_FIX,
        text=Text(
            en="This API key was not made for that: it lacks the scope {scope}.",
            zh="该 API 密钥缺少权限 {scope}。",
        ),
        step=Text(en="Make a key with this scope.", zh="请创建包含该权限的密钥。"),
    ),
    Entry(
        code="KEY_OF_OTHER_MODE",
        meaning="A key that begins with `upk_test_` was shown to a live server, or one with "
        "`upk_live_` to another; whether it is good was not looked at.",
        places=TOP_LEVEL,
        statuses=Statuses(401),
        retry=RetryAdvice.AFTER_FIX,
        text=Text(
            en="This API key is for a server of the other mode.",
            zh="该 API 密钥不属于当前环境（测试与正式环境的密钥不能混用）。",
        ),
        step=Text(
            en="Use test keys on a test server, and live keys on a live one.",
            zh="请在测试环境中使用测试密钥，在正式环境中使用正式密钥。",
        ),
    ),
)
