"""Every setting with its default, its meaning and how it is read."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Final, Self

from server import keys
from server.keys import SecretKey
from server.refusals import Refused
from server.settings import contradictions, values
from server.settings.modes import Mode

PREFIX: Final = "UPAY_"


class SettingsRefused(Refused):
    """A setting is unknown, wrong, missing, or does not go together with another."""


def _about(
    description: str, *, default: str = "", read: Callable[[str], object] = values.text
) -> dict[str, Any]:
    return {"description": description, "default": default, "read": read}


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Everything about this server that its operator decides. What is secret is in no repr."""

    mode: Mode = field(
        metadata=_about(
            "What this server is for: demo (a seeded town, nothing is real), test (a sandbox for "
            "developers) or live.",
            default="demo",
            read=values.one_of(Mode),
        )
    )
    host: str = field(
        metadata=_about(
            "The address to listen on; 0.0.0.0 lets other machines in.",
            default="127.0.0.1",
            read=values.host,
        )
    )
    port: int = field(
        metadata=_about(
            "The port to listen on; 0 takes one that is free.",
            default="8000",
            read=values.whole(0, 65535),
        )
    )
    data: Path | None = field(
        metadata=_about(
            "The folder of the embedded database and of the keys made here; without it "
            "./upay-data, or /var/lib/upay where root's PostgreSQL cannot reach that.",
            read=values.folder,
        )
    )
    database_url: str | None = field(
        repr=False,
        metadata=_about(
            "The PostgreSQL (15 or newer) to use, postgres://user:password@host:port/database; "
            "without it uPay runs its own.",
            read=values.database_url,
        ),
    )
    database_owner_url: str | None = field(
        repr=False,
        metadata=_about(
            "The same database as the role that owns the tables and migrates them; without it "
            "UPAY_DATABASE_URL does both.",
            read=values.database_url,
        ),
    )
    database_pool: int = field(
        metadata=_about(
            "How many connections to PostgreSQL each process may open.",
            default="10",
            read=values.whole(2, 500),
        )
    )
    redis_url: str | None = field(
        repr=False,
        metadata=_about(
            "The Redis through which several processes hear each other, "
            "redis://[user:password@]host:port/number; one process needs none.",
            read=values.redis_url,
        ),
    )
    secret_keys: tuple[SecretKey, ...] = field(
        repr=False,
        metadata=_about(
            "The server's secret keys as id:base64,…, the one in use first; "
            "`python -m server keys new` makes one. Demo and test make theirs in the data folder.",
            read=keys.parsed,
        ),
    )
    allowed_origins: tuple[str, ...] = field(
        metadata=_about(
            "The web origins whose pages may call the API, separated by commas; the server's own "
            "always may.",
            read=values.origins,
        )
    )
    trusted_proxies: tuple[str, ...] = field(
        metadata=_about(
            "The addresses or networks of proxies whose X-Forwarded headers are believed, "
            "separated by commas.",
            read=values.proxies,
        )
    )
    limits_file: Path | None = field(
        metadata=_about(
            "The file that says how much may leave a wallet, as policies/limits.toml, which holds "
            "without it.",
            read=values.folder,
        )
    )
    risk_file: Path | None = field(
        metadata=_about(
            "The file that says which payments are looked at twice, as policies/risk.toml, which "
            "holds without it.",
            read=values.folder,
        )
    )
    places: Path | None = field(
        metadata=_about(
            "The file that says where addresses are, network,place on each line, such as "
            "203.0.113.0/24,CN-SH; without it no rule knows where anybody is.",
            read=values.folder,
        )
    )
    rate_person: int = field(
        metadata=_about(
            "How many points a signed-in person may ask for in a minute; an operation costs what "
            "its answer says in extensions.cost.",
            default="6000",
            read=values.whole(1, 1_000_000),
        )
    )
    rate_address: int = field(
        metadata=_about(
            "The same for callers who are not signed in, by address; behind a proxy all share one "
            "unless it is among UPAY_TRUSTED_PROXIES.",
            default="3000",
            read=values.whole(1, 1_000_000),
        )
    )
    workers: int = field(
        metadata=_about(
            "How many processes answer requests; more than one needs UPAY_REDIS_URL.",
            default="1",
            read=values.whole(1, 64),
        )
    )
    drain_seconds: int = field(
        metadata=_about(
            "How long a server that was asked to stop still answers, saying at /readyz that it "
            "leaves, so that a load balancer looks elsewhere before it is turned away.",
            default="0",
            read=values.whole(0, 300),
        )
    )
    provider_url: str | None = field(
        metadata=_about(
            "Where the payment provider is; without it demo and test run a simulator of their own.",
            read=values.web_url,
        )
    )
    provider_secret: str | None = field(
        repr=False, metadata=_about("The secret shared with the payment provider.")
    )
    webhook_networks: tuple[str, ...] = field(
        metadata=_about(
            "The networks that webhooks may go to besides public addresses, separated by commas, "
            "such as 10.1.2.0/24; there plain http is good as well. Demo and test servers may "
            "always call this machine.",
            read=values.networks,
        )
    )
    public_url: str | None = field(
        metadata=_about(
            "Where people reach this server, such as https://pay.example: links in letters begin "
            "with it. Without it demo and test servers name their own address on this machine.",
            read=values.origin,
        )
    )
    passkey_domain: str | None = field(
        metadata=_about(
            "The domain that passkeys are made for: the host of UPAY_PUBLIC_URL, or one above it "
            "that the pages of UPAY_ALLOWED_ORIGINS share; without it that host. Once people have "
            "passkeys it must stay as it is.",
            read=values.domain,
        )
    )
    smtp_url: str | None = field(
        repr=False,
        metadata=_about(
            "The mail server that carries letters, smtp://user:password@host:587 (by STARTTLS, "
            "but for one on this machine) or smtps://…; without it demo and test servers keep "
            "letters in a tray at /dev/mail, and a live one sends none.",
            read=values.smtp_url,
        ),
    )
    mail_from: str | None = field(
        metadata=_about(
            "Whom letters come from, such as uPay <letters@pay.example>.",
            read=values.mailbox,
        )
    )
    sms_url: str | None = field(
        metadata=_about(
            "Who carries text messages: https://… (a gateway that takes JSON), file:/path, or "
            "console: to print them; without it they go where e-mails go in demo and test, and "
            "nowhere in live.",
            read=values.sms_url,
        )
    )
    sms_secret: str | None = field(
        repr=False,
        metadata=_about("The secret that signs what goes to the gateway of UPAY_SMS_URL."),
    )
    password_profile: str = field(
        metadata=_about(
            "The rules of passwords: classes (at least 12 characters with letters, digits and "
            "symbols, another one every 90 days without a second factor) or nist (at least 15 "
            "characters, 8 with a second factor, and no change without a cause).",
            default="classes",
            read=values.one_of(("classes", "nist")),
        )
    )
    password_block_list: Path | None = field(
        metadata=_about(
            "A file of passwords that nobody may choose: words, one on a line, or sorted SHA-1 "
            "lines as of breached passwords, alone or with :count behind.",
            read=values.file,
        )
    )
    log_level: str = field(
        metadata=_about(
            "The least that is logged: debug, info, warning or error.",
            default="info",
            read=values.one_of(("debug", "info", "warning", "error")),
        )
    )
    log_format: str = field(
        metadata=_about(
            "How it is logged: text for people, json for programs (an object on each line), or "
            "auto, which is text on a terminal.",
            default="auto",
            read=values.one_of(("auto", "text", "json")),
        )
    )
    metrics: tuple[str, int] | None = field(
        metadata=_about(
            "The address host:port where Prometheus reads /metrics, which nobody else should "
            "reach; without it there is none.",
            read=values.address,
        )
    )

    @classmethod
    def read(cls, environ: Mapping[str, str]) -> Self:
        """The settings in `environ`; an empty variable counts as a missing one.

        Raises:
            SettingsRefused: one of them is unknown or wrong, or they do not go together.
        """
        _refuse_unknown(environ)
        read: dict[str, Any] = {setting.field: _value(setting, environ) for setting in known()}
        settings = cls(**read)
        for sentence in contradictions.of(settings):
            raise SettingsRefused(sentence)
        return settings

    @property
    def is_embedded(self) -> bool:
        """Whether uPay runs its own PostgreSQL."""
        return self.database_url is None


