"""Who stands on the sides of a movement, as far as whoever asks may know it."""

from __future__ import annotations

from enum import Enum
from uuid import UUID

import strawberry

from domain import names
from models.sides import Owner, Side
from models.unclaimed import FarEnd
from models.wallets import AccountKind
from schema import ids
from schema.texts import Language


@strawberry.enum(description="What stands on one side of a movement.")
class PartyKind(Enum):
    PERSON = "person"
    MERCHANT = "merchant"
    HOUSE = strawberry.enum_value("house", description="uPay itself, or a payment provider.")
    PHONE = strawberry.enum_value(
        "phone", description="A telephone number that was nobody's when money was sent to it."
    )


@strawberry.type(description="One side of a movement, as far as whoever asks may know it.")
class Party:
    id: strawberry.ID | None = strawberry.field(
        description="Names this party in a movement filter; null for the house."
    )
    kind: PartyKind
    name: str = strawberry.field(
        description="Masked, unless it is you, a merchant, or uPay itself; of a closed account "
        "only that it is one."
    )
    is_me: bool

    @classmethod
    def of(cls, side: Side, viewer_id: UUID | None, language: Language) -> Party:
        owner = side.owner
        if owner is None:
            house = _HOUSE_NAMES.get(side.kind, _HOUSE)
            return cls(id=None, kind=PartyKind.HOUSE, name=house[language], is_me=False)
        is_me = owner.id == viewer_id
        is_shown = is_me or owner.is_merchant
        return cls(
            id=strawberry.ID(ids.public(ids.Prefix.PARTY, owner.id)),
            kind=PartyKind.MERCHANT if owner.is_merchant else PartyKind.PERSON,
            name=_name(owner, language, is_shown=is_shown),
            is_me=is_me,
        )

    @classmethod
    def at(cls, end: FarEnd, viewer_id: UUID | None, language: Language) -> Party:
        """Who sent money that waited for a telephone number, or the number it waits for."""
        if end.payer is not None:
            return cls.of(Side(AccountKind.WALLET, end.payer), viewer_id, language)
        return cls(id=None, kind=PartyKind.PHONE, name=end.masked or "", is_me=False)


def masked_person(owner: Owner, language: Language) -> str:
    """As much of somebody's name as a stranger may know."""
    return _name(owner, language, is_shown=False)


def _name(owner: Owner, language: Language, *, is_shown: bool) -> str:
    """As much of a name as may be known; of whoever closed their account only that they did."""
    if owner.is_closed:
        return _CLOSED[language]
    return owner.display_name if is_shown else names.masked_name(owner.display_name)


_CLOSED = {Language.EN: "Closed account", Language.ZH_CN: "已注销账户"}
_HOUSE = {Language.EN: "uPay", Language.ZH_CN: "uPay"}
_HOUSE_NAMES = {
    AccountKind.PROVIDER_CLEARING: {Language.EN: "Bank card", Language.ZH_CN: "银行卡"},
}
