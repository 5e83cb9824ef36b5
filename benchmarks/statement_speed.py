"""How fast queries become SQL, and how that SQL compares with the best hand-written one.

    python benchmarks/statement_speed.py --database bank.duckdb --database large.duckdb --output …

Every question of `hand_written.yml` is asked both ways, by turns, in one run on one machine;
both must give the same rows. Without `--database` the project's own database is taken.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

import duckdb
from hand_written import Written, read_questions
from statement_report import Measured, Section, Stations, markdown

from assistant import Assistant
from assistant.locations import demo_project
from semantic_layer.compile import Compiled, compile_query, compiled_once
from semantic_layer.guard import allowed_tables, check
from semantic_layer.principal import Principal
from semantic_layer.resolve import resolve, resolved_once
from semantic_layer.resolved import ResolvedQuery
from semantic_layer.rollups.stored import extended_manifest
from semantic_layer.snapshot import Snapshot
from semantic_layer.statement import Check, Statement

ANALYST = Principal("演示用户", ("analyst",))
REPEATED = 20
"""How often a query is compiled with nothing in between."""
PLACES = 9
"""Significant digits that both sides must agree in."""


@dataclass(frozen=True, slots=True)
class Bench:
    """What all questions share."""

    snapshot: Snapshot
    check: Check
    connection: duckdb.DuckDBPyConnection

    def statement(self, question: Written) -> tuple[str, int, Stations]:
        """SQL text, number of columns shown, and how long each station took."""
        began = time.perf_counter()
        resolved = resolve(question.query, self.snapshot, ANALYST)
        assert isinstance(resolved, ResolvedQuery), (question.ask, resolved)
        after_resolve = time.perf_counter()
        compiled = compile_query(resolved, self.snapshot)
        assert isinstance(compiled, Compiled), (question.ask, compiled)
        after_compile = time.perf_counter()
        checked = self.check(compiled.statement)
        after_check = time.perf_counter()
        sql = Statement.of(checked).text
        ended = time.perf_counter()
        spent = Stations(
            resolve=(after_resolve - began) * 1000,
            compile=(after_compile - after_resolve) * 1000,
            guard=(after_check - after_compile) * 1000,
            render=(ended - after_check) * 1000,
        )
        return sql, len(compiled.columns), spent

    def again(self, question: Written) -> Stations:
        """How long each station takes where the question was asked before; the guard has passed."""
        began = time.perf_counter()
        resolved = resolved_once(question.query, self.snapshot, ANALYST)
        assert isinstance(resolved, ResolvedQuery), (question.ask, resolved)
        after_resolve = time.perf_counter()
        compiled = compiled_once(resolved, self.snapshot)
        assert isinstance(compiled, Compiled), (question.ask, compiled)
        after_compile = time.perf_counter()
        compiled.passed.statement(compiled.statement, self.check)
        return Stations(
            resolve=(after_resolve - began) * 1000,
            compile=(after_compile - after_resolve) * 1000,
            guard=0,
            render=(time.perf_counter() - after_compile) * 1000,
        )

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """All rows, fetched."""
        return self.connection.execute(sql).fetchall()


def main() -> None:
    """Measures and writes the report; exit 1 when two sides differ."""
    options = arguments()
    busy = os.getloadavg()[0]
    databases = options.database or [None]
    sections = [section(name, options) for name in databases]
    report = markdown(sections, options.rounds, REPEATED, busy)
    if options.output:
        Path(options.output).write_text(report, encoding="utf-8")
    else:
        print(report, end="")
    sys.exit(any(one.different for one in sections))


def arguments() -> argparse.Namespace:
    """Which databases, how often, and where to write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", action="append", help="a bank; may be given several times")
    parser.add_argument("--rounds", type=int, default=7, help="times each side is asked")
    parser.add_argument("--only", default="", help="only questions with this in their text")
    parser.add_argument("--rollups", action="store_true", help="read the project's rollups too")
    parser.add_argument("--output", help="file to write the report to")
    return parser.parse_args()


