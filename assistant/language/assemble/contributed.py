"""私行客户贡献了多少利润: what somebody brought in is their part of the metric, not a cause."""

from __future__ import annotations

from assistant.language.assemble.sketch import Sketch

BROUGHT = frozenset({"贡献了多少", "贡献多少"})
SKIPPED = frozenset({"filler", "of", "break", "noun"})
OF_CAUSES = ("delta", "base", "trend")


def contributed(sketch: Sketch) -> None:
    """贡献了多少 between members and a metric asks for the metric of those members."""
    for at in sketch.indices("unsupported"):
        if sketch.label(at) not in BROUGHT or any(sketch.has(role) for role in OF_CAUSES):
            continue
        whose = sketch.owners.get(sketch.before(at, SKIPPED))
        if whose and whose.slot in ("where", "group_by") and sketch.metric(sketch.after(at)):
            sketch.own(at, "measures", sketch.label(at))
