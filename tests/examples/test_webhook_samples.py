"""The samples of docs/merchants verify what uPay signs, and believe nothing else."""

from __future__ import annotations

import base64
import importlib.util
import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pytest

from channels.webhooks import signed
from domain.merchant_events import EventType

ROOT: Final = Path(__file__).parents[2]
SAMPLES: Final = ROOT / "docs" / "merchants" / "samples"
GUIDE: Final = (ROOT / "docs" / "merchants" / "webhooks.md").read_text("utf-8")
NODE: Final = Path(sys.executable).parent / "node"

NOW: Final = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
NEW, OLD, FOREIGN = bytes(range(32)), bytes(range(32, 64)), bytes(range(64, 96))
BODY: Final = '{"type":"payment.captured","data":{"reference":"茶 №1"}}'
RIGHT: Final = signed("mev_1", BODY, secrets=[NEW, OLD], at=NOW)
OF_NOBODY: Final = {"webhook-signature": "v1,", "webhook-id": "mev_1", "webhook-timestamp": "x"}

CASES: Final[list[tuple[str, bytes, dict[str, str], str, float, bool]]] = [
    ("the new secret fits", NEW, RIGHT, BODY, 0, True),
    ("the old secret fits while it is replaced", OLD, RIGHT, BODY, 0, True),
    ("five minutes are not too old", NEW, RIGHT, BODY, 300, True),
    ("six minutes are too old", NEW, RIGHT, BODY, 360, False),
    ("six minutes ahead are too early", NEW, RIGHT, BODY, -360, False),
    ("another secret does not fit", FOREIGN, RIGHT, BODY, 0, False),
    ("another body does not fit", NEW, RIGHT, BODY.replace("1", "2"), 0, False),
    ("another id does not fit", NEW, RIGHT | {"webhook-id": "mev_2"}, BODY, 0, False),
    ("another time does not fit", NEW, RIGHT | {"webhook-timestamp": "1772452801"}, BODY, 0, False),
    ("another version does not fit", NEW, RIGHT | {"webhook-signature": "v2,x"}, BODY, 0, False),
    ("no signature fits nothing", NEW, RIGHT | {"webhook-signature": ""}, BODY, 0, False),
    ("nonsense fits nothing", NEW, OF_NOBODY, BODY, 0, False),
    ("no headers fit nothing", NEW, {}, BODY, 0, False),
]


@pytest.mark.parametrize(
    ("secret", "headers", "body", "later", "fits"),
    [case[1:] for case in CASES],
    ids=[case[0] for case in CASES],
)
def test_the_sample_in_python_believes_what_upay_signed(
    secret: bytes, headers: dict[str, str], body: str, later: float, fits: bool
) -> None:
    sample = _imported(SAMPLES / "verify.py")
    now = (NOW + timedelta(seconds=later)).timestamp()

    if fits:
        said = sample.verify(_shown(secret), headers, body.encode(), now)
        assert said == json.loads(body)
    else:
        with pytest.raises(sample.NotVerified):
            sample.verify(_shown(secret), headers, body.encode(), now)


def test_the_sample_in_typescript_believes_the_same() -> None:
    asked = [
        {
            "secret": _shown(secret),
            "headers": headers,
            "body": body,
            "now": NOW.timestamp() + later,
        }
        for _, secret, headers, body, later, _ in CASES
    ]

    said = subprocess.run(
        [NODE, "--input-type=module", "--eval", _IN_NODE, "--", str(SAMPLES / "verify.ts")],
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )

    assert json.loads(said.stdout) == [
        json.loads(body) if fits else "NotVerified" for _, _, _, body, _, fits in CASES
    ]


def test_the_guide_names_both_samples_and_every_type_of_event() -> None:
    assert all(f"samples/{each.name}" in GUIDE for each in SAMPLES.glob("verify.*"))
    assert [each for each in EventType if f"`{each}`" not in GUIDE] == []


_IN_NODE: Final = """
    import { readFileSync } from "node:fs";
    const { verify, NotVerified } = await import(process.argv[1]);
    const said = JSON.parse(readFileSync(0, "utf8")).map(({ secret, headers, body, now }) => {
        try { return verify(secret, headers, Buffer.from(body), now); }
        catch (error) { if (error instanceof NotVerified) return "NotVerified"; throw error; }
    });
    console.log(JSON.stringify(said));
"""


def _shown(secret: bytes) -> str:
    return "whsec_" + base64.b64encode(secret).decode()


def _imported(path: Path) -> Any:
    spec = importlib.util.spec_from_file_location("sample", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
