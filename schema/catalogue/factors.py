"""What can be wrong with second factors, and with the report that all of them are lost."""

from __future__ import annotations

from typing import Final

from schema.catalogue.entries import Entry, RetryAdvice
from schema.texts import Text

FACTORS: Final = (
    Entry(
        code="TOTP_NOT_STARTED",
        meaning="No authenticator app is being set up in this session, or it took longer than ten "
        "minutes.",
        retry=RetryAdvice.AFTER_FIX,
        text=Text(
            en="Setting up the authenticator app took too long.", zh="绑定身份验证器已超时。"
        ),
        step=Text(en="Start again and scan the new code.", zh="请重新开始，并扫描新的二维码。"),
    ),
    Entry(
        code="TOTP_CODE_WRONG",
        meaning="The code is not the one that the authenticator app shows at this moment.",
        retry=RetryAdvice.AFTER_FIX,
        text=Text(en="This code is not right.", zh="验证码不正确。"),
        step=Text(
            en="Check that your phone's clock is right, and enter the code shown now.",
            zh="请确认手机时间准确，并输入当前显示的验证码。",
        ),
    ),
    Entry(
        code="TOTP_NOT_SET",
        meaning="There is no authenticator app that could be removed.",
        retry=RetryAdvice.NEVER,
        text=Text(en="There is no authenticator app.", zh="尚未绑定身份验证器。"),
    ),
    Entry(
        code="FACTOR_REQUIRED",
        meaning="Whoever works at the desk keeps at least one second factor.",
        retry=RetryAdvice.AFTER_FIX,
        text=Text(
            en="Your work needs a second factor, and this is your last one.",
            zh="您的岗位必须启用二次验证，这是最后一种验证方式，不能移除。",
        ),
        step=Text(en="Add another one first.", zh="请先添加另一种验证方式。"),
    ),
    Entry(
        code="NO_SECOND_FACTOR",
        meaning="There is neither an authenticator app nor a passkey.",
        retry=RetryAdvice.AFTER_FIX,
        text=Text(en="There is no second factor yet.", zh="尚未启用二次验证。"),
        step=Text(
            en="Sign in as usual, and add an authenticator app or a passkey.",
            zh="请照常登录，然后绑定身份验证器或添加通行密钥。",
        ),
    ),
    Entry(
        code="LOSS_REPORTED",
        meaning="The loss is reported already and waits to be decided.",
        retry=RetryAdvice.LATER,
        text=Text(en="You have reported this already.", zh="您已提交过丢失申报。"),
        step=Text(
            en="It will be looked at once the waiting time shown is over.",
            zh="所示等待时间过后，我们会尽快处理。",
        ),
    ),
    Entry(
        code="LOSS_NOT_REPORTED",
        meaning="No loss of second factors is waited for.",
        retry=RetryAdvice.NEVER,
        text=Text(en="There is no report to withdraw.", zh="没有可以撤销的丢失申报。"),
    ),
    Entry(
        code="TOO_EARLY",
        meaning="The owner still has time to withdraw the report; it can be refused, not granted.",
        retry=RetryAdvice.LATER,
        text=Text(en="The waiting time is not over yet.", zh="等待期尚未结束。"),
        step=Text(
            en="Decide at the time shown, or refuse it now.",
            zh="请到所示时间后再处理，也可以现在拒绝。",
        ),
    ),
    Entry(
        code="LOSS_OVER",
        meaning="The report was decided or withdrawn before.",
        retry=RetryAdvice.NEVER,
        text=Text(en="This report was decided or withdrawn already.", zh="该申报已处理或已撤销。"),
    ),
)
