"""How Tortoise finds the tables: one app, one connection, our armoured client."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import unquote, urlsplit

MODULES = [
    "models.acquaintances",
    "models.audit",
    "models.bank_accounts",
    "models.cases",
    "models.chain",
    "models.client_versions",
    "models.devices",
    "models.exports",
    "models.factors",
    "models.freezes",
    "models.house",
    "models.jobs",
    "models.limits",
    "models.links",
    "models.merchant_codes",
    "models.merchants",
    "models.money_requests",
    "models.movements",
    "models.orders",
    "models.papers",
    "models.passkeys",
    "models.passwords",
    "models.payment_codes",
    "models.payments",
    "models.people",
    "models.phrases",
    "models.postings",
    "models.providers",
    "models.quotes",
    "models.receive_codes",
    "models.risk",
    "models.refunds",
    "models.retired_names",
    "models.sealed_files",
    "models.security_events",
    "models.sessions",
    "models.settlements",
    "models.statements",
    "models.streams",
    "models.test_clock",
    "models.unclaimed",
    "models.verification_requests",
    "models.wallets",
    "models.webhooks",
]

APPS: dict[str, dict[str, Any]] = {
    "models": {"models": MODULES, "default_connection": "default", "migrations": "migrations"}
}

COMMAND_SECONDS: Final = 30.0
"""How long a statement that somebody waits for may take."""


def tortoise_config(url: str, *, pool_size: int = 10, is_patient: bool = False) -> dict[str, Any]:
    """The configuration for one PostgreSQL URL (`postgres://user:password@host:port/database`).

    With `is_patient` a statement may take as long as it takes.
    """
    parts = urlsplit(url)
    return {
        "connections": {
            "default": {
                "engine": "models.database",
                "credentials": {
                    "host": parts.hostname or "localhost",
                    "port": parts.port or 5432,
                    "user": unquote(parts.username or ""),
                    "password": unquote(parts.password or ""),
                    "database": parts.path.lstrip("/"),
                    "minsize": 1,
                    "maxsize": pool_size,
                    "command_timeout": None if is_patient else COMMAND_SECONDS,
                    "timeout": 10,
                },
            }
        },
        "apps": APPS,
        "use_tz": True,
        "timezone": "UTC",
    }
