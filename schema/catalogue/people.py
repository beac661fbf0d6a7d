"""What nobody can be called, reached by, or protected with."""

from __future__ import annotations

from typing import Final

from schema.catalogue.entries import Entry, RetryAdvice
from schema.texts import Text

PEOPLE: Final = (
    Entry(
        code="ACCOUNT_NAME_INVALID",
        meaning="Not 3 to 32 letters, digits, dots, dashes or underscores that begin with a "
        "letter.",
        retry=RetryAdvice.AFTER_FIX,
        text=Text(en="This account name cannot be used.", zh="该账户名不可用。"),
        step=Text(
            en="Use 3 to 32 Latin letters, digits, dots, dashes or underscores, beginning with a "
            "letter.",
            zh="请使用 3 至 32 位字母、数字、点、横线或下划线，并以字母开头。",
        ),
    ),
    Entry(
        code="ACCOUNT_NAME_TAKEN",
        meaning="Somebody else has this account name.",
        retry=RetryAdvice.AFTER_FIX,
        text=Text(en="This account name is taken.", zh="该账户名已被使用。"),
        step=Text(en="Choose another one.", zh="请换一个账户名。"),
    ),
    Entry(
        code="DISPLAY_NAME_INVALID",
        meaning="The display name is empty, too long, or has characters that cannot be seen.",
        retry=RetryAdvice.AFTER_FIX,
        text=Text(en="This display name cannot be used.", zh="该昵称不可用。"),
        step=Text(en="Use 1 to 64 ordinary characters.", zh="请使用 1 至 64 个常用字符。"),
    ),
    Entry(
        code="DISPLAY_NAME_RESERVED",
        meaning="The display name would be taken for uPay's, or for somebody who works there.",
        retry=RetryAdvice.AFTER_FIX,
        text=Text(
            en="This name would be taken for uPay's own.",
            zh="该昵称容易与 uPay 官方混淆，不能使用。",
        ),
        step=Text(
            en="Choose a name without uPay and without an office, such as support.",
            zh="请换一个不含“uPay”“官方”“客服”等字样的昵称。",
        ),
    ),
    Entry(
        code="PHRASE_INVALID",
        meaning="The phrase for letters is not 4 to 40 visible characters.",
        retry=RetryAdvice.AFTER_FIX,
        text=Text(en="This phrase cannot be used.", zh="该防钓鱼码不可用。"),
        step=Text(en="Use 4 to 40 ordinary characters.", zh="请使用 4 至 40 个常用字符。"),
    ),
    Entry(
        code="EMAIL_INVALID",
        meaning="Not an e-mail address.",
        retry=RetryAdvice.AFTER_FIX,
        text=Text(en="This e-mail address is not valid.", zh="邮箱地址无效。"),
        step=Text(en="Check it for mistakes.", zh="请检查是否有误。"),
    ),
    Entry(
        code="PHONE_INVALID",
        meaning="Not a telephone number in international form.",
        retry=RetryAdvice.AFTER_FIX,
        text=Text(en="This phone number is not valid.", zh="手机号无效。"),
        step=Text(
            en="Write it with its country code, such as +86 138 0000 0000.",
            zh="请填写带国家代码的号码，例如 +86 138 0000 0000。",
        ),
    ),
    Entry(
        code="TIME_ZONE_INVALID",
        meaning="Not an IANA time zone.",
        retry=RetryAdvice.AFTER_FIX,
        text=Text(en="This time zone is not known.", zh="时区无效。"),
        step=Text(en="Choose a zone such as Asia/Shanghai.", zh="请选择时区，例如 Asia/Shanghai。"),
    ),
)
