"""What every field may ask of the operation it answers: who, when, in which language."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeAlias
from uuid import UUID

import strawberry

from domain import merchants
from domain.merchants import Actor, KeyHolder, Scope
from domain.sessions import Identity
from models.sessions import Audience
from schema import ids
from schema.loaders import Loaders
from schema.texts import Language


class NotSignedIn(Exception):
    """The operation needs somebody who is signed in to this API."""


class KeyOfOtherMode(Exception):
    """What was shown is a key of a server of the other mode; which one, its beginning tells."""


class PasswordChangeRequired(Exception):
    """The session may do nothing before its person has chosen another password."""


@dataclass(slots=True)
class Context:
    """One operation's surroundings; a socket's operations each get their own.

    `now` is the moment the operation began; a subscription outlives it and asks `clock`.
    `public_url` is where people reach this server, without a slash at its end.
    `key_holder` is the program that shows a merchant's key; then there is no `identity`.
    `is_of_other_mode` when it showed a key that is for a server of the other mode.
    `client_version` is what the app says of itself, such as `ios/4.2.1`.
    `connection_params` is what a socket sent when it opened, and `still_lives` asks whether the
    session or the key it opened with is there yet; HTTP requests show theirs each time and have
    neither.
    """

    clock: Callable[[], datetime]
    language: Language
    livemode: bool
    audience: Audience
    public_url: str = "http://localhost:8000"
    identity: Identity | None = None
    key_holder: KeyHolder | None = None
    is_of_other_mode: bool = False
    request_id: str = ""
    client: str = ""
    client_version: str | None = None
    connection_params: dict[str, Any] | None = None
    still_lives: Callable[[Identity | KeyHolder], Awaitable[bool]] | None = None
    now: datetime = field(init=False)
    loaders: Loaders = field(init=False, default_factory=Loaders)

    def __post_init__(self) -> None:
        self.now = self.clock()

    async def renewed(self) -> Context:
        """The same surroundings for another operation, with nothing remembered from the last."""
        caller = self.identity or self.key_holder
        if caller is None or self.still_lives is None or await self.still_lives(caller):
            return replace(self)
        return replace(self, identity=None, key_holder=None)

    @property
    def caller_id(self) -> UUID | None:
        """For whom it is counted what is asked: a person, or a merchant with all its keys."""
        if self.identity is not None:
            return self.identity.person_id
        return None if self.key_holder is None else self.key_holder.merchant_id

    @property
    def person(self) -> Identity:
        """Whoever is signed in and may do everything.

        Raises:
            NotSignedIn: nobody is.
            PasswordChangeRequired: they must choose another password first.
        """
        identity = self.limited_person
        if identity.limited_to is not None:
            raise PasswordChangeRequired
        return identity

    @property
    def limited_person(self) -> Identity:
        """Whoever is signed in, for the few verbs that are left to a limited session.

        Raises:
            NotSignedIn: nobody is; a key of a merchant stands for no person.
            KeyOfOtherMode: see there.
        """
        if self.is_of_other_mode:
            raise KeyOfOtherMode
        if self.identity is None:
            raise NotSignedIn
        return self.identity

    async def acting(self, scope: Scope, merchant_id: str | None = None) -> Actor:
        """Whoever acts for a merchant: the holder of its key, or somebody who works there.

        A person says which merchant is meant; of a key there is only one.

        Raises:
            NotSignedIn: nobody is, and no key was shown.
            KeyOfOtherMode: see there.
            PasswordChangeRequired: they must choose another password first.
            ScopeMissing, NotFound: see `merchants.acting`.
        """
        holder = self.key_holder
        identity = self.person if holder is None else None
        named = None if merchant_id is None else ids.parse(merchant_id, ids.Prefix.MERCHANT)
        return await merchants.acting(scope, holder=holder, identity=identity, merchant_id=named)

    async def acting_or_self(self, scope: Scope, merchant_id: str | None = None) -> Actor | None:
        """As `acting`; None for a person who says nothing of a merchant, and asks for themselves.

        Raises:
            As `acting`.
        """
        if self.key_holder is None and merchant_id is None:
            _ = self.person
            return None
        return await self.acting(scope, merchant_id)


if TYPE_CHECKING:
    Info: TypeAlias = strawberry.Info[Context, None]
else:
    Info = strawberry.Info
