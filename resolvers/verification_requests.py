"""Asking to be verified, and deciding about it at the desk."""

from __future__ import annotations

import strawberry

from domain import verification_requests
from models import verification_requests as rows
from models.people import Person
from schema import ids, pages
from schema.context import Info
from schema.problems.base import named
from schema.verification_desk import (
    DecideVerificationInput,
    DecideVerificationResult,
    VerificationDecided,
    VerificationShown,
    VerificationShownResult,
)
from schema.verification_requests import (
    RequestVerificationInput,
    RequestVerificationResult,
    VerificationRequest,
    VerificationRequested,
)


@strawberry.type
class VerificationMutations:
    @strawberry.mutation(
        description="Asks to be verified up to a level. Papers are uploaded before: `POST /papers`."
    )
    async def request_verification(
        self, info: Info, input: RequestVerificationInput
    ) -> RequestVerificationResult:
        context = info.context
        try:
            row = await verification_requests.request(
                by=context.person,
                level=input.level,
                full_name=input.full_name,
                id_number=input.id_number,
                paper_ids=[ids.parse(id, ids.Prefix.PAPER) for id in input.paper_ids],
                now=context.now,
                address=context.client,
            )
        except verification_requests.REQUEST_REFUSALS as refusal:
            return named(refusal, context.language)
        return VerificationRequested(request=VerificationRequest.of(row))


@strawberry.type
class DeskVerificationQueries:
    @strawberry.field(
        description="Requests that wait for a decision, the longest waiting first; whose they are "
        "is shown only with a reason."
    )
    async def verification_requests(
        self, info: Info, first: pages.First = pages.FIRST_DEFAULT, after: pages.After = None
    ) -> pages.Connection[VerificationRequest]:
        info.context.person  # noqa: B018 - whoever is not signed in learns nothing
        found = await rows.waiting(limit=pages.size(first) + 1, after=pages.parse_cursor(after))
        return pages.page(
            [(row.asked_at, row.id) for row in found],
            [VerificationRequest.of(row) for row in found],
            first,
            after,
        )

    @strawberry.field(description="A request with what it says; the reason is kept on record.")
    async def verification_request(
        self, info: Info, id: strawberry.ID, reason: str
    ) -> VerificationShownResult:
        try:
            shown = await verification_requests.show(
                by=info.context.person,
                request_id=ids.parse(id, ids.Prefix.VERIFICATION_REQUEST),
                reason=reason,
                now=info.context.now,
            )
        except verification_requests.SHOW_REFUSALS as refusal:
            return named(refusal, info.context.language)
        owner = await Person.get(id=shown.request.person_id)
        return VerificationShown.of(shown, owner)


@strawberry.type
class DeskVerificationMutations:
    @strawberry.mutation(
        description="Accepts a request, whereupon the customer's level rises, or refuses it."
    )
    async def decide_verification(
        self, info: Info, input: DecideVerificationInput
    ) -> DecideVerificationResult:
        try:
            row = await verification_requests.decide(
                by=info.context.person,
                request_id=ids.parse(input.request_id, ids.Prefix.VERIFICATION_REQUEST),
                decided=input.decision.value,
                refusal=rows.VerificationRefusal(input.refusal.value),
                reason=input.reason,
                now=info.context.now,
            )
        except verification_requests.DECIDE_REFUSALS as refusal:
            return named(refusal, info.context.language)
        return VerificationDecided(request=VerificationRequest.of(row))
