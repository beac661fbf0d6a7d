"""The guides for front ends and merchants, read by somebody who does what they say."""

from __future__ import annotations

import re

import pytest

from tests.guides.pages import Reader

pytestmark = pytest.mark.slow


def test_a_newcomer_moves_in_and_pays_bob_by_hand(reader: Reader) -> None:
    said = reader.runs_shell("frontend/quickstart.md")

    assert '"errors"' not in said
    assert '"status":"COMPLETED"' in said
    assert '"__typename":"TransferCompleted"' in said
    assert '"available":{"display":"CN¥187.50"}' in said


def test_the_quickstart_does_the_same_in_typescript(reader: Reader) -> None:
    said = reader.runs_typescript("frontend/quickstart.md")

    assert said.splitlines() == ["CN¥12.50 to **明", "TransferCompleted CN¥12.50"]


def test_each_way_of_a_no_is_met_as_the_guide_says(reader: Reader) -> None:
    said = reader.runs_typescript("frontend/errors.md")

    assert "problem PAYEE_NOT_FOUND [ 'payee' ]" in said
    assert "first PaymentCompleted" in said
    assert "code: 'ORDER_PAID'" in said
    assert "title: '订单已支付'" in said
    assert "top-level NOT_FOUND do not" in said


def test_whoever_loses_an_answer_pays_once_and_learns_what_became_of_it(reader: Reader) -> None:
    said = reader.runs_typescript("frontend/idempotency.md").splitlines()

    assert re.fullmatch(r"paid trf_[0-9a-f]{32}", said[0])
    assert said[1:4] == ["the same true", "never used null", "KEY_REUSED"]
    assert [said[4], said[-1]] == ["top-up PENDING", "top-up COMPLETED"]
    assert "top-up UNKNOWN" in said


def test_a_payment_is_heard_over_a_socket_and_over_plain_http(reader: Reader) -> None:
    over_a_socket = reader.runs_typescript("frontend/realtime.md")
    over_http = reader.runs_shell("frontend/realtime.md")

    assert over_a_socket == "IN CN¥7.25\n"
    assert '"walletEvents":{"seq":1,"status":"COMPLETED"' in over_http
    assert "CN¥7.25" in over_http


def test_a_merchant_takes_a_payment_from_the_order_to_the_webhook(reader: Reader) -> None:
    reader.saves("merchants/README.md", "receiver.ts")

    said = reader.runs_shell("merchants/README.md")

    assert '"errors"' not in said
    assert "the page of the code: 200" in said
    assert '"state":"AUTHORIZED"' in said
    assert '"captured":{"display":"CN¥10.00"},"voided":{"display":"CN¥2.50"}' in said
    assert '"refundable":{"display":"CN¥7.00"}' in said
    heard = re.findall(r"^(payment|refund)\.(\w+) (?:pay|rfd)_", said, re.MULTILINE)
    assert sorted(heard) == [
        ("payment", "authorized"),
        ("payment", "captured"),
        ("refund", "succeeded"),
    ]
