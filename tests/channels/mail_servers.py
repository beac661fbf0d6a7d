"""A real mail server in the test's own process, which answers as it is told."""

from __future__ import annotations

import asyncio
import email
import email.policy
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Any, Final

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

USER: Final = "upay"
PASSWORD: Final = "hush of the mail"
HANG_UP: Final = "hang up"
SAY_NOTHING: Final = "say nothing"


@dataclass
class Mailbox:
    """What arrived, and what is answered next; with nothing left to answer it says yes.

    `recipients` and `contents` are the answers to RCPT and to a whole letter, in their order.
    """

    host: str = "127.0.0.1"
    port: int = 0
    recipients: list[str] = field(default_factory=list)
    contents: list[str] = field(default_factory=list)
    arrived: list[EmailMessage] = field(default_factory=list)
    envelopes: list[tuple[str, list[str]]] = field(default_factory=list)
    conversations: int = 0
    was_encrypted: list[bool] = field(default_factory=list)
    _ended: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def url(self) -> str:
        return f"smtp://{self.host}:{self.port}"

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, _: list[str]
    ) -> str:
        answer = self.recipients.pop(0) if self.recipients else "250 OK"
        if answer == SAY_NOTHING:
            await self._ended.wait()
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        answer = self.contents.pop(0) if self.contents else "250 OK"
        if answer == HANG_UP:
            assert isinstance(server.transport, asyncio.WriteTransport)
            server.transport.abort()
            return "421 gone"
        if answer.startswith("250"):
            assert isinstance(envelope.content, bytes)
            message = email.message_from_bytes(envelope.content, policy=email.policy.default)
            assert isinstance(message, EmailMessage)
            self.arrived.append(message)
            self.envelopes.append((envelope.mail_from or "", list(envelope.rcpt_tos)))
            self.was_encrypted.append(session.ssl is not None)
        return answer


@asynccontextmanager
async def mail_server(
    *,
    starttls: ssl.SSLContext | None = None,
    tls: ssl.SSLContext | None = None,
    with_password: bool = False,
) -> AsyncIterator[Mailbox]:
    """A mail server on this machine during the block."""
    mailbox = Mailbox()
    options: dict[str, Any] = {"enable_SMTPUTF8": False, "hostname": "mail.test"}
    if with_password:
        options |= {"auth_required": True, "authenticator": _right, "auth_require_tls": False}
    if starttls is not None:
        options |= {"tls_context": starttls, "require_starttls": True}

    def conversation() -> SMTP:
        mailbox.conversations += 1
        return SMTP(mailbox, **options)

    listening = await asyncio.get_running_loop().create_server(
        conversation, "127.0.0.1", 0, ssl=tls
    )
    mailbox.port = listening.sockets[0].getsockname()[1]
    try:
        yield mailbox
    finally:
        mailbox._ended.set()
        listening.close()


def _right(server: SMTP, session: Session, envelope: Envelope, way: str, shown: Any) -> AuthResult:
    is_right = isinstance(shown, LoginPassword) and (shown.login, shown.password) == (
        USER.encode(),
        PASSWORD.encode(),
    )
    return AuthResult(success=is_right)
