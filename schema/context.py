"""What every field may ask of the operation it answers: who, when, in which language."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeAlias

import strawberry

from domain.sessions import Identity
from models.sessions import Audience
from schema.loaders import Loaders
from schema.texts import Language


class NotSignedIn(Exception):
    """The operation needs somebody who is signed in to this API."""


class PasswordChangeRequired(Exception):
    """The session may do nothing before its person has chosen another password."""


@dataclass(slots=True)
class Context:
    """One operation's surroundings; a socket's operations each get their own.

    `now` is the moment the operation began; a subscription outlives it and asks `clock`.
    `client_version` is what the app says of itself, such as `ios/4.2.1`.
    `connection_params` is what a socket sent when it opened, and `still_lives` asks whether the
    session it opened with is there yet; HTTP requests show their token each time and have neither.
    """

    clock: Callable[[], datetime]
    language: Language
    livemode: bool
    audience: Audience
    identity: Identity | None = None
    request_id: str = ""
    client: str = ""
    client_version: str | None = None
    connection_params: dict[str, Any] | None = None
    still_lives: Callable[[Identity], Awaitable[bool]] | None = None
    now: datetime = field(init=False)
    loaders: Loaders = field(init=False, default_factory=Loaders)

    def __post_init__(self) -> None:
        self.now = self.clock()

    async def renewed(self) -> Context:
        """The same surroundings for another operation, with nothing remembered from the last."""
        identity = self.identity
        if identity is not None and self.still_lives and not await self.still_lives(identity):
            identity = None
        return replace(self, identity=identity)

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
            NotSignedIn: nobody is.
        """
        if self.identity is None:
            raise NotSignedIn
        return self.identity


if TYPE_CHECKING:
    Info: TypeAlias = strawberry.Info[Context, None]
else:
    Info = strawberry.Info
