"""One payment from the order to the books, seen by clients that know nothing of ours."""

from __future__ import annotations

import asyncio
import base64
import csv
import hashlib
import hmac
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

import httpx2
import pytest

from server.embedded.postgres import DatabaseUrls
from tests import factories
from tests.server.payers import PIN, customer
from tests.server.servers import Server, serving
from tests.server.sites import SETTINGS
from tests.wires import FarEnd, Heard, far_end

pytestmark = pytest.mark.slow

NODE: Final = Path(sys.executable).parent / "node"
TWO_SIDES: Final = Path(__file__).with_name("two_sides.mjs")
PATIENCE_SECONDS: Final = 20.0
ONE_DAY_SECONDS: Final = 24 * 60 * 60
TOLERANCE_SECONDS: Final = 300

LISTEN: Final = """mutation ($input: CreateWebhookEndpointInput!) {
  createWebhookEndpoint(input: $input) { ... on WebhookEndpointCreated { secret } } }"""
ORDER: Final = """mutation ($input: CreateOrderInput!) { createOrder(input: $input) {
  ... on OrderCreated { order { id code { text } } } } }"""
PREPARE: Final = """mutation ($input: PreparePaymentInput!) { preparePayment(input: $input) {
  ... on PaymentPrepared { quote { id } challenge { id } } } }"""
CONFIRM: Final = """mutation ($input: ConfirmPaymentInput!) { confirmPayment(input: $input) {
  ... on PaymentAuthorized { payment { id } } } }"""
CAPTURE: Final = """mutation ($input: CapturePaymentInput!) { capturePayment(input: $input) {
  ... on PaymentCaptured { payment { state } } } }"""
REFUND: Final = """mutation ($input: RefundPaymentInput!) { refundPayment(input: $input) {
  ... on RefundCompleted { refund { id } } } }"""
FOLLOW: Final = """subscription ($id: ID!) { paymentUpdated(id: $id, after: 0) {
  ... on PaymentChanged { seq payment { state } } } }"""
ADVANCE: Final = """mutation ($input: AdvanceTestClockInput!) { advanceTestClock(input: $input) {
  ... on TestClockAdvanced { now } } }"""
SETTLED: Final = "{ settlements(first: 1) { edges { node { fileUrl closing { amountMinor } } } } }"


async def test_a_payment_is_followed_from_the_order_to_the_books(
    folder: Path, database: DatabaseUrls
) -> None:
    ada = await customer("ada", holds=5_000)
    shop = await factories.merchant(await factories.person("mei"))
    key = await factories.key(shop)

    async with far_end() as program:
        with serving(folder, **_settings(database)) as server:
            listening = await _asked(server, key, LISTEN, url=program.url, events=["*"])
            order = await _asked(
                server, key, ORDER, amount=_yuan(1_250), reference="A-1001", capture="LATER"
            )
            code = order["order"]["code"]["text"]
            prepared = await _asked(
                server, ada.token, PREPARE, walletId=ada.wallet_id, order={"code": code}
            )
            paid = await _asked(
                server,
                ada.token,
                CONFIRM,
                quoteId=prepared["quote"]["id"],
                challengeId=prepared["challenge"]["id"],
                proof={"pin": PIN},
                idempotencyKey="tea",
            )
            payment = paid["payment"]["id"]
            async with _two_sides(server, payment, ada=ada.token, shop=key) as heard:
                at_once = await heard(1)
                wish = {"paymentId": payment, "idempotencyKey": "served", "amount": _yuan(1_000)}
                await _asked(server, key, CAPTURE, **wish)
                after_capture = await heard(1)
                wish = {"paymentId": payment, "idempotencyKey": "no-cake", "amount": _yuan(300)}
                refund = await _asked(server, key, REFUND, reason="CANCELLED", **wish)
                after_refund = await heard(1)
            await _asked(server, key, ADVANCE, seconds=ONE_DAY_SECONDS)
            hooks = await _verified(program, listening["secret"], count=4)
            [edge] = (await _told(server, key, SETTLED))["settlements"]["edges"]
            lines = await _file(server, edge["node"]["fileUrl"], key)

    assert at_once == ["AUTHORIZED"]
    assert after_capture == ["CAPTURED"]
    assert after_refund == ["PARTIALLY_REFUNDED"]
    assert {(each["type"], each["data"]["id"]) for each in hooks[:3]} == {
        ("payment.authorized", payment),
        ("payment.captured", payment),
        ("refund.succeeded", refund["refund"]["id"]),
    }
    assert hooks[3]["type"] == "settlement.created"
    assert edge["node"]["closing"]["amountMinor"] == 700
    of_the_payment = [(each["type"], each["gross_minor"]) for each in lines if each["payment_id"]]
    assert of_the_payment == [("payment", "1000"), ("refund", "-300")]
    assert await factories.balances(ada.wallet) == [4_300]


