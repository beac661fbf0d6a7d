"""What can be wrong when somebody proves who they are."""

from __future__ import annotations

from typing import Final

from schema.catalogue.entries import TOP_LEVEL, Entry, RetryAdvice, Statuses
from schema.texts import Text

VERIFICATION_REQUESTS: Final = (
    Entry(
        code="FULL_NAME_INVALID",
        meaning="The full name is not 1 to 64 visible characters.",
        retry=RetryAdvice.AFTER_FIX,
        text=Text(en="This name cannot be used.", zh="姓名填写有误。"),
        step=Text(
            en="Write your name as it stands in your identity paper.",
            zh="请按证件上的姓名填写。",
        ),
    ),
    Entry(
        code="ID_NUMBER_INVALID",
        meaning="The number of the identity paper is missing where the level needs one, or is no "
        "such number.",
        retry=RetryAdvice.AFTER_FIX,
        text=Text(en="This is not the number of an identity paper.", zh="证件号码缺失或格式有误。"),
        step=Text(
            en="Write the number as it stands in your identity paper.",
            zh="请按证件上的号码填写。",
        ),
    ),
    Entry(
        code="PAPERS_MISSING",
        meaning="The level takes more papers than were named.",
        retry=RetryAdvice.AFTER_FIX,
        text=Text(
            en="This level takes at least {needed} papers.",
            zh="申请该等级至少需要 {needed} 份证件材料。",
        ),
        step=Text(en="Upload what is missing.", zh="请补充上传证件材料。"),
    ),
    Entry(
        code="LEVEL_REACHED",
        meaning="The person is verified that far already, or there is no such level.",
        retry=RetryAdvice.AFTER_FIX,
        text=Text(en="You are verified up to level {level}.", zh="您已通过第 {level} 级认证。"),
        step=Text(en="Ask for a higher level, up to 3.", zh="请申请更高的等级，最高为 3 级。"),
    ),
    Entry(
        code="VERIFICATION_UNDER_WAY",
        meaning="An earlier request of the person has yet to be decided.",
        retry=RetryAdvice.LATER,
        text=Text(
            en="Your earlier request is still being looked at.", zh="您此前的认证申请正在审核中。"
        ),
        step=Text(en="Wait for the decision.", zh="请等待审核结果。"),
    ),
    Entry(
        code="ALREADY_DECIDED",
        meaning="The request was decided before, or its account is closed.",
        retry=RetryAdvice.NEVER,
        text=Text(en="This request is decided already.", zh="该申请已有审核结果。"),
    ),
    Entry(
        code="TOO_MANY_PAPERS",
        meaning="As many papers wait for a decision as one person may show (POST /papers).",
        places=TOP_LEVEL,
        statuses=Statuses(409, json=409),
        retry=RetryAdvice.AFTER_FIX,
        text=Text(en="Too many papers wait for a decision.", zh="等待审核的证件材料过多。"),
        step=Text(
            en="Ask to be verified with the ones you have uploaded.",
            zh="请先用已上传的材料提交认证申请。",
        ),
    ),
)
