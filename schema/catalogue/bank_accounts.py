"""What can be wrong with a bank account or card."""

from __future__ import annotations

from typing import Final

from schema.catalogue.entries import FAILURE, PROBLEM, Entry, RetryAdvice
from schema.texts import Text

BANK_ACCOUNTS: Final = (
    Entry(
        code="BANK_ACCOUNT_UNUSABLE",
        meaning="It is not verified, was refused or removed, or is a card that has expired.",
        retry=RetryAdvice.AFTER_FIX,
        text=Text(
            en="This bank account or card cannot be used.", zh="该银行账户或银行卡暂不可用。"
        ),
        step=Text(
            en="Verify it first, or choose another one.", zh="请先完成验证，或选择其他账户。"
        ),
    ),
    Entry(
        code="BANK_ACCOUNT_COOLING",
        meaning="It was added within the last day; top-ups from it are possible, withdrawals not.",
        retry=RetryAdvice.LATER,
        text=Text(
            en="You can withdraw to this bank account a day after adding it.",
            zh="新添加的账户 24 小时后方可提现。",
        ),
        step=Text(en="Wait until then, or choose another one.", zh="请届时再试，或选择其他账户。"),
    ),
    Entry(
        code="BANK_ACCOUNTS_UNAVAILABLE",
        meaning="No payment provider is connected that could look at bank accounts.",
        retry=RetryAdvice.LATER,
        text=Text(
            en="Bank accounts cannot be added at present.", zh="暂时无法添加银行账户或银行卡。"
        ),
        step=Text(en="Try again later.", zh="请稍后再试。"),
    ),
    Entry(
        code="BANK_NUMBER_INVALID",
        meaning="No bank of that country has an account with such a number; an IBAN's check digits "
        "are wrong, or it is of another country.",
        retry=RetryAdvice.AFTER_FIX,
        text=Text(en="This account number cannot be right.", zh="银行账号有误。"),
        step=Text(
            en="Compare it with your bank's papers, and check the country.",
            zh="请核对账号以及所选的国家或地区。",
        ),
    ),
    Entry(
        code="BANK_NAME_INVALID",
        meaning="The name of the bank is empty, longer than 64 characters, or has some that cannot "
        "be seen.",
        retry=RetryAdvice.AFTER_FIX,
        text=Text(en="This name cannot be used for a bank.", zh="银行名称过长或含有特殊字符。"),
        step=Text(
            en="Use 1 to 64 ordinary characters, or leave it out.",
            zh="请控制在 64 字以内，或留空。",
        ),
    ),
    Entry(
        code="CARD_NUMBER_SHOWN",
        meaning="Some text looks like the number of a card. It was neither kept nor logged. Cards "
        "are added by the token that the provider's own form gives out.",
        retry=RetryAdvice.AFTER_FIX,
        text=Text(
            en="This looks like a card number. Card numbers must not be entered here; we have not "
            "kept it.",
            zh="您输入的内容像是银行卡号，请勿在此输入卡号；我们没有保存它。",
        ),
        step=Text(
            en="Add the card with the payment provider's form instead.",
            zh="请通过支付机构提供的页面添加银行卡。",
        ),
    ),
    Entry(
        code="CARD_INVALID",
        meaning="The token, the last four digits or the last month of a card make no sense.",
        retry=RetryAdvice.AFTER_FIX,
        text=Text(en="Something about this card cannot be right.", zh="银行卡信息有误。"),
        step=Text(en="Add the card once more.", zh="请重新添加该银行卡。"),
    ),
    Entry(
        code="CARD_EXPIRED",
        meaning="The card's last month is over.",
        places=PROBLEM | FAILURE,
        retry=RetryAdvice.AFTER_FIX,
        title=Text(en="Card expired", zh="银行卡已过期"),
        text=Text(en="This card has expired.", zh="该银行卡已过期。"),
        step=Text(en="Use another card.", zh="请换一张银行卡。"),
    ),
    Entry(
        code="HOLDER_INVALID",
        meaning="The holder's name is empty, longer than 64 characters, or has some that cannot be "
        "seen.",
        retry=RetryAdvice.AFTER_FIX,
        text=Text(en="This cannot be the name of a holder.", zh="户名有误。"),
        step=Text(en="Enter the name as the bank has it.", zh="请填写您在银行预留的姓名或名称。"),
    ),
    Entry(
        code="HOLDER_DIFFERS",
        meaning="The holder's name has nothing in common with the name that was proved by papers.",
        retry=RetryAdvice.AFTER_FIX,
        text=Text(
            en="Only bank accounts in your own name can be added.",
            zh="只能添加您本人名下的账户。",
        ),
        step=Text(
            en="Enter the name as the bank has it, or add an account of your own.",
            zh="请核对户名，或添加您本人的账户。",
        ),
    ),
    Entry(
        code="BANK_ACCOUNT_THERE",
        meaning="The same bank account or card is there already.",
        retry=RetryAdvice.NEVER,
        text=Text(en="You have added this one already.", zh="该账户已添加过。"),
        step=Text(en="Choose it from your list.", zh="请在账户列表中选择。"),
    ),
    Entry(
        code="TOO_MANY_BANK_ACCOUNTS",
        meaning="There are ten bank accounts and cards already, or ten were added within a day.",
        retry=RetryAdvice.AFTER_FIX,
        text=Text(
            en="You can have at most ten bank accounts and cards, and add ten a day.",
            zh="最多可添加 10 个账户，每天最多添加 10 次。",
        ),
        step=Text(
            en="Remove one that you do not need, or wait a day.",
            zh="请先移除不需要的账户，或明天再试。",
        ),
    ),
    Entry(
        code="BANK_ACCOUNT_GUESSED",
        meaning="The amount that was sent to it was guessed wrong; it can be added again a day "
        "after that ended.",
        retry=RetryAdvice.LATER,
        text=Text(
            en="The amount was entered wrong for this account. It can be added again in a day.",
            zh="该账户的验证金额曾输入错误，24 小时后方可重新添加。",
        ),
        step=Text(en="Wait a day, or add another one.", zh="请稍后再试，或添加其他账户。"),
    ),
    Entry(
        code="NOTHING_TO_VERIFY",
        meaning="No amount is awaited for this bank account, or another one is being asked about.",
        retry=RetryAdvice.NEVER,
        text=Text(
            en="No amount needs to be entered for this account now.",
            zh="该账户目前无需输入验证金额。",
        ),
        step=Text(en="Look at how it stands.", zh="请查看该账户的状态。"),
    ),
    Entry(
        code="BANK_ACCOUNT_IN_USE",
        meaning="A withdrawal, payout or top-up of this bank account has not ended.",
        retry=RetryAdvice.LATER,
        text=Text(
            en="Money is still on its way to or from this account.",
            zh="该账户还有正在处理的款项。",
        ),
        step=Text(en="Remove it once that has ended.", zh="请在款项处理完成后再移除。"),
    ),
)
