"""The seam to a database: a query goes in, rows come out, within limits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias

from sqlglot import exp

from semantic_layer.engines.cancel import CancelToken
from semantic_layer.result import Cell
from semantic_layer.statement import Statement

Capability = Literal[
    "full_outer_join", "null_safe_equal", "qualify", "grouping_sets", "filtered_aggregate",
    "exact_quantile",
]  # fmt: skip
Schema: TypeAlias = Mapping[str, Mapping[str, str]]
"""Table (`schema.table` outside the main schema) → column → type, as the database says."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one query may cost."""

    timeout_s: float = 30.0
    """Waiting for a free connection included."""
    max_result_rows: int = 10_000
    """More rows are cut off and the table says `truncated`."""
    max_scan_rows: int | None = None
    """Estimated rows read; None: any."""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows as the database gave them: DECIMAL as Decimal, DATE as date."""

    columns: tuple[str, ...]
    types: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    truncated: bool = False


class Engine(Protocol):
    """A read-only database shared by all threads."""

    @property
    def dialect(self) -> str:
        """The sqlglot name of its SQL."""
        ...

    @property
    def capabilities(self) -> frozenset[Capability]:
        """What the compiler may use."""
        ...

    @property
    def stale(self) -> bool:
        """Whether the data was replaced since the engine opened it."""
        ...

    def schema(self) -> Schema:
        """Every table with its columns, as of opening."""
        ...

    def run(
        self, query: exp.Expr | Statement, limits: Limits, cancel: CancelToken | None = None
    ) -> Table:
        """The rows of one query; EngineError otherwise."""
        ...

    def run_all(
        self, queries: Sequence[Statement], limits: Limits, cancel: CancelToken | None = None
    ) -> tuple[Table, ...]:
        """The rows of several queries; the first error in their order."""
        ...

    def explain(self, tree: exp.Expr) -> str:
        """The physical plan as text."""
        ...

    def close(self) -> None:
        """Stops running queries and lets the files go."""
        ...
