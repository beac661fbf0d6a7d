"""Merchants look their settlements up and fetch the lines; the desk sets what payments cost."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import Any

import httpx2
import pytest
from starlette.applications import Starlette

from domain import merchant_settlements
from domain.merchants import Scope
from models.audit import AuditRecord
from models.merchants import MemberRole, Merchant
from models.people import Role
from models.sessions import Audience
from models.settlements import MerchantFee, Settlement
from models.wallets import Account
from tests import factories
from tests.api.clients import Asker
from tests.api.conftest import Moving
from tests.moments import NOON, Clock

MINE = """query ($merchant: ID) { settlements(merchantId: $merchant) { edges { node {
    id day currency fileUrl livemode payoutStatus
    captured { amountMinor } fees { amountMinor } closing { amountMinor } } } } }"""
SET = """mutation ($input: SetMerchantFeeInput!) { setMerchantFee(input: $input) {
    ... on MerchantFeeSet { fee { fixedMinor ratePpm payer since merchantId } }
    ... on Problem { code field } } }"""


async def a_settled_shop(resident: Moving) -> tuple[Merchant, Settlement]:
    """A shop that took 100.00 from ada, and was settled."""
    ada, mei = await resident("ada", holds=100_000), await factories.person("mei")
    shop = await factories.merchant(mei)
    await factories.payment(await factories.order(shop, 10_000), ada.wallet)
    account = await Account.get(merchant_id=shop.id)
    night = NOON + timedelta(days=1)
    settlement = await merchant_settlements.settle(account.id, NOON.date(), night)
    assert settlement is not None
    return shop, settlement


async def fetched(app: Starlette, url: str, token: str) -> httpx2.Response:
    async with httpx2.AsyncClient(
        transport=httpx2.ASGITransport(app=app), base_url="http://upay.test"
    ) as http:
        return await http.get(url, headers={"authorization": f"Bearer {token}"})


async def test_a_program_lists_settlements_and_fetches_their_lines(
    app: Starlette, resident: Moving
) -> None:
    shop, settlement = await a_settled_shop(resident)
    token = await factories.key(shop, Scope.SETTLEMENTS)

    [edge] = (await Asker(app, token=token).data(MINE))["edges"]
    file = await fetched(app, edge["node"]["fileUrl"], token)

    assert edge["node"] == {
        "id": f"stl_{settlement.id.hex}",
        "day": NOON.date().isoformat(),
        "currency": "CNY",
        "fileUrl": f"/settlements/stl_{settlement.id.hex}",
        "livemode": False,
        "payoutStatus": None,
        "captured": {"amountMinor": 10_000},
        "fees": {"amountMinor": 0},
        "closing": {"amountMinor": 10_000},
    }
    assert file.status_code == 200
    assert file.headers["content-type"].startswith("text/csv")
    assert "attachment" in file.headers["content-disposition"]
    rows = list(csv.DictReader(io.StringIO(file.text, newline="")))
    assert [row["type"] for row in rows] == ["opening", "payment", "closing", "payout_sent"]
    assert rows[1]["gross"] == "100.00"


@pytest.mark.parametrize("role", [MemberRole.VIEWER, MemberRole.CASHIER])
async def test_people_of_a_merchant_see_settlements_as_their_role_allows(
    app: Starlette, resident: Moving, role: MemberRole
) -> None:
    shop, settlement = await a_settled_shop(resident)
    zoe = await resident("zoe")
    await factories.member(shop, zoe.person, role)
    public_id = f"mer_{shop.id.hex}"
    url = f"/settlements/stl_{settlement.id.hex}?merchantId={public_id}"

    answer = await zoe.asker.answer(MINE, merchant=public_id)
    file = await fetched(app, url, zoe.tokens.access)

    may = role is MemberRole.VIEWER
    assert ("errors" not in answer, file.status_code) == ((True, 200) if may else (False, 404))


async def test_nobody_else_fetches_a_settlement(app: Starlette, resident: Moving) -> None:
    shop, settlement = await a_settled_shop(resident)
    other = await factories.merchant(await factories.person("max"), "Bakery")
    url = f"/settlements/stl_{settlement.id.hex}"

    for token, status in (
        (await factories.key(other), 404),
        (await factories.key(shop, Scope.READ), 403),
        ("upk_test_nonsense", 401),
    ):
        answer = await fetched(app, url, token)
        assert answer.status_code == status, answer.text
        assert "payment" not in answer.text


def desk(app: Starlette, token: str) -> Asker:
    return Asker(app, path="/desk/graphql", token=token)


async def at_desk(app: Starlette, clock: Clock, role: Role) -> Asker:
    person = await factories.person("yan", role=role)
    opened = await factories.session(person, Audience.DESK, clock())
    return desk(app, opened.tokens.access)


def wanted(**changes: Any) -> dict[str, Any]:
    return {
        "currency": "CNY",
        "fixedMinor": 10,
        "ratePpm": 6_000,
        "payer": "MERCHANT",
        "reason": "As agreed",
        **changes,
    }


async def test_a_supervisor_sets_what_payments_cost_and_that_is_on_record(
    app: Starlette, clock: Clock
) -> None:
    yan = await at_desk(app, clock, Role.SUPERVISOR)

    done = await yan.data(SET, input=wanted())

    assert done["fee"] | {"since": ""} == {
        "fixedMinor": 10,
        "ratePpm": 6_000,
        "payer": "MERCHANT",
        "since": "",
        "merchantId": None,
    }
    [record] = await AuditRecord.filter(action="set_fee")
    assert record.reason == "As agreed"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"fixedMinor": -1}, "FEE_INVALID"),
        ({"fixedMinor": 1_000_001}, "FEE_INVALID"),
        ({"ratePpm": 200_001}, "FEE_INVALID"),
        ({"ratePpm": -1}, "FEE_INVALID"),
        ({"since": "2020-01-01T00:00:00Z"}, "FEE_INVALID"),
        ({"currency": "XAU"}, "CURRENCY_NOT_OFFERED"),
        ({"reason": " "}, "REASON_REQUIRED"),
    ],
)
async def test_a_fee_that_makes_no_sense_is_not_set(
    app: Starlette, clock: Clock, changes: dict[str, Any], code: str
) -> None:
    yan = await at_desk(app, clock, Role.ADMIN)

    assert (await yan.data(SET, input=wanted(**changes)))["code"] == code

    assert await MerchantFee.all().count() == 0


async def test_an_agent_sets_no_fees(app: Starlette, clock: Clock) -> None:
    lin = await at_desk(app, clock, Role.AGENT)

    assert await lin.code(SET, input=wanted()) == "NOT_FOUND"

    assert await MerchantFee.all().count() == 0
