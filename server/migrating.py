"""Bringing a database's tables up to the code, one migration and its record in one transaction."""

from __future__ import annotations

from tortoise.migrations.executor import MigrationExecutor, PlanStep
from tortoise.migrations.graph import MigrationKey
from tortoise.migrations.recorder import MigrationRecorder
from tortoise.transactions import in_transaction

from models.config import APPS
from models.database import Client, connected
from models.schema_operation import Schema

_LOCK = 0x75506179  # "uPay": two servers that start together migrate one after the other.


class DatabaseIsNewer(Exception):
    """The database was migrated by a newer uPay than this one."""


async def migrate(owner_url: str, *, application: str | None = None) -> list[str]:
    """Applies what is missing as the owner, grants it to `application`; returns what was applied.

    Waits as long as another migrates, and as long as a migration takes.

    Raises:
        DatabaseIsNewer: a migration was applied that this code does not know.
    """
    async with (
        connected(owner_url, pool_size=3, is_patient=True) as database,
        database.pool.acquire() as guard,
    ):
        await guard.execute("SELECT pg_advisory_lock($1)", _LOCK)
        try:
            applied = await _apply_missing(database)
            if application is not None:
                await _grant(database, application)
            return applied
        finally:
            await guard.execute("SELECT pg_advisory_unlock($1)", _LOCK)


async def missing_migrations(url: str) -> list[str]:
    """The migrations this code has and the database has not; either role may ask.

    Raises:
        DatabaseIsNewer: as `migrate`.
    """
    async with connected(url, pool_size=1) as database:
        executor = await _executor(database)
        return [step.migration.name for step in _missing(executor, await _applied(executor))]


async def _executor(database: Client) -> MigrationExecutor:
    executor = MigrationExecutor(database, APPS)
    await executor.loader.build_graph()
    return executor


async def _applied(executor: MigrationExecutor) -> set[MigrationKey]:
    # Not the recorder's own question: it takes a lost connection for an empty database.
    database = executor.connection
    [there] = await database.execute_query_dict("SELECT to_regclass('tortoise_migrations') AS it")
    if there["it"] is None:
        return set()
    rows = await database.execute_query_dict("SELECT app, name FROM tortoise_migrations")
    applied = {MigrationKey(app_label=row["app"], name=row["name"]) for row in rows}
    newer = sorted(key.name for key in applied - set(executor.loader.graph.nodes))
    if newer:
        raise DatabaseIsNewer(
            f"The database knows the migration {newer[-1]}, which this uPay does not: it was "
            "migrated by a newer version. Start that version, or restore a backup made by this one."
        )
    return applied


def _missing(executor: MigrationExecutor, applied: set[MigrationKey]) -> list[PlanStep]:
    return executor._migration_plan(None, applied, executor.loader.graph)


async def _apply_missing(database: Client) -> list[str]:
    executor = await _executor(database)
    applied = await _applied(executor)
    await executor.recorder.ensure_schema(executor._schema_editor(atomic=False))
    names = []
    for step in _missing(executor, applied):
        async with in_transaction("default") as transaction:
            # Not `step.migration.apply`, which works out what all models looked like then: that
            # takes seconds of every start, and our operations have no use for it.
            for operation in step.migration.operations:
                assert isinstance(operation, Schema), "DDL is written by hand (decision 5)"
                await operation.run_on(transaction)
            await MigrationRecorder(transaction).record_applied(
                step.migration.app_label, step.migration.name
            )
        names.append(step.migration.name)
    return names


async def _grant(database: Client, role: str) -> None:
    """Everything the application may do; journal, audit and chain it can only add to."""
    name = '"' + role.replace('"', '""') + '"'
    insert_only = (
        "postings, entries, audit_records, provider_messages, chain_links, chain_anchors, "
        "house_marks"
    )
    await database.execute_script(
        f"""
        GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {name};
        REVOKE UPDATE, DELETE ON {insert_only} FROM {name};
        REVOKE INSERT, UPDATE, DELETE ON tortoise_migrations FROM {name};
        GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO {name};
        """
    )