def _settings(urls: DatabaseUrls) -> dict[str, str]:
    return {
        **SETTINGS,
        "UPAY_MODE": "test",
        "UPAY_DATABASE_URL": urls.application,
        "UPAY_DATABASE_OWNER_URL": urls.owner,
    }


def _yuan(amount: int) -> dict[str, Any]:
    return {"amountMinor": amount, "currency": "CNY"}


async def _asked(server: Server, token: str, document: str, **words: Any) -> Any:
    """What the only root field answered to an input of these words."""
    [field] = (await _told(server, token, document, input=words)).values()
    assert field, f"another answer than was looked for: {document}"
    return field


async def _told(server: Server, token: str, document: str, **variables: Any) -> dict[str, Any]:
    async with httpx2.AsyncClient(trust_env=False, timeout=PATIENCE_SECONDS) as http:
        answer = await http.post(
            f"http://127.0.0.1:{server.port}/graphql",
            json={"query": document, "variables": variables},
            headers={"authorization": f"Bearer {token}"},
        )
    told: dict[str, Any] = answer.json()
    assert "errors" not in told, told
    data: dict[str, Any] = told["data"]
    return data


@asynccontextmanager
async def _two_sides(server: Server, payment: str, **tokens: str) -> AsyncIterator[Any]:
    """Both follow the payment; yields what waits until each heard so much more, the same."""
    words = {
        "address": f"127.0.0.1:{server.port}",
        "tokens": tokens,
        "document": FOLLOW,
        "variables": {"id": payment},
    }
    following = await asyncio.create_subprocess_exec(
        NODE, TWO_SIDES, json.dumps(words), stdout=subprocess.PIPE, start_new_session=True
    )
    assert following.stdout is not None
    lines = following.stdout
    states: dict[str, list[str]] = {who: [] for who in tokens}

    async def heard(count: int) -> list[str]:
        before = {who: len(each) for who, each in states.items()}
        async with asyncio.timeout(PATIENCE_SECONDS):
            while any(len(states[who]) < before[who] + count for who in states):
                said = json.loads(await lines.readline())
                event = said["payload"]["data"]["paymentUpdated"]
                if "payment" in event:
                    states[said["who"]].append(event["payment"]["state"])
                    assert event["seq"] == len(states[said["who"]])
        [more] = {tuple(each[before[who] :]) for who, each in states.items()}
        return list(more)

    try:
        yield heard
    finally:
        # Node itself is a child of what was started.
        os.killpg(following.pid, signal.SIGKILL)
        await following.wait()


async def _verified(program: FarEnd, secret: str, *, count: int) -> list[Any]:
    """The webhooks that came, by when they were made; each proved by hand to be uPay's."""
    return [_proved(each, secret) for each in await program.heard('"type"', times=count)]


def _proved(request: Heard, secret: str) -> Any:
    id, moment = request.headers["webhook-id"], request.headers["webhook-timestamp"]
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = b".".join([id.encode(), moment.encode(), request.body])
    mac = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert request.headers["webhook-signature"] == f"v1,{mac}"
    assert abs(time.time() - int(moment)) < TOLERANCE_SECONDS
    return json.loads(request.body)


async def _file(server: Server, path: str, key: str) -> list[dict[str, str]]:
    async with httpx2.AsyncClient(trust_env=False, timeout=PATIENCE_SECONDS) as http:
        answer = await http.get(
            f"http://127.0.0.1:{server.port}{path}", headers={"authorization": f"Bearer {key}"}
        )
    assert answer.status_code == 200
    return list(csv.DictReader(answer.text.splitlines()))
