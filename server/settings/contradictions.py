"""Settings that do not go together, each with what to do about it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from server.settings.modes import Mode
from server.settings.values import is_this_machine

if TYPE_CHECKING:
    from server.settings.definitions import Settings


def of(settings: Settings) -> Iterator[str]:
    """What does not go together, in sentences, the gravest first."""
    if settings.mode is Mode.DEMO:
        yield from _of_a_demo(settings)
    if settings.mode is Mode.LIVE:
        yield from _of_a_live_server(settings)
    if settings.database_owner_url and not settings.database_url:
        yield (
            "UPAY_DATABASE_OWNER_URL is set and UPAY_DATABASE_URL is not: set both, or neither "
            "for the embedded database."
        )
    if settings.workers > 1 and not settings.redis_url:
        yield (
            f"UPAY_WORKERS is {settings.workers} and UPAY_REDIS_URL is not set: several processes "
            "hear each other through Redis, so set UPAY_REDIS_URL, or UPAY_WORKERS to 1."
        )
    if bool(settings.provider_url) != bool(settings.provider_secret):
        yield "UPAY_PROVIDER_URL and UPAY_PROVIDER_SECRET belong together: set both, or neither."
    yield from _of_letters(settings)
    yield from _of_passkeys(settings)


def _of_passkeys(settings: Settings) -> Iterator[str]:
    domain = settings.passkey_domain
    host = urlsplit(settings.public_url or "//localhost").hostname or ""
    if domain and not f".{host}".endswith(f".{domain}"):
        yield (
            f"UPAY_PASSKEY_DOMAIN is {domain}, and people reach this server at {host}: browsers "
            "make passkeys for a page's own host or a domain above it, so set it, or "
            "UPAY_PUBLIC_URL, to match."
        )


def _of_letters(settings: Settings) -> Iterator[str]:
    if settings.smtp_url and not settings.mail_from:
        yield (
            "UPAY_SMTP_URL is set and UPAY_MAIL_FROM is not: say whom letters come from, such as "
            "uPay <letters@pay.example>."
        )
    is_gateway = (settings.sms_url or "").startswith("http")
    if is_gateway and not settings.sms_secret:
        yield (
            "UPAY_SMS_URL names a gateway and UPAY_SMS_SECRET is not set: agree on a secret with "
            "the gateway, which signs what is sent to it."
        )


def _of_a_demo(settings: Settings) -> Iterator[str]:
    if settings.database_url or settings.database_owner_url:
        yield (
            "A demo keeps its people in the embedded database, so UPAY_DATABASE_URL cannot be "
            "used with it: set UPAY_MODE to test or live, or leave UPAY_DATABASE_URL away."
        )


def _of_a_live_server(settings: Settings) -> Iterator[str]:
    if not settings.secret_keys:
        yield (
            "A live server needs UPAY_SECRET_KEYS or UPAY_SECRET_KEYS_FILE: make a key with "
            "`python -m server keys new`, and keep it apart from the backups of the database."
        )
    for key in settings.secret_keys:
        if key.is_made_here:
            yield (
                f"UPAY_SECRET_KEYS holds {key.id}, the key of a demo or a test server: a live one "
                "needs keys of its own, which `python -m server keys new` makes."
            )
    for origin in settings.allowed_origins:
        if origin.startswith("http://") and not is_this_machine(origin):
            yield (
                f"UPAY_ALLOWED_ORIGINS names {origin}, whose pages anybody on the way can change: "
                "a live server needs https:// there."
            )
    yield from _of_live_letters(settings)


def _of_live_letters(settings: Settings) -> Iterator[str]:
    if settings.smtp_url and not settings.public_url:
        yield (
            "UPAY_SMTP_URL is set and UPAY_PUBLIC_URL is not: letters name the address that "
            "people reach this server at, so say which, such as https://pay.example."
        )
    url = settings.public_url or ""
    if url.startswith("http://") and not is_this_machine(url):
        yield (
            f"UPAY_PUBLIC_URL is {url}, whose pages anybody on the way can change: a live server "
            "needs https:// there."
        )
    if settings.sms_url and not settings.smtp_url:
        yield (
            "UPAY_SMS_URL is set and UPAY_SMTP_URL is not: everybody has an e-mail address and "
            "not everybody a telephone, so set UPAY_SMTP_URL as well."
        )
    if settings.sms_url == "console:":
        yield (
            "UPAY_SMS_URL is console:, which would print the codes of real people: name a gateway "
            "or a file."
        )
