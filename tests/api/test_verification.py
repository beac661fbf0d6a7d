"""Verification over the API, from the request to the level and what the desk sees of it."""

from __future__ import annotations

from typing import Any, Final

from starlette.applications import Starlette

from models.audit import AuditRecord
from models.people import Role
from models.sessions import Audience
from tests import factories, showing
from tests.api.clients import Asker
from tests.api.conftest import Moving
from tests.moments import Clock

REQUEST: Final = """mutation ($input: RequestVerificationInput!) {
    requestVerification(input: $input) { __typename
        ... on VerificationRequested { request { id level status } }
        ... on Problem { code field message } } }"""
MINE: Final = "{ me { verification { level request { status refusal level } } } }"
WAITING: Final = """query ($first: Int! = 20, $after: String) {
    verificationRequests(first: $first, after: $after) {
        edges { node { id level } } pageInfo { endCursor hasNextPage } } }"""
SHOW: Final = """query ($id: ID!, $reason: String!) {
    verificationRequest(id: $id, reason: $reason) { __typename
        ... on VerificationShown { fullName idNumber customer { accountName }
            papers { id type length } }
        ... on Problem { code } } }"""
DECIDE: Final = """mutation ($input: DecideVerificationInput!) {
    decideVerification(input: $input) { __typename
        ... on VerificationDecided { request { status refusal decidedAt } }
        ... on Problem { code } } }"""


async def agent(app: Starlette, clock: Clock, name: str = "lin") -> Asker:
    lin = await factories.person(name, role=Role.AGENT)
    opened = await factories.session(lin, Audience.DESK, clock())
    return Asker(app, path="/desk/graphql", token=opened.tokens.access)


async def test_somebody_asks_an_agent_looks_and_accepts_and_the_level_rises(
    app: Starlette, resident: Moving, clock: Clock
) -> None:
    ada, lin = await resident("ada"), await agent(app, clock)
    paper = await showing.paper(ada.person)
    words: dict[str, Any] = {
        "level": 2,
        "fullName": "Ada Lovelace",
        "idNumber": "QX-771204",
        "paperIds": [f"pap_{paper.id.hex}"],
    }

    asked = await ada.asker.data(REQUEST, input=words)
    [waiting] = (await lin.data(WAITING))["edges"]
    seen = await lin.data(SHOW, id=waiting["node"]["id"], reason="It is her turn")
    decided = await lin.data(
        DECIDE,
        input={"requestId": waiting["node"]["id"], "decision": "ACCEPT", "reason": "They agree"},
    )

    assert asked["request"] == {"id": waiting["node"]["id"], "level": 2, "status": "ASKED"}
    assert seen == {
        "__typename": "VerificationShown",
        "fullName": "Ada Lovelace",
        "idNumber": "QX-771204",
        "customer": {"accountName": "ada"},
        "papers": [{"id": f"pap_{paper.id.hex}", "type": "PNG", "length": paper.length}],
    }
    assert decided["request"]["status"] == "ACCEPTED"
    mine = await ada.asker.data(MINE)
    assert mine["verification"] == {
        "level": 2,
        "request": {"status": "ACCEPTED", "refusal": None, "level": 2},
    }
    looks = await AuditRecord.all().order_by("id")
    assert [each.action for each in looks] == ["view_verification", "decide_verification"]
    assert (await lin.data(WAITING))["edges"] == []


async def test_a_refused_request_tells_its_owner_why(
    app: Starlette, resident: Moving, clock: Clock
) -> None:
    ada, lin = await resident("ada"), await agent(app, clock)
    asked = await showing.asked(ada.person, level=1)

    await lin.data(
        DECIDE,
        input={
            "requestId": f"ver_{asked.id.hex}",
            "decision": "REFUSE",
            "refusal": "UNREADABLE",
            "reason": "Blurred",
        },
    )

    mine = await ada.asker.data(MINE)
    assert mine["verification"] == {
        "level": 0,
        "request": {"status": "REFUSED", "refusal": "UNREADABLE", "level": 1},
    }


async def test_a_level_whose_papers_are_missing_is_refused_and_says_so(
    app: Starlette, resident: Moving
) -> None:
    ada = await resident("ada")
    words = {"level": 3, "fullName": "Ada", "idNumber": "QX-771204", "paperIds": []}

    told = await ada.asker.data(REQUEST, input=words)

    assert (told["code"], told["field"]) == ("PAPERS_MISSING", ["paperIds"])
    assert told["message"] == "This level takes at least 2 papers."


async def test_what_waits_is_listed_the_longest_waiting_first_page_by_page(
    app: Starlette, resident: Moving, clock: Clock
) -> None:
    lin = await agent(app, clock)
    people = [await factories.person(f"person{number}") for number in range(5)]
    asked = [await showing.asked(person, level=1) for person in people]

    first = await lin.data(WAITING, first=3)
    second = await lin.data(WAITING, first=3, after=first["pageInfo"]["endCursor"])

    ids = [edge["node"]["id"] for page in (first, second) for edge in page["edges"]]
    assert ids == [f"ver_{request.id.hex}" for request in sorted(asked, key=lambda row: row.id)]
    assert [page["pageInfo"]["hasNextPage"] for page in (first, second)] == [True, False]


async def test_sixty_thousand_characters_in_any_field_get_a_typed_answer(
    app: Starlette, resident: Moving
) -> None:
    ada, long = await resident("ada"), "x" * 60_000
    words = {"level": 1, "fullName": "Ada"}

    name = await ada.asker.data(REQUEST, input={**words, "fullName": long})
    number = await ada.asker.data(REQUEST, input={**words, "idNumber": long})
    paper = await ada.asker.code(REQUEST, input={**words, "paperIds": [long]})
    papers = await ada.asker.code(
        REQUEST, input={**words, "paperIds": [f"pap_{number:032x}" for number in range(1_000)]}
    )

    assert (name["code"], number["code"]) == ("FULL_NAME_INVALID", "ID_NUMBER_INVALID")
    assert (paper, papers) == ("NOT_FOUND", "NOT_FOUND")
