"""A migration whose state comes from the models and whose DDL is written by hand in SQL files.

Tortoise records CHECKs and named constraints in its state but never creates them, so the rules
that guard money are written where they are enforced: in SQL, next to the tables.
"""

from __future__ import annotations

from pathlib import Path

from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.migrations.operations import TortoiseOperation
from tortoise.migrations.schema_editor.base import BaseSchemaEditor
from tortoise.migrations.schema_generator.state import State

_SQL = Path(__file__).parent.parent / "migrations" / "sql"


class Schema(TortoiseOperation):
    """Takes the state forward by ordinary operations, and the database by the named SQL files."""

    reduces_to_sql = True
    reversible = False

    def __init__(self, *state: TortoiseOperation, sql: tuple[str, ...]) -> None:
        self.state = state
        self.sql = sql
        self.atomic = None

    def describe(self) -> str:
        return "Schema: " + ", ".join(self.sql)

    def state_forward(self, app_label: str, state: State) -> None:
        for operation in self.state:
            operation.state_forward(app_label, state)

    async def database_forward(
        self,
        app_label: str,
        old_state: State,
        new_state: State,
        state_editor: BaseSchemaEditor | None = None,
    ) -> None:
        if state_editor is None:
            return
        if state_editor.collect_sql:
            state_editor.collected_sql += self._texts()
        else:
            await self.run_on(state_editor.client)

    async def run_on(self, database: BaseDBAsyncClient) -> None:
        """Takes the database forward, whatever the state is: that is for `makemigrations` alone."""
        for text in self._texts():
            await database.execute_script(text)

    def _texts(self) -> list[str]:
        return [(_SQL / name).read_text("utf-8") for name in self.sql]

    async def database_backward(
        self,
        app_label: str,
        old_state: State,
        new_state: State,
        state_editor: BaseSchemaEditor | None = None,
    ) -> None:
        raise RuntimeError("uPay migrates forward; to go back, restore a backup.")
