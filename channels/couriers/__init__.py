"""Handing letters to whoever carries them; in demo and test they stay in a tray."""

from channels.couriers.letters import Courier, Letter, NotCarried, Undeliverable
from channels.couriers.post import Post
from channels.couriers.sms import Console, File, Gateway
from channels.couriers.smtp import MailServer, Security, Smtp
from channels.couriers.tray import Tray, letters

__all__ = [
    "Console",
    "Courier",
    "File",
    "Gateway",
    "Letter",
    "MailServer",
    "NotCarried",
    "Post",
    "Security",
    "Smtp",
    "Tray",
    "Undeliverable",
    "letters",
]
