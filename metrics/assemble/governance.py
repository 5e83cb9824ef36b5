"""Parameters, segments, ambiguous words, policies, targets, tests and rollups."""

from __future__ import annotations

from metrics.assemble.source import Place
from metrics.assemble.where import build_where
from metrics.edge import (
    AmbiguityEntry,
    ParameterEntry,
    PolicyEntry,
    RollupEntry,
    SegmentEntry,
    TargetEntry,
    TestEntry,
)
from metrics.edge.governance import UserAttributeEntry
from metrics.finding import Findings
from semantic_layer.model import (
    Ambiguity,
    DefinitionTest,
    Parameter,
    Policy,
    Rollup,
    Segment,
    Target,
)


def build_parameter(entry: ParameterEntry, place: Place) -> Parameter:
    """A governed threshold."""
    return Parameter(entry.name, entry.label, entry.value, entry.unit, entry.owner, place.location)


def build_segment(entry: SegmentEntry, place: Place, findings: Findings) -> Segment | None:
    """A governed set; None when its condition cannot be read."""
    where = build_where(entry.where, place / "where", findings)
    if where is None:
        return None
    return Segment(
        name=entry.name,
        label=entry.label,
        entity=entry.entity,
        where=where,
        judged=entry.judged,
        synonyms=tuple(entry.synonyms),
        description=entry.description,
        owner=entry.owner,
        status=entry.status,
        at=place.location,
    )


def build_ambiguity(entry: AmbiguityEntry, place: Place) -> Ambiguity:
    """A word with several meanings."""
    return Ambiguity(entry.word, tuple(entry.candidates), entry.default, place.location)


def build_policy(entry: PolicyEntry, place: Place, findings: Findings) -> Policy:
    """What a role may see."""
    if entry.role is None and (entry.allow or entry.mask):
        findings.add(
            "M111",
            place.location,
            "有 allow 或 mask 的行权限没有写角色。",
            "请补上 role: 角色标识。",
        )
    return Policy(
        role=entry.role,
        allow=tuple((path, _allowed(to)) for path, to in entry.allow.items()),
        mask=tuple(entry.mask),
        unrestricted=tuple(entry.unrestricted),
        lists=entry.lists,
        at=place.location,
    )


def _allowed(entry: UserAttributeEntry | list[str]) -> str | tuple[str, ...]:
    if isinstance(entry, UserAttributeEntry):
        return f"user:{entry.user}"
    return tuple(entry)


def build_target(entry: TargetEntry, place: Place) -> Target:
    """Where targets stand."""
    return Target(
        entry.metric, entry.source, tuple(entry.keys.items()), entry.value, place.location
    )


def build_test(entry: TestEntry, place: Place, findings: Findings) -> DefinitionTest:
    """A check beside the definition."""
    if (entry.ask is None) == (entry.rule is None) or (entry.ask is None) != (entry.expect is None):
        findings.add(
            "M111",
            place.location,
            "检查要么写 ask 与 expect,要么写 rule。",
            "请改成 {ask: 问句, expect: 数} 或 {rule: …}。",
        )
    return DefinitionTest(entry.ask, entry.expect, entry.rule, place.location)


def build_rollup(entry: RollupEntry, place: Place) -> Rollup:
    """A declared pre-aggregation."""
    return Rollup(entry.name, tuple(entry.metrics), tuple(entry.by), entry.grain, place.location)
