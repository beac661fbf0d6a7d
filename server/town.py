"""The small town of a demo: who lives there, what they own, and how they sign in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from domain.merchants import Particulars
from models.people import Role

PASSWORD: Final = "small-town-2026"  # noqa: S105 - nothing in a demo is real.
PIN: Final = "246810"


@dataclass(frozen=True, kw_only=True)
class Townsperson:
    """`money` is what their wallets begin with, in minor units of each currency."""

    name: str
    display_name: str
    role: Role = Role.CUSTOMER
    phone: str | None = None
    locale: str = "en"
    time_zone: str = "Asia/Shanghai"
    money: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def email(self) -> str:
        return f"{self.name}@town.example"


@dataclass(frozen=True, kw_only=True)
class Shop:
    """A merchant that takes payments; `owner` and `decided_by` are people of the town."""

    owner: str
    decided_by: str
    name: str
    category: str
    country: str
    city: str

    @property
    def particulars(self) -> Particulars:
        """What its owner says of it."""
        return Particulars(
            name=self.name, category=self.category, country=self.country, city=self.city
        )


PEOPLE: Final = (
    Townsperson(
        name="ada",
        display_name="Ada Lovelace",
        phone="+447400123456",
        time_zone="Europe/London",
        money={"CNY": 10_000_00, "USD": 100_00},
    ),
    Townsperson(
        name="bob",
        display_name="王小明",
        phone="+8613800138000",
        locale="zh-CN",
        money={"CNY": 500_00, "JPY": 5_000},
    ),
    Townsperson(
        name="mei",
        display_name="王梅",
        phone="+8613800138001",
        locale="zh-CN",
        money={"CNY": 0},
    ),
    Townsperson(name="lin", display_name="林", role=Role.AGENT, locale="zh-CN"),
    Townsperson(name="wei", display_name="Wei", role=Role.AGENT),
    Townsperson(name="yan", display_name="Yan", role=Role.SUPERVISOR),
)
TEAHOUSE: Final = Shop(
    owner="mei", decided_by="lin", name="茶馆", category="5812", country="CN", city="杭州"
)
