"""E-mail by SMTP: one conversation for each letter, over TLS to any other machine."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as AS_SENT
from email.utils import format_datetime, parseaddr
from enum import StrEnum
from typing import Final, NoReturn, Self
from urllib.parse import unquote, urlsplit
from uuid import UUID

import aiosmtplib

from channels.couriers.letters import Letter, NotCarried, Undeliverable

CONNECT_SECONDS: Final = 10.0
CONVERSATION_SECONDS: Final = 60.0
"""For a whole conversation; servers that check a letter while it waits take their time."""

FAREWELL_SECONDS: Final = 2.0
_LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})


class Security(StrEnum):
    """How the conversation is kept from others."""

    TLS = "tls"
    STARTTLS = "starttls"
    NONE = "none"  # only to this machine


@dataclass(frozen=True, kw_only=True)
class MailServer:
    """A mail server and how it is spoken to."""

    host: str
    port: int
    security: Security
    user: str | None = None
    password: str | None = field(default=None, repr=False)

    @classmethod
    def at(cls, url: str) -> Self:
        """Read from smtp://user:password@host:port, or smtps:// for TLS from the first byte."""
        parts = urlsplit(url)
        host = parts.hostname or ""
        if parts.scheme == "smtps":
            security, port = Security.TLS, 465
        else:
            security = Security.NONE if host in _LOOPBACK else Security.STARTTLS
            port = 587 if security is Security.STARTTLS else 25
        return cls(
            host=host,
            port=parts.port or port,
            security=security,
            user=unquote(parts.username) if parts.username else None,
            password=unquote(parts.password) if parts.password else None,
        )


class Smtp:
    """Gives each letter to a mail server, which answers for it from then on.

    When its answer was lost the letter may go twice, with the same Message-ID.
    """

    def __init__(
        self,
        server: MailServer,
        *,
        sender: str,
        connect_seconds: float = CONNECT_SECONDS,
        conversation_seconds: float = CONVERSATION_SECONDS,
        trust: ssl.SSLContext | None = None,
    ) -> None:
        self._server = server
        self._sender = sender
        self._connect_seconds = connect_seconds
        self._conversation_seconds = conversation_seconds
        self._trust = trust

    async def send(self, letter: Letter) -> None:
        message = _message(letter, self._sender)
        async with self._conversation(self._conversation_seconds) as client:
            await _hand_over(client, message, letter.to)

    async def look(self) -> None:
        """Returns when the mail server lets us in; sends nothing.

        Raises:
            NotCarried: it does not.
        """
        async with self._conversation(self._connect_seconds):
            pass

    @asynccontextmanager
    async def _conversation(self, seconds: float) -> AsyncIterator[aiosmtplib.SMTP]:
        """Greets, lets the block speak for what is left of `seconds`, and says goodbye."""
        client = self._client()
        try:
            async with asyncio.timeout(seconds):
                await self._greet(client)
                yield client
            await _farewell(client)
        except TimeoutError:
            raise NotCarried("The mail server did not answer in time.") from None
        except (aiosmtplib.SMTPException, OSError) as error:
            raise NotCarried(_described(error)) from None
        finally:
            client.close()

    def _client(self) -> aiosmtplib.SMTP:
        server = self._server
        return aiosmtplib.SMTP(
            hostname=server.host,
            port=server.port,
            timeout=self._connect_seconds,
            use_tls=server.security is Security.TLS,
            start_tls=server.security is Security.STARTTLS,
            tls_context=self._trust,
            # Not this machine's name, which tells strangers where uPay runs.
            local_hostname=_domain(self._sender),
        )

    async def _greet(self, client: aiosmtplib.SMTP) -> None:
        await client.connect()
        if self._server.user and self._server.password:
            await client.login(self._server.user, self._server.password)


async def _hand_over(client: aiosmtplib.SMTP, message: EmailMessage, to: str) -> None:
    try:
        await client.send_message(message, recipients=[to], timeout=None)
    except aiosmtplib.SMTPRecipientsRefused as refused:
        _answer(refused.recipients[0].code)
    except (aiosmtplib.SMTPRecipientRefused, aiosmtplib.SMTPDataError) as refused:
        _answer(refused.code)


def _answer(code: int) -> NoReturn:
    # What the server says beside the number names the recipient, and is not ours to repeat.
    if code >= 500:
        raise Undeliverable(f"The mail server answered {code}.") from None
    raise NotCarried(f"The mail server answered {code}.") from None


async def _farewell(client: aiosmtplib.SMTP) -> None:
    """The letter is taken by now, whatever becomes of the goodbye."""
    with suppress(aiosmtplib.SMTPException, OSError, TimeoutError):
        async with asyncio.timeout(FAREWELL_SECONDS):
            await client.quit()


def _message(letter: Letter, sender: str) -> EmailMessage:
    """The letter as it goes over the wire; a header never holds a line of somebody's own."""
    message = EmailMessage(policy=AS_SENT)
    try:
        message["Message-ID"] = f"<{letter.id.hex}@{_domain(sender)}>"
        message["From"] = sender
        message["To"] = Address(addr_spec=letter.to)
        message["Subject"] = letter.subject
        if written_at := _written_at(letter.id):
            message["Date"] = format_datetime(written_at)
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(letter.text, cte="quoted-printable")
    except (ValueError, IndexError, MessageError):
        raise Undeliverable("Its address or its subject is none.") from None
    return message


def _written_at(id: UUID) -> datetime | None:
    """When a time-ordered id was made, so that the same letter always has the same date."""
    return datetime.fromtimestamp((id.int >> 80) // 1000, UTC) if id.version == 7 else None


def _domain(sender: str) -> str:
    return parseaddr(sender)[1].rpartition("@")[2]


def _described(error: Exception) -> str:
    """What went wrong, without what a server or a library says: it may repeat an address."""
    if isinstance(error, aiosmtplib.SMTPResponseException):
        return f"The mail server answered {error.code}."
    return f"The mail server could not be spoken to ({type(error).__name__})."
