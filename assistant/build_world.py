"""From definition files and a database to a world that can answer."""

from __future__ import annotations

from datetime import date
from functools import partial
from pathlib import Path

from sqlglot import exp

from assistant.dimension_values import find_closed, find_members, find_values
from assistant.disk_cache import DiskCache
from assistant.errors import DatabaseError
from assistant.language.lexicon import Lexicon
from assistant.learned import Learned
from assistant.linked import find_linked
from assistant.outcomes import AnswerCode
from assistant.planners.grammar import GrammarPlanner
from assistant.reported_days import find_reported_days
from assistant.retrieve import Embedding, Index, Shelf
from assistant.rollups import rollup_file, stored_rollups
from assistant.settings import EmbeddingSection, Settings
from assistant.shared_engine import SharedEngine
from assistant.sight import Sight
from assistant.world import RememberedDates, World
from semantic_layer import engines
from semantic_layer.calendars import bank_calendar
from semantic_layer.engines import DuckDBEngine, Limits, Table
from semantic_layer.guard import allowed_tables, check
from semantic_layer.model import Manifest
from semantic_layer.model.today import with_today
from semantic_layer.rollups.stored import extended_manifest
from semantic_layer.snapshot import Snapshot

PROBE_ROWS = 1_000_000
"""Value lists are longer than any answer; the limit per dimension lies far below."""


def build_world(
    manifest: Manifest,
    database: Path,
    settings: Settings,
    cache: DiskCache,
    state: Path,
    api_key: str = "",
) -> World:
    """Opens the database and learns from it what questions may name."""
    learned = Learned(manifest, database, cache)
    engine, rollups = _opened(database, settings, state)
    limits = Limits(settings.limits.timeout_s, max_result_rows=PROBE_ROWS)

    def ask(tree: exp.Expr) -> Table:
        return engine.run(tree, limits)

    schema = engine.schema()
    calendar = bank_calendar()
    bare = Snapshot(with_today(manifest, date.max), date.max, {}, {}, calendar, schema)
    stored = stored_rollups(bare, engine, rollups)
    readable = extended_manifest(manifest, stored) if stored else manifest
    values = learned.values(engine, lambda: find_values(bare, ask))
    closed = learned.closed(engine, lambda: find_closed(bare, ask))
    lexicon = Lexicon.build(manifest, values, closed)
    sight = Sight(bare, values, closed, ask)
    return World(
        manifest=manifest,
        engine=SharedEngine(engine),
        reader=GrammarPlanner(lexicon, manifest),
        values=values,
        sight=sight,
        index=Index(
            manifest,
            lexicon,
            sight,
            settings.project.examples,
            Shelf(state / "retrieval"),
            _embedding(settings.embedding, api_key),
        ),
        calendar=calendar,
        limits=settings.limits,
        schema=schema,
        check=partial(check, allowed=allowed_tables(readable, schema)),
        rollups=stored,
        members=learned.members(engine, lambda: find_members(bare, ask)),
        linked=learned.linked(engine, lambda: find_linked(bare, ask)),
        reported=learned.reported(engine, lambda: find_reported_days(bare, ask)),
        dates=RememberedDates(bare, ask, learned, engine),
    )


def _embedding(section: EmbeddingSection, api_key: str) -> Embedding:
    return Embedding(section.kind, section.base_url, section.model, section.timeout_s, api_key)


def _opened(database: Path, settings: Settings, state: Path) -> tuple[DuckDBEngine, Path]:
    """The database with the rollups of exactly this data, also if it was just replaced."""
    rollups = rollup_file(state, database, settings)
    while True:
        engine = open_engine(database, settings, rollups)
        after = rollup_file(state, database, settings)
        if after == rollups:
            return engine, rollups
        engine.close()
        rollups = after


def open_engine(database: Path, settings: Settings, rollups: Path | None = None) -> DuckDBEngine:
    """The project's database, read-only."""
    try:
        if settings.database.parquet:
            return DuckDBEngine(parquet=str(database / settings.database.parquet), rollups=rollups)
        return DuckDBEngine(path=database, rollups=rollups)
    except engines.DatabaseError as error:
        raise DatabaseError(error.message, _database_code(error)) from error


def _database_code(error: engines.DatabaseError) -> AnswerCode:
    if isinstance(error, engines.DatabaseMissingError):
        return "database_missing"
    if isinstance(error, engines.DatabaseLockedError):
        return "database_locked"
    return "database_corrupt"
