"""The file of rollups beside the state: where it is, how it is built, what stands in it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sqlglot import exp

from assistant.settings import Settings
from semantic_layer.engines import Engine, Limits
from semantic_layer.engines.duckdb_open import matching_files
from semantic_layer.engines.duckdb_rollups import RollupWriter, table_of, writing_rollups
from semantic_layer.engines.fingerprint import stamp_files
from semantic_layer.model import Manifest
from semantic_layer.rollups import CATALOG, INFO, Facts, Stored, Unstored, layouts
from semantic_layer.rollups.build import RollupBuild, build_queries, proven
from semantic_layer.snapshot import Snapshot

FORMAT = 1
"""Of the file; a file of another format is not read."""
NAME = "rollups"
OnTable = Callable[[str, int, int], None]
"""Told the name, position and number of the table that is being built."""


@dataclass(frozen=True, slots=True)
class BuiltRollups:
    """What `wenshu rollup build` made."""

    file: Path
    tables: tuple[tuple[str, int], ...]
    """Name and rows of each."""
    unstored: tuple[Unstored, ...]


def rollup_file(folder: Path, manifest: Manifest, database: Path, settings: Settings) -> Path:
    """Where the rollups of exactly these definitions over exactly this data are."""
    files = _data_files(database, settings)
    stamps = [f"{s.path.name} {s.modified_ns} {s.size}" for s in stamp_files(files)]
    text = "\n".join([str(FORMAT), manifest.hash, *stamps])
    return folder / f"{NAME}-{hashlib.sha256(text.encode()).hexdigest()[:16]}.duckdb"


def outdated_files(file: Path) -> tuple[Path, ...]:
    """Rollups of other definitions or other data."""
    return tuple(f for f in sorted(file.parent.glob(f"{NAME}-*.duckdb")) if f != file)


def stored_rollups(manifest: Manifest, engine: Engine) -> Stored | None:
    """The rollups that are attached; None when there are none."""
    if f"{CATALOG}.{INFO}" not in engine.schema():
        return None
    rows = engine.run(exp.select("name", "value").from_(table_of(INFO)), Limits()).rows
    facts = {str(name): Facts.from_json(str(value)) for name, value in rows}
    return Stored.of(manifest, facts)


def build_rollups(
    snapshot: Snapshot, file: Path, database: Path, settings: Settings, on_table: OnTable
) -> BuiltRollups:
    """Builds every declared rollup into a new file, which then takes its place."""
    builds = build_queries(snapshot)
    found = layouts(snapshot.manifest)
    facts: dict[str, Facts] = {}
    unstored = list(found.unstored)
    pattern = settings.database.parquet
    parquet = str(database / pattern) if pattern else None
    with writing_rollups(file, path=database, parquet=parquet) as writer:
        for at, build in enumerate(builds, start=1):
            on_table(build.table.name, at, len(builds))
            known = _stored(build, snapshot, writer)
            if known is None:
                why = "关联会使一行变成多行,请先用 wenshu validate --live 查看"
                unstored.append(Unstored(build.table.rollup, build.table.dataset, why))
            else:
                facts[build.table.name] = known
        writer.tell(INFO, {name: known.to_json() for name, known in facts.items()})
    for outdated in outdated_files(file):
        outdated.unlink(missing_ok=True)
    tables = tuple((name, known.rows) for name, known in facts.items())
    return BuiltRollups(file, tables, tuple(unstored))


def _stored(build: RollupBuild, snapshot: Snapshot, writer: RollupWriter) -> Facts | None:
    types = writer.store(build.table.name, build.select)
    known = proven(build, snapshot, types, writer.rows, table_of(build.table.name))
    if known is None:
        writer.drop(build.table.name)
    return known


def _data_files(database: Path, settings: Settings) -> tuple[Path, ...]:
    if settings.database.parquet:
        return matching_files(str(database / settings.database.parquet))
    return (database.resolve(),)
