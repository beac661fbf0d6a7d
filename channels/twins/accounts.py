"""Bank accounts as the simulator checks them: the end of the number chooses what it says."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final
from uuid import UUID

from channels.providers import AccountStatus
from channels.twins.journal import Journal

SENT_MINOR: Final = 17
"""The small amount that goes to an account whose number ends in 77."""

MAX_TRIES: Final = 3
_EVENT: Final = "account"
_REFUSED: Final = {
    "13": "holder_differs",
    "14": "account_invalid",
    "15": "account_closed",
}


@dataclass(slots=True)
class Account:
    """One account as the simulator knows it: nothing of its number but the end."""

    id: UUID
    ending: str
    token: str
    tries: int = 0
    is_proved: bool = False

    def answer(self) -> dict[str, Any]:
        """What the simulator says of the account."""
        code = _REFUSED.get(self.ending)
        if code is None and self.tries >= MAX_TRIES and not self.is_proved:
            code = "too_many_tries"
        is_waiting = self.ending == "77" and not self.is_proved
        status = AccountStatus.AMOUNT_SENT if is_waiting else AccountStatus.CONFIRMED
        return {
            "account_id": str(self.id),
            "status": AccountStatus.REFUSED if code else status,
            "token": None if code else self.token,
            "decline_code": code,
            "tries_left": MAX_TRIES - self.tries if is_waiting and not code else None,
        }


class Accounts:
    """Every account the simulator was told of; what it learnt survives a kill."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._known: dict[UUID, Account] = {}
        for words in journal.past:
            if words["event"] == _EVENT:
                self._learn(words)

    def check(self, account_id: UUID, ending: str, token: str | None) -> Account:
        """Notes the account, or finds it: the same id is the same account."""
        if account_id not in self._known:
            self._write(Account(account_id, ending, token or f"acct_{account_id.hex}"))
        return self._known[account_id]

    def prove(self, account_id: UUID, amount_minor: int) -> Account | None:
        """Counts a try to say which amount came; None for an account that it was not told of."""
        known = self._known.get(account_id)
        if known is not None and known.answer()["status"] is AccountStatus.AMOUNT_SENT:
            is_right = amount_minor == SENT_MINOR
            self._write(replace(known, tries=known.tries + 1, is_proved=is_right))
        return self._known.get(account_id)

    def _write(self, account: Account) -> None:
        words = {
            "event": _EVENT,
            "account_id": str(account.id),
            "ending": account.ending,
            "token": account.token,
            "tries": account.tries,
            "is_proved": account.is_proved,
        }
        self._journal.write(words)
        self._learn(words)

    def _learn(self, words: dict[str, Any]) -> None:
        account_id = UUID(words["account_id"])
        self._known[account_id] = Account(
            account_id,
            words["ending"],
            words["token"],
            words["tries"],
            is_proved=words["is_proved"],
        )
