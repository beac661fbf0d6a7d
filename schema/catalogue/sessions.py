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
        step=Text(en="Check both and try again.", zh="请核对后重试。"),
    ),
    Entry(
        code="SIGN_IN_LOCKED",
        meaning="The password was guessed wrong too often.",
        retry=RetryAdvice.LATER,
        text=Text(en="Too many wrong tries.", zh="错误次数过多。"),
        step=Text(en="Try again at the time shown.", zh="请到所示时间后再试。"),
    ),
    Entry(
        code="SECOND_FACTOR_REQUIRED",
        meaning="A code from the authenticator app is needed as well.",
        retry=RetryAdvice.AFTER_FIX,
        text=Text(
            en="Enter the code from your authenticator app.", zh="请输入身份验证器中的验证码。"
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
        code="UNAUTHENTICATED",
        meaning="Nobody is signed in to this API, or the access token has run out.",
        places=TOP_LEVEL,
        statuses=Statuses(401),
        retry=RetryAdvice.AFTER_FIX,
        text=Text(en="Please sign in first.", zh="请先登录。"),
    ),
)
