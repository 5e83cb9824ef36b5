"""The rollups that stand beside a database, with what was proven when they were built."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Self

from semantic_layer.model import Manifest
from semantic_layer.rollups.layout import RollupTable, layouts
from semantic_layer.snapshot import Snapshot

CATALOG = "rollups"
"""The name under which the file is attached."""
INFO = "rollup_info"
"""Its table of facts: name → JSON."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What the rows showed when a table was built from them."""

    key: str
    """Of the definitions that it was built from."""
    rows: int
    through: str
    """Last day that is in it."""
    exact: tuple[str, ...]
    """Measures whose sums do not depend on the order of adding up."""
    once: tuple[str, ...]
    """Distinct counts whose members occur once per period, so that groups add up."""
    tells_apart: bool
    """No two stored members look alike when shown."""
    one_time: bool
    """Every period has one date."""

    @property
    def last_day(self) -> date:
        """Last day that is in it."""
        return date.fromisoformat(self.through)

    def to_json(self) -> str:
        """As it is kept in the file."""
        return json.dumps(asdict(self), sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Back from the file."""
        given = json.loads(text)
        lists = {name: tuple(given[name]) for name in ("exact", "once")}
        return cls(**{**given, **lists})


@dataclass(frozen=True, slots=True, eq=False)
class Stored:
    """Tables that may be read instead of the rows."""

    tables: tuple[tuple[RollupTable, Facts], ...] = ()
    outdated: tuple[str, ...] = ()
    """Declared tables that are not there, or were built from other definitions."""
    trouble: str | None = None
    """Why nothing in the file is used, as one sentence."""

    @classmethod
    def of(cls, manifest: Manifest, facts: Mapping[str, Facts]) -> Self:
        """The declared tables of which there are facts, the smallest first."""
        declared = layouts(manifest).tables
        found = [(t, facts[t.name]) for t in declared if t.name in facts]
        ordered = sorted(found, key=lambda pair: (pair[1].rows, pair[0].name))
        return cls(tuple(ordered), tuple(t.name for t in declared if t.name not in facts))

    def extended(self, snapshot: Snapshot) -> Snapshot:
        """The snapshot in which the tables are datasets too."""
        return replace(snapshot, manifest=extended_manifest(snapshot.manifest, self))


@lru_cache(maxsize=16)
def extended_manifest(manifest: Manifest, stored: Stored) -> Manifest:
    """The definitions with a dataset for each stored table."""
    added = {t.name: t.as_dataset(f"{CATALOG}.{t.name}") for t, _ in stored.tables}
    return replace(manifest, datasets={**manifest.datasets, **added})
