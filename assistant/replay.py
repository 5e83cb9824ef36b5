"""An old answer again: its query with the definitions, dates and rights of its day, compared."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from assistant.answer import Answer
from assistant.json_text import json_text
from assistant.state.audit_trail import Recorded
from assistant.world import World
from semantic_layer.model import Manifest
from semantic_layer.snapshot import Snapshot

NOTHING_TO_RUN = "这一次没有给出答案,没有可以重放的查询"
DEFINITIONS_GONE = "当天的口径没有存下来,不能重放"
NOT_LOADED = "当天的口径用现在的程序读不出来,不能重放"
Answering = Callable[[str, World], Answer]
"""The answer to a query in JSON in a world."""


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that was compared."""

    name: str
    then: str
    now: str

    @property
    def is_same(self) -> bool:
        """Byte for byte."""
        return self.then == self.now


@dataclass(frozen=True, slots=True)
class Replayed:
    """What came of it."""

    parts: tuple[Part, ...] = ()
    obstacle: str = ""
    """Why there is nothing to compare."""
    same_definitions: bool = True
    """Whether the definitions of then are those of now."""

    @property
    def is_same(self) -> bool:
        """Nothing differs."""
        return not self.obstacle and all(part.is_same for part in self.parts)


def replayed(
    recorded: Recorded,
    sources: Mapping[str, str] | None,
    world: World,
    called: tuple[str, str],
    answering: Answering,
) -> Replayed:
    """The answer of then beside the same query answered in the world of its day.

    `called`: project and folder of definitions, which are part of what definitions mean.
    """
    query = (recorded.entry.told.get("resolved_query") or {}).get("query")
    if recorded.entry.what != "answer" or query is None:
        return Replayed(obstacle=NOTHING_TO_RUN)
    manifest: Manifest | None = world.manifest
    is_current = recorded.manifest_hash == world.manifest.hash
    if not is_current:
        if sources is None:
            return Replayed(obstacle=DEFINITIONS_GONE)
        manifest = _loaded(sources, *called)
    if manifest is None:
        return Replayed(obstacle=NOT_LOADED)
    for stood in _worlds(world, manifest, is_current=is_current):
        parts = _parts(recorded, answering(json_text(query), stood))
        if all(part.is_same for part in parts):
            break
    return Replayed(parts, same_definitions=is_current)


def as_it_stood(snapshot: Snapshot, recorded: Recorded) -> Snapshot:
    """The snapshot with the data dates that the answer was resolved with."""
    told = (recorded.entry.told.get("resolved_query") or {}).get("data_dates") or ()
    dates = {str(name): date.fromisoformat(day) for name, day in told}
    return replace(snapshot, data_dates={**snapshot.data_dates, **dates})


def _worlds(world: World, manifest: Manifest, *, is_current: bool) -> tuple[World, ...]:
    """With the rollups of now, and without any: they may have been built since."""
    from assistant.editing.trial import drafted

    bare = drafted(world, manifest)
    return (world, bare) if is_current and world.rollups else (bare,)


def _loaded(sources: Mapping[str, str], project: str, catalog: str) -> Manifest | None:
    from metrics import load

    with TemporaryDirectory() as folder:
        for name, text in sources.items():
            file = Path(folder) / catalog / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, "utf-8")
        return load(Path(folder) / catalog, project).manifest


def _parts(recorded: Recorded, now: Answer) -> tuple[Part, ...]:
    then = recorded.entry.told
    queries = (then.get("resolved_query") or {}, now.resolved_query or {})
    return (
        Part("结局", str(then.get("code")), now.code),
        Part("数据范围", str(then.get("scope") or ""), now.scope or ""),
        Part("口径指纹", *(str(query.get("manifest_hash")) for query in queries)),
        Part("读出的查询", *map(_without_hash, queries)),
        Part("SQL", str(then.get("sql") or ""), now.sql or ""),
        Part("结果行数", str(then.get("row_count")), str(now.row_count)),
        Part("结论句", recorded.headline or "", now.headline or ""),
    )


def _without_hash(query: Mapping[str, object]) -> str:
    """The fingerprint is compared by itself: another version of the program may reckon another."""
    return json_text({key: value for key, value in query.items() if key != "manifest_hash"})
