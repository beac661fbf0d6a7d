"""Apps that say how old they are, and the one answer to those that are too old."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from graphql import FieldNode, GraphQLError, OperationDefinitionNode

from domain import client_versions
from domain.client_versions import Standing
from models.client_versions import ClientVersion, Platform
from schema import catalogue
from schema.client_versions import notes
from schema.context import Context
from server import errors

HEADER: Final = b"x-upay-client"
LONGEST: Final = 48
REMEMBERED_FOR: Final = timedelta(seconds=5)
ALWAYS_ANSWERED: Final = frozenset({"clientVersion", "__typename"})

_NAME: Final = re.compile(r"[a-z][a-z-]{0,15}")
_PLATFORMS: Final = {platform.value: platform for platform in Platform}

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Shown:
    """What an app says of itself."""

    platform: Platform
    version: str


class Unreadable(Exception):
    """It does not say what it is as a platform and a version, such as `ios/4.2.1`."""


def shown(text: str) -> Shown | None:
    """What an app says of itself; None for a platform that nobody has a policy for.

    Raises:
        Unreadable: it is not said as it must be.
    """
    if len(text) > LONGEST:
        raise Unreadable
    name, _, version = text.partition("/")
    if not _NAME.fullmatch(name):
        raise Unreadable
    try:
        client_versions.parsed(version)
    except client_versions.VersionInvalid:
        raise Unreadable from None
    platform = _PLATFORMS.get(name)
    return None if platform is None else Shown(platform, version)


class Policies:
    """The policies as they were at most five seconds ago, so that no request asks for them."""

    def __init__(self) -> None:
        self._known: Mapping[Platform, ClientVersion] = {}
        self._known_until: datetime | None = None

    async def refusal(
        self, context: Context, operation: OperationDefinitionNode | None
    ) -> GraphQLError | None:
        """Why an app is not answered; None when it is.

        `operation` is what it asks, None where that could not be read.
        """
        assert context.client_version is not None, "an app says what it is"
        try:
            app = shown(context.client_version)
        except Unreadable:
            return errors.no("BAD_REQUEST", "An app says what it is like this: ios/4.2.1.")
        if app is None:
            return None
        policy = (await self._policies(context.now)).get(app.platform)
        standing = client_versions.judged(client_versions.parsed(app.version), policy)
        if policy is None or standing is not Standing.OUTDATED or _is_always_answered(operation):
            return None
        return _outdated(app, policy, context)

    async def _policies(self, now: datetime) -> Mapping[Platform, ClientVersion]:
        if self._known_until is None or self._known_until <= now:
            # Set before: whoever asks meanwhile is answered by what was known.
            self._known_until = now + REMEMBERED_FOR
            try:
                self._known = {row.platform: row for row in await ClientVersion.all()}
            except errors.AWAY:
                log.warning("The policies of apps could not be read: the last known ones hold")
        return self._known


def _is_always_answered(operation: OperationDefinitionNode | None) -> bool:
    return operation is not None and all(
        isinstance(each, FieldNode) and each.name.value in ALWAYS_ANSWERED
        for each in operation.selection_set.selections
    )


def _outdated(app: Shown, policy: ClientVersion, context: Context) -> GraphQLError:
    code = "CLIENT_OUTDATED"
    return GraphQLError(
        catalogue.top_level(code).whole(context.language),
        extensions={
            "code": code,
            "platform": app.platform.name,
            "version": app.version,
            "minimum": policy.minimum,
            "recommended": policy.recommended,
            "notes": notes(policy, context.language),
            "url": policy.url,
        },
    )
