"""The post: e-mails and text messages go different ways."""

from __future__ import annotations

from collections.abc import Mapping

from channels.couriers.letters import Courier, Letter, Undeliverable


class Post:
    """Gives each letter to the courier of its kind."""

    def __init__(self, couriers: Mapping[str, Courier]) -> None:
        self._couriers = couriers

    async def send(self, letter: Letter) -> None:
        courier = self._couriers.get(letter.kind)
        if courier is None:
            raise Undeliverable(f"Nobody carries letters of the kind {letter.kind}.")
        await courier.send(letter)
