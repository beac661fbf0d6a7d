"""From applying to closing, as a business and the desk go through it over the API."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from starlette.applications import Starlette

import schema.cases
from domain import fresh_proofs
from domain.fresh_proofs import Factor
from domain.merchants import Scope
from models.audit import AuditRecord
from models.cases import Case, CaseKind
from models.ids import new_id
from models.merchants import MemberRole
from models.people import Role
from models.sessions import Audience
from tests import factories
from tests.api.clients import Asker
from tests.api.conftest import Moving, Resident
from tests.moments import NOON, Clock

TEA: Final = {"name": "茶馆", "category": "5812", "country": "CN", "city": "杭州"}
WHY: Final = "A real shop"
MERCHANT: Final = """id number name category country city status isSuspended reason livemode role
    balances { currency total { amountMinor } } members { accountName role }
    apiKeys { name hint scopes revokedAt }"""
MINE: Final = f"query ($id: ID) {{ merchant(id: $id) {{ {MERCHANT} }} }}"


async def done(asker: Asker, verb: str, words: dict[str, Any], inside: str = "") -> dict[str, Any]:
    """What a mutation about a merchant answers."""
    name = f"{verb[0].upper()}{verb[1:]}Input"
    answer: dict[str, Any] = await asker.data(
        f"mutation ($input: {name}!) {{ {verb}(input: $input) {{ __typename "
        f"... on Problem {{ code message field }} {inside} }} }}",
        input=words,
    )
    return answer


async def at_the_desk(app: Starlette, clock: Clock, name: str = "lin") -> Asker:
    lin = await factories.person(name, role=Role.AGENT)
    opened = await factories.session(lin, Audience.DESK, clock())
    return Asker(app, path="/desk/graphql", token=opened.tokens.access)


async def applied(ada: Resident) -> str:
    """The id of a merchant that ada asked uPay for."""
    inside = "... on AppliedAsMerchant { merchant { id } }"
    id: str = (await done(ada.asker, "applyAsMerchant", TEA, inside))["merchant"]["id"]
    return id


async def test_a_business_applies_is_accepted_and_sees_itself(
    app: Starlette, clock: Clock, resident: Moving
) -> None:
    ada, lin = await resident("ada"), await at_the_desk(app, clock)
    id = await applied(ada)

    waiting = await lin.data("{ merchants { edges { node { id name status members { role } } } } }")
    decided = await done(
        lin,
        "decideMerchant",
        {"merchantId": id, "decision": "ACCEPT", "reason": WHY},
        "... on MerchantDecisionMade { merchant { status } }",
    )

    [edge] = waiting["edges"]
    assert edge["node"] == {"id": id, "name": "茶馆", "status": "APPLIED", "members": None}
    assert decided["merchant"] == {"status": "ACCEPTING"}
    mine = await ada.asker.data(MINE, id=id)
    assert mine.pop("number").isdigit()
    assert mine == {
        **TEA,
        "id": id,
        "status": "ACCEPTING",
        "isSuspended": False,
        "reason": WHY,
        "livemode": False,
        "role": "OWNER",
        "balances": [],
        "members": [{"accountName": "ada", "role": "OWNER"}],
        "apiKeys": [],
    }
    theirs = await ada.asker.data("{ me { merchants { id role } } }")
    assert theirs == {"merchants": [{"id": id, "role": "OWNER"}]}


async def test_the_desk_says_why_it_looks_at_a_merchant_and_that_is_on_record(
    app: Starlette, clock: Clock, resident: Moving
) -> None:
    ada, lin = await resident("ada"), await at_the_desk(app, clock)
    id = await applied(ada)
    words = """query ($id: ID!, $reason: String!) { merchant(id: $id, reason: $reason) {
        ... on MerchantFound { owner { accountName } members { accountName } }
        ... on Problem { code } } }"""

    refused = await lin.data(words, id=id, reason="")
    found = await lin.data(words, id=id, reason=WHY)

    assert refused == {"code": "REASON_REQUIRED"}
    assert found == {"owner": {"accountName": "ada"}, "members": [{"accountName": "ada"}]}
    [record] = await AuditRecord.all()
    assert (record.action, record.reason) == ("view_merchant", WHY)


async def test_each_of_its_people_sees_of_a_merchant_what_their_role_lets_them(
    resident: Moving,
) -> None:
    ada = await resident("ada")
    tea = await factories.merchant(ada.person)
    shown = {}
    for role in (MemberRole.MANAGER, MemberRole.CASHIER, MemberRole.VIEWER):
        someone = await resident(role.value)
        await factories.member(tea, someone.person, role)
        answer = await someone.asker.data(MINE, id=f"mer_{tea.id.hex}")
        shown[answer["role"]] = {
            name for name in ("balances", "members", "apiKeys") if answer[name] is not None
        }

    assert shown == {
        "MANAGER": {"balances", "members", "apiKeys"},
        "CASHIER": set(),
        "VIEWER": {"balances"},
    }


async def test_a_suspended_merchant_reads_why_and_cannot_go_on_by_itself(
    app: Starlette, clock: Clock, resident: Moving
) -> None:
    ada, lin = await resident("ada"), await at_the_desk(app, clock)
    tea = await factories.merchant(ada.person)
    named = {"merchantId": f"mer_{tea.id.hex}"}

    await done(lin, "suspendMerchant", {**named, "reason": "Complaints"})
    refused = await done(ada.asker, "resumeMerchant", named)
    seen = await ada.asker.data(MINE, id=named["merchantId"])
    await done(lin, "reinstateMerchant", {**named, "reason": "Settled"})

    assert refused["code"] == "MERCHANT_SUSPENDED"
    assert (seen["status"], seen["isSuspended"], seen["reason"]) == ("PAUSED", True, "Complaints")
    assert (await ada.asker.data(MINE, id=named["merchantId"]))["status"] == "ACCEPTING"


async def test_somebody_is_added_given_a_role_takes_over_and_the_first_owner_leaves(
    resident: Moving, clock: Clock
) -> None:
    ada, bob = await resident("ada"), await resident("bob")
    tea = await factories.merchant(ada.person)
    named = {"merchantId": f"mer_{tea.id.hex}"}
    inside = "... on MerchantMemberAdded { member { id role } }"

    added = await done(
        ada.asker, "addMerchantMember", {**named, "accountName": "bob", "role": "CASHIER"}, inside
    )
    member = {"memberId": added["member"]["id"]}
    await done(ada.asker, "setMerchantMemberRole", {**member, "role": "MANAGER"})
    needed = await done(ada.asker, "offerMerchant", member)
    await fresh_proofs.note(UUID(ada.session_id), Factor.TOTP, now=clock())
    await done(ada.asker, "offerMerchant", member)
    offered = await bob.asker.data("{ me { merchants { role isOfferedToYou } } }")
    taken = await done(bob.asker, "acceptMerchant", named)
    left = await done(ada.asker, "leaveMerchant", named)

    assert needed["code"] == "PROOF_NEEDED"
    assert offered == {"merchants": [{"role": "MANAGER", "isOfferedToYou": True}]}
    assert (taken["__typename"], left["__typename"]) == ("MerchantTakenOver", "MerchantLeft")
    answer = await bob.asker.data(MINE, id=named["merchantId"])
    assert answer["members"] == [{"accountName": "bob", "role": "OWNER"}]


async def test_a_merchants_program_sees_what_its_key_is_for(
    app: Starlette, resident: Moving
) -> None:
    ada = await resident("ada")
    tea = await factories.merchant(ada.person)
    reading = Asker(app, token=await factories.key(tea, Scope.READ))
    settling = Asker(app, token=await factories.key(tea, Scope.READ, Scope.SETTLEMENTS))

    read, settled = await reading.data(MINE), await settling.data(MINE)

    assert read["id"] == settled["id"] == f"mer_{tea.id.hex}"
    assert (read["role"], read["members"], read["apiKeys"]) == (None, None, None)
    assert read["balances"] is None
    assert settled["balances"] == [{"currency": "CNY", "total": {"amountMinor": 0}}]


async def test_hostile_words_in_any_input_are_a_typed_no(resident: Moving) -> None:
    ada = await resident("ada")
    tea = await factories.merchant(ada.person)
    named, long = {"merchantId": f"mer_{tea.id.hex}"}, "x" * 60_000

    said = [
        (await done(ada.asker, "applyAsMerchant", {**TEA, field: long}))["code"] for field in TEA
    ]
    member = {**named, "accountName": long, "role": "VIEWER"}
    said += [(await done(ada.asker, "addMerchantMember", member))["code"]]
    said += [
        (await done(ada.asker, "createApiKey", {**named, "name": long, "scopes": ["READ"]}))["code"]
    ]

    assert said == [
        "MERCHANT_NAME_INVALID",
        "MERCHANT_CATEGORY_INVALID",
        "MERCHANT_CATEGORY_INVALID",
        "MERCHANT_NAME_INVALID",
        "MEMBER_NOT_FOUND",
        "API_KEY_NAME_INVALID",
    ]


def test_the_desk_can_read_every_kind_of_case_there_is() -> None:
    shown = {kind.name for kind in schema.cases.CaseKind}

    assert shown == {kind.name for kind in CaseKind}


async def test_the_desk_reads_a_case_and_closes_it(app: Starlette, clock: Clock) -> None:
    lin, subject = await at_the_desk(app, clock), new_id()
    await Case.create(
        id=new_id(),
        kind=CaseKind.REVERSAL_SHORT,
        subject_id=subject,
        detail={"missing": 250, "currency": "CNY"},
        opened_at=NOON,
    )
    words = """query ($status: CaseStatus) { cases(status: $status, kind: REVERSAL_SHORT) {
        edges { node { id kind subject facts { name value } outcome reason livemode } } } }"""

    [edge] = (await lin.data(words))["edges"]
    closed = await done(
        lin,
        "closeCase",
        {"caseId": edge["node"]["id"], "outcome": "WRITTEN_OFF", "reason": WHY},
        "... on CaseClosed { case { outcome reason } }",
    )

    assert edge["node"] | {"id": ""} == {
        "id": "",
        "kind": "REVERSAL_SHORT",
        "subject": subject.hex,
        "facts": [{"name": "currency", "value": "CNY"}, {"name": "missing", "value": "250"}],
        "outcome": None,
        "reason": None,
        "livemode": False,
    }
    assert closed["case"] == {"outcome": "WRITTEN_OFF", "reason": WHY}
    assert (await lin.data(words))["edges"] == []
    [gone] = (await lin.data(words, status="CLOSED"))["edges"]
    assert gone["node"]["id"] == edge["node"]["id"]
