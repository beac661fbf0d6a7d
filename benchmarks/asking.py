"""GraphQL requests as the bytes that go over the wire."""

from __future__ import annotations

import json
from typing import Any


def request(document: str, variables: dict[str, Any], *, token: str | None = None) -> bytes:
    """A POST to `/graphql`, signed in when there is a token."""
    body = json.dumps({"query": document, "variables": variables}).encode()
    lines = [
        "POST /graphql HTTP/1.1",
        "Host: 127.0.0.1",
        "Accept: application/json",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
    ]
    if token is not None:
        lines.append(f"Authorization: Bearer {token}")
    return "\r\n".join([*lines, "", ""]).encode() + body