@dataclass(frozen=True, slots=True)
class Setting:
    """What is known of a setting before it is read; `default` is empty when there is none."""

    field: str
    description: str
    default: str
    read: Callable[[str], object]
    is_secret: bool

    @property
    def name(self) -> str:
        """The variable's name, such as UPAY_PORT."""
        return f"{PREFIX}{self.field.upper()}"

    @property
    def names(self) -> tuple[str, ...]:
        """The variables it is read from: a secret may also be in a file."""
        return (self.name, f"{self.name}_FILE") if self.is_secret else (self.name,)


def known() -> tuple[Setting, ...]:
    """Every setting there is, in the order a person would read them."""
    return tuple(
        Setting(field=each.name, is_secret=not each.repr, **each.metadata)
        for each in fields(Settings)
    )


def _refuse_unknown(environ: Mapping[str, str]) -> None:
    names = sorted(name for setting in known() for name in setting.names)
    for name in sorted(environ):
        if name.startswith(PREFIX) and name not in names:
            [nearest] = difflib.get_close_matches(name, names, n=1, cutoff=0)
            raise SettingsRefused(
                f"There is no setting {name}: the nearest is {nearest}, and "
                "`python -m server settings` lists them all."
            )


def _value(setting: Setting, environ: Mapping[str, str]) -> object:
    text = _text(setting, environ) or setting.default
    if not text:
        return () if setting.read in _LISTS else None
    try:
        return setting.read(text)
    except ValueError as error:
        shown = "" if setting.is_secret else f", {text!r},"
        raise SettingsRefused(f"{setting.name}{shown} cannot be used: {error}.") from None


_LISTS: Final = (keys.parsed, values.origins, values.proxies, values.networks)


def _text(setting: Setting, environ: Mapping[str, str]) -> str:
    given = environ.get(setting.name, "").strip()
    file = environ.get(f"{setting.name}_FILE", "").strip() if setting.is_secret else ""
    if not file:
        return given
    if given:
        raise SettingsRefused(
            f"Both {setting.name} and {setting.name}_FILE are set: leave one of them away."
        )
    try:
        return Path(file).read_text().strip()
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not text"
        raise SettingsRefused(
            f"{setting.name}_FILE names {file}, which cannot be read ({why}): correct the path, "
            "or the rights of the file."
        ) from None
