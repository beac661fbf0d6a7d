"""The pages that stop payments: the freeze behind a letter, and the answer to a question."""

from __future__ import annotations

from collections.abc import Mapping

from domain import freezes, inquiries, links
from models.risk import Inquiry, InquiryStatus
from schema.money import display
from schema.texts import pages as words
from server.links import sheets
from server.links.sheets import Sheet
from server.links.visits import Visit

YES, NO = "yes", "no"


class FreezePage:
    """One button, which lets nothing leave the wallets any more."""

    async def shown(self, visit: Visit) -> Sheet:
        language = visit.language
        button = sheets.button(words.FREEZE_BUTTON.said(language), is_grave=True)
        return Sheet(
            words.FREEZE_TITLE,
            (words.FREEZE_FOLLOWS.said(language), words.FREEZE_RECEIVES.said(language)),
            form=sheets.form(button),
        )

    async def sent(self, visit: Visit, said: Mapping[str, str]) -> Sheet:
        await freezes.freeze_by_link(visit.link, visit.now)
        return Sheet(words.FREEZE_DONE_TITLE, (words.FREEZE_DONE.said(visit.language),))


class AnswerPage:
    """Two buttons; a form that was sent with neither says nothing."""

    async def shown(self, visit: Visit) -> Sheet:
        language, inquiry = visit.language, await Inquiry.get(id=visit.link.subject_id)
        if inquiry.status is not InquiryStatus.ASKED:
            raise links.LinkDead
        payment = words.ANSWER_PAYMENT.said(
            language,
            amount=display(inquiry.amount, inquiry.currency, language),
            payee=(await inquiries.payee_names([inquiry]))[inquiry.id],
        )
        return Sheet(
            words.ANSWER_TITLE,
            (payment, words.ANSWER_FOLLOWS.said(language)),
            form=sheets.form(
                sheets.button(words.ANSWER_YES.said(language), answer=YES),
                sheets.button(words.ANSWER_NO.said(language), answer=NO, is_grave=True),
            ),
        )

    async def sent(self, visit: Visit, said: Mapping[str, str]) -> Sheet:
        answer = said.get("answer")
        if answer not in {YES, NO}:
            return await self.shown(visit)
        was_me = answer == YES
        await inquiries.answer_by_link(visit.link, was_me, visit.now)
        title = words.ANSWER_YES_TITLE if was_me else words.ANSWER_NO_TITLE
        done = words.ANSWER_YES_DONE if was_me else words.ANSWER_NO_DONE
        return Sheet(title, (done.said(visit.language),))
