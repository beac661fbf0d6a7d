"""Movements in a provider's hands: what it says, what follows, and when it is asked again.

What a provider says is kept raw before it is believed; what it does not say is asked for, for as
long as that takes. Nothing is paid twice: one movement is one order, by its own id.
"""

from __future__ import annotations

from domain.provider_orders.connection import connected, install
from domain.provider_orders.declines import FAILURE_CODES, failure_code
from domain.provider_orders.handing import (
    HandedOver,
    Handing,
    MessageKind,
    OtherProvider,
    check_unheard,
    end_unheard,
    hand_over,
    is_void,
    keep,
    name_account,
    take_back,
    token_of,
)
from domain.provider_orders.hearing import HEAR_JOB, LOOK_JOB, hear, look_in
from domain.provider_orders.sayings import Direction, Said, Verdict, direction
from domain.provider_orders.verdicts import (
    ASK_JOB,
    FIRST_PAUSE_SECONDS,
    LONGEST_PAUSE_SECONDS,
    ask_later,
    believe,
    lose,
)

__all__ = [
    "ASK_JOB",
    "FAILURE_CODES",
    "FIRST_PAUSE_SECONDS",
    "HEAR_JOB",
    "LONGEST_PAUSE_SECONDS",
    "LOOK_JOB",
    "Direction",
    "HandedOver",
    "Handing",
    "MessageKind",
    "OtherProvider",
    "Said",
    "Verdict",
    "ask_later",
    "believe",
    "check_unheard",
    "connected",
    "direction",
    "end_unheard",
    "failure_code",
    "hand_over",
    "hear",
    "install",
    "is_void",
    "keep",
    "look_in",
    "lose",
    "name_account",
    "take_back",
    "token_of",
]
