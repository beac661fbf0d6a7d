"""What can be wrong with moving the clock of a test server."""

from __future__ import annotations

from typing import Final

from schema.catalogue.entries import Entry, RetryAdvice
from schema.texts import Text

TEST_CLOCK: Final = (
    Entry(
        code="TEST_CLOCK_UNAVAILABLE",
        meaning="This server is not in test mode, so that its time is everybody's.",
        retry=RetryAdvice.NEVER,
        text=Text(
            en="The clock can be moved on test servers only.", zh="只有测试服务器才能调整时间。"
        ),
        step=Text(en="Try this on a test server.", zh="请在测试服务器上操作。"),
    ),
    Entry(
        code="TEST_CLOCK_STEP_INVALID",
        meaning="The clock of a test server is moved forward, by 1 second to 400 days at a time.",
        retry=RetryAdvice.AFTER_FIX,
        text=Text(en="The clock cannot be moved by this much.", zh="时间调整的幅度超出范围。"),
        step=Text(
            en="Choose from 1 second to 400 days, forward.",
            zh="请填写 1 秒至 400 天，只能向前调整。",
        ),
    ),
    Entry(
        code="TEST_CLOCK_TOO_FAR",
        meaning="The clock of a test server is at most ten years ahead of the real time.",
        retry=RetryAdvice.AFTER_FIX,
        text=Text(
            en="The clock would be more than ten years ahead.",
            zh="调整后将比实际时间快十年以上。",
        ),
        step=Text(
            en="Choose a smaller step, or begin with an empty database.",
            zh="请减小调整幅度，或改用空数据库重新开始。",
        ),
    ),
)