def section(database: str | None, options: argparse.Namespace) -> Section:
    """All questions on one database."""
    with tempfile.TemporaryDirectory() as folder:
        environment = dict(os.environ) if options.rollups else private(folder)
        if database is not None:
            environment["WENSHU_DATABASE_PATH"] = str(Path(database).resolve())
        assistant = Assistant.open(demo_project(), environment=environment)
        snapshot = assistant.snapshot()
        stored = snapshot.rollups if options.rollups else None
        snapshot = replace(snapshot, rollups=stored)
        bank = dict(assistant.demonstration())
        rollups = assistant.rollup_file() if stored else None
        try:
            return measured(snapshot, assistant.database, rollups, bank.get("size", "?"), options)
        finally:
            assistant.close()


def private(folder: str) -> dict[str, str]:
    """An environment that remembers nothing."""
    places = dict.fromkeys(("XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"), folder)
    return {**os.environ, **places, "WENSHU_STATE_PATH": str(Path(folder) / "state.db")}


def measured(
    snapshot: Snapshot,
    database: Path,
    rollups: Path | None,
    size: str,
    options: argparse.Namespace,
) -> Section:
    """Every question by turns, and those whose rows differ."""
    readable = snapshot.manifest
    if snapshot.rollups is not None:
        readable = extended_manifest(snapshot.manifest, snapshot.rollups)
    with duckdb.connect(str(database), read_only=True) as connection:
        if rollups is not None:
            connection.execute(f"ATTACH '{rollups}' AS rollups (READ_ONLY)")
        allowed = allowed_tables(readable, snapshot.column_types)
        bench = Bench(snapshot, partial(check, allowed=allowed), connection)
        asked = [q for q in read_questions() if options.only in q.ask]
        different = tuple(q.ask for q in asked if not same_rows(q, bench))
        found = tuple(ask(q, bench, options.rounds) for q in asked if q.ask not in different)
        days = connection.execute("SELECT count(*) FROM fact_txn").fetchone()
    rows = days[0] if days else 0
    return Section(size, rows, snapshot.rollups is not None, found, different)


def same_rows(question: Written, bench: Bench) -> bool:
    """Whether both sides give the same rows, up to their order."""
    sql, shown, _ = bench.statement(question)
    ours = [row[:shown] for row in bench.rows(sql)]
    return plain(ours) == plain(bench.rows(question.sql))


def plain(rows: Sequence[tuple[Any, ...]]) -> list[str]:
    """Rows in a form that does not depend on the kind of number."""
    return sorted(repr(tuple(plain_cell(cell) for cell in row)) for row in rows)


def plain_cell(cell: object) -> object:
    """A number to so many digits, a day as a date."""
    if isinstance(cell, int | float | Decimal):
        return f"{float(cell):.{PLACES}g}"
    if isinstance(cell, datetime):
        return cell.date()
    return cell if isinstance(cell, date | None) else str(cell)


def ask(question: Written, bench: Bench, rounds: int) -> Measured:
    """Medians of some rounds, both sides by turns; then of compiling again and again."""
    stations: list[Stations] = []
    ours: list[float] = []
    hand: list[float] = []
    again: list[Stations] = []
    bench.again(question)
    for _ in range(rounds):
        sql, _, spent = bench.statement(question)
        ours.append(timed(sql, bench))
        stations.append(spent)
        hand.append(timed(question.sql, bench))
        again.append(bench.again(question))
    alone = [bench.statement(question)[2] for _ in range(REPEATED)]
    return Measured(
        question.ask,
        question.kind,
        Stations.middle(stations),
        Stations.middle(alone),
        Stations.middle(again),
        median(ours),
        median(hand),
    )


def timed(sql: str, bench: Bench) -> float:
    """Milliseconds until all rows are there."""
    began = time.perf_counter()
    bench.rows(sql)
    return (time.perf_counter() - began) * 1000


if __name__ == "__main__":
    main()
