"""Who carries letters in this process, by what the operator has set."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from urllib.parse import unquote, urlsplit

from channels.couriers import Console, Courier, File, Gateway, MailServer, Post, Smtp, Tray
from server.foundations import Foundations
from server.settings import Mode, Settings


def tray(foundations: Foundations) -> Path | None:
    """The folder where letters stay that do not leave; None where all of them leave, or must."""
    settings = foundations.settings
    if settings.mode is Mode.LIVE or foundations.folder is None:
        return None
    if settings.smtp_url and settings.sms_url:
        return None
    return foundations.folder / "letters"


@asynccontextmanager
async def opened(settings: Settings, tray: Path | None) -> AsyncIterator[Courier | None]:
    """The courier of all kinds of letters; None where there is nobody, and letters wait."""
    kept: Courier | None = Tray(tray) if tray else None
    async with AsyncExitStack() as ending:
        email, phone = mail(settings) or kept, await _sms(settings, ending) or kept
        found = {"email": email, "phone": phone}
        couriers = {kind: courier for kind, courier in found.items() if courier is not None}
        yield Post(couriers) if couriers else None


def mail(settings: Settings) -> Smtp | None:
    """The mail server of the settings; None when they name none."""
    if not settings.smtp_url or not settings.mail_from:
        return None
    return Smtp(MailServer.at(settings.smtp_url), sender=settings.mail_from)


async def _sms(settings: Settings, ending: AsyncExitStack) -> Courier | None:
    url = settings.sms_url
    if url is None:
        return None
    if url == "console:":
        return Console()
    if url.startswith("file:"):
        return File(Path(unquote(urlsplit(url).path)))
    gateway = Gateway(url, secret=settings.sms_secret or "")
    return await ending.enter_async_context(gateway)
