"""The file of rollups beside the state: where it is, how it is built, what of it may be read."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Literal, NamedTuple

from sqlglot import exp

from assistant.settings import Settings
from semantic_layer.engines import Engine, EngineError, Limits
from semantic_layer.engines.duckdb_open import matching_files
from semantic_layer.engines.duckdb_rollups import RollupWriter, table_of, writing_rollups
from semantic_layer.engines.fingerprint import stamp_files
from semantic_layer.rollups import CATALOG, INFO, Facts, Stored, Unstored
from semantic_layer.rollups.build import (
    FORMAT,
    RollupBuild,
    build_queries,
    proven,
    table_keys,
    unstored_parts,
)
from semantic_layer.snapshot import Snapshot

logger = logging.getLogger(__name__)
NAME = "rollups"
REBUILD = "已忽略,结果不受影响;要更快请运行 wenshu rollup build"
DAMAGED = f"预汇总文件 {{file}} 不完整或已损坏,{REBUILD}"
OLDER = f"预汇总文件 {{file}} 由另一版本的问数建立,{REBUILD}"
FORMAT_ROW, DEFINITIONS_ROW = "format", "definitions"
"""What the file says of itself, beside one row per table; names of tables are longer."""
EVERYTHING = Limits(timeout_s=600)


class Progress(NamedTuple):
    """Told before and after each table."""

    table: str
    at: int
    total: int
    done: Literal["kept", "built", "dropped"] | None = None
    """None: it has just begun."""
    seconds: float = 0


OnTable = Callable[[Progress], None]


@dataclass(frozen=True, slots=True)
class BuiltRollups:
    """What `wenshu rollup build` made."""

    file: Path
    tables: tuple[tuple[str, int], ...]
    """Name and rows of each."""
    kept: tuple[str, ...]
    """Tables taken over as they were: nothing they depend on has changed."""
    unstored: tuple[Unstored, ...]


def rollup_file(folder: Path, database: Path, settings: Settings) -> Path:
    """Where the rollups over exactly this data are."""
    files = _data_files(database, settings)
    stamps = [f"{s.path.name} {s.modified_ns} {s.size}" for s in stamp_files(files)]
    digest = hashlib.sha256("\n".join(stamps).encode()).hexdigest()
    return folder / f"{NAME}-{digest[:16]}.duckdb"


def outdated_files(file: Path) -> tuple[Path, ...]:
    """Rollups of other data."""
    return tuple(f for f in sorted(file.parent.glob(f"{NAME}-*.duckdb")) if f != file)


def stored_rollups(snapshot: Snapshot, engine: Engine, file: Path) -> Stored | None:
    """What of the file may be read under these definitions; None: there is no file."""
    if not file.is_file():
        return None
    read = _read(engine)
    if isinstance(read, str):
        logger.warning(read.format(file=file))
        return Stored(trouble=read.format(file=file))
    definitions, facts = read
    if definitions != snapshot.manifest.hash:
        keys = table_keys(snapshot)
        facts = {name: known for name, known in facts.items() if keys.get(name) == known.key}
    return Stored.of(snapshot.manifest, facts)


def _read(engine: Engine) -> tuple[str, dict[str, Facts]] | str:
    """The definitions that were in force and the facts of every table, or what is wrong."""
    try:
        told = _told(engine)
        if told is not None and told.get(FORMAT_ROW) != FORMAT:
            return OLDER
        facts = None if told is None else _facts(told)
        if told is None or facts is None or not _readable(facts, engine):
            return DAMAGED
    except EngineError:
        return DAMAGED
    return told.get(DEFINITIONS_ROW, ""), facts


def build_rollups(
    snapshot: Snapshot, file: Path, database: Path, settings: Settings, on_table: OnTable
) -> BuiltRollups:
    """Builds what has changed into a new file, which then takes the old one's place."""
    builds = build_queries(snapshot)
    unstored = list(unstored_parts(snapshot))
    if not builds:
        return BuiltRollups(file, (), (), tuple(unstored))
    facts: dict[str, Facts] = {}
    kept: list[str] = []
    pattern = settings.database.parquet
    parquet = str(database / pattern) if pattern else None
    with writing_rollups(file, path=database, parquet=parquet) as writer:
        before = _before(writer)
        for at, build in enumerate(builds, start=1):
            name, began = build.table.name, monotonic()
            on_table(Progress(name, at, len(builds)))
            known = _kept(build, before, writer)
            if known is not None:
                kept.append(name)
            else:
                known = _stored(build, snapshot, writer)
            if known is None:
                why = "关联会使一行变成多行,请先用 wenshu validate --live 查看"
                unstored.append(Unstored(build.table.rollup, build.table.dataset, why))
            else:
                facts[name] = known
            done = "kept" if name in kept else "dropped" if known is None else "built"
            on_table(Progress(name, at, len(builds), done, monotonic() - began))  # type: ignore[arg-type]
        writer.tell(INFO, _telling(facts, snapshot))
    for outdated in outdated_files(file):
        with suppress(OSError):
            outdated.unlink()
    tables = tuple((name, known.rows) for name, known in facts.items())
    return BuiltRollups(file, tables, tuple(kept), tuple(unstored))


