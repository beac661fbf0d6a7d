"""Why a session does not open, or is over."""

from __future__ import annotations

from typing import Final

from schema.catalogue.entries import (
    PROBLEM,
    TOP_LEVEL,
    Disclosure,
    Entry,
    RetryAdvice,
    Statuses,
)
from schema.texts import Text

SESSIONS: Final = (
    Entry(
        code="SIGN_IN_REFUSED",
        meaning="The name, the password or the code is wrong; which one is not said.",
        disclosure=Disclosure.GENERAL,
        retry=RetryAdvice.AFTER_FIX,
        text=Text(en="The name or password is not right.", zh="账户名或密码不正确。"),
        step=Text(
            en="Check both and try again, or reset your password.",
            zh="请核对后重试，忘记密码可重新设置。",
        ),
    ),
    Entry(
        code="SIGN_IN_LOCKED",
        meaning="The password or the codes of the second factor were guessed wrong too often. "
        "A passkey and a password reset work all the same.",
        retry=RetryAdvice.LATER,
        text=Text(en="Too many wrong tries.", zh="错误次数过多。"),
        step=Text(
            en="Try again at the time shown, or sign in another way.",
            zh="请到所示时间后再试，或换一种方式登录。",
        ),
    ),
    Entry(
        code="SIGN_IN_THROTTLED",
        meaning="Too many wrong tries came from this network address, at whichever accounts.",
        retry=RetryAdvice.LATER,
        text=Text(
            en="There were too many failed sign-ins from your network.",
            zh="当前网络登录失败次数过多。",
        ),
        step=Text(
            en="Try again at the time shown, or sign in on a device you have used before.",
            zh="请到所示时间后再试，或使用以前登录过的设备。",
        ),
    ),
    Entry(
        code="SECOND_FACTOR_REQUIRED",
        meaning="The password was right; a code of the second factor is needed as well. Whoever "
        "has only passkeys signs in with one of them.",
        retry=RetryAdvice.AFTER_FIX,
        text=Text(en="One more step to sign in.", zh="还需要一步验证。"),
        step=Text(
            en="Enter the code from your authenticator app or a recovery code, or use a passkey.",
            zh="请输入身份验证器中的验证码或恢复码，也可以使用通行密钥。",
        ),
    ),
    Entry(
        code="SESSION_ENDED",
        meaning="The session is over, or its refresh token is unknown, too old, or was used "
        "before.",
        places=PROBLEM | TOP_LEVEL,
        statuses=Statuses(401),
        retry=RetryAdvice.NEVER,
        text=Text(en="Your session has ended.", zh="登录状态已失效。"),
        step=Text(en="Please sign in again.", zh="请重新登录。"),
    ),
    Entry(
        code="PASSWORD_CHANGE_REQUIRED",
        meaning="The session can only change the password, or end.",
        places=TOP_LEVEL,
        statuses=Statuses(403),
        retry=RetryAdvice.AFTER_FIX,
        text=Text(
            en="Please choose a new password before you go on.", zh="请先设置新密码，再继续使用。"
        ),
    ),
    Entry(
        code="PROOF_NEEDED",
        meaning="So many different kinds of proof as `count` says must be shown in this session "
        "within ten minutes: see `proveIdentity`.",
        retry=RetryAdvice.AFTER_FIX,
        text=Text(en="Please confirm once more that it is you.", zh="请再次验证身份。"),
        step=Text(en="Prove who you are, then try again.", zh="完成身份验证后，再试一次。"),
    ),
    Entry(
        code="PROOF_REFUSED",
        meaning="The password or the code that was to prove who it is is wrong.",
        disclosure=Disclosure.GENERAL,
        retry=RetryAdvice.AFTER_FIX,
        text=Text(en="We could not confirm that it is you.", zh="身份验证未通过。"),
        step=Text(en="Check what you entered and try again.", zh="请核对后重试。"),
    ),
    Entry(
        code="CONTACT_NOT_USABLE",
        meaning="A code sent to this contact would prove nothing: it is not verified, or was added "
        "so lately that somebody else may have done it.",
        retry=RetryAdvice.AFTER_FIX,
        text=Text(
            en="This contact cannot confirm who you are yet.", zh="该联系方式暂不能用于身份验证。"
        ),
        step=Text(en="Choose another contact.", zh="请选择其他联系方式。"),
    ),
    Entry(
        code="DEVICE_NAME_INVALID",
        meaning="Empty, longer than 64 characters, or with characters that cannot be seen.",
        retry=RetryAdvice.AFTER_FIX,
        text=Text(en="A device cannot have this name.", zh="设备名称无效。"),
        step=Text(en="Use 1 to 64 visible characters.", zh="请使用 1 至 64 个可见字符。"),
    ),
    Entry(
        code="UNAUTHENTICATED",
        meaning="Nobody is signed in to this API, or the access token has run out.",
        places=TOP_LEVEL,
        statuses=Statuses(401),
        retry=RetryAdvice.AFTER_FIX,
        text=Text(en="Please sign in first.", zh="请先登录。"),
    ),
)