def _telling(facts: Mapping[str, Facts], snapshot: Snapshot) -> dict[str, str]:
    """The rows of the table of facts."""
    own = {FORMAT_ROW: FORMAT, DEFINITIONS_ROW: snapshot.manifest.hash}
    return {**own, **{name: known.to_json() for name, known in facts.items()}}


def _stored(build: RollupBuild, snapshot: Snapshot, writer: RollupWriter) -> Facts | None:
    types = writer.store(build.table.name, build.select)
    known = proven(build, snapshot, types, writer.rows, table_of(build.table.name))
    if known is None:
        writer.drop(build.table.name)
    return known


def _before(writer: RollupWriter) -> Mapping[str, Facts]:
    """What stands in the file that is being replaced, as far as it can be taken over."""
    try:
        rows = writer.rows_before(INFO)
    except EngineError:
        return {}
    told = {str(name): str(value) for name, value in rows}
    return (_facts(told) if told.get(FORMAT_ROW) == FORMAT else None) or {}


def _kept(build: RollupBuild, before: Mapping[str, Facts], writer: RollupWriter) -> Facts | None:
    """The table as it was, if it is what would be built now."""
    known = before.get(build.table.name)
    if known is None or (known.key, known.last_day) != (build.key, build.through):
        return None
    try:
        writer.take_over(build.table.name)
    except EngineError:
        return None
    return known


def _told(engine: Engine) -> Mapping[str, str] | None:
    """The table of facts; None: it is not there."""
    if f"{CATALOG}.{INFO}" not in engine.schema():
        return None
    rows = engine.run(exp.select("name", "value").from_(table_of(INFO)), EVERYTHING).rows
    return {str(name): str(value) for name, value in rows}


def _facts(told: Mapping[str, str]) -> dict[str, Facts] | None:
    """The facts of every table; None: they cannot be understood."""
    own = (FORMAT_ROW, DEFINITIONS_ROW)
    try:
        return {name: Facts.from_json(text) for name, text in told.items() if name not in own}
    except (ValueError, TypeError, KeyError):
        return None


def _readable(facts: Mapping[str, Facts], engine: Engine) -> bool:
    """Whether all tables are there, whole: reading every block once checks its sum."""
    for name, known in facts.items():
        columns = engine.schema().get(f"{CATALOG}.{name}")
        if not columns:
            return False
        hashes = (exp.func("hash", exp.column(c, quoted=True)) for c in columns)
        mixed = [exp.func("bit_xor", hashed) for hashed in hashes]
        read = exp.select(exp.Count(this=exp.Star()), *mixed).from_(table_of(name))
        if engine.run(read, EVERYTHING).rows[0][0] != known.rows:
            return False
    return True


def _data_files(database: Path, settings: Settings) -> tuple[Path, ...]:
    if settings.database.parquet:
        return matching_files(str(database / settings.database.parquet))
    return (database.resolve(),)
