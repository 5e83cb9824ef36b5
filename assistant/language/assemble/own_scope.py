"""我的客户数, 我管户的AUM: what the asker's rights limit to anyway."""

from __future__ import annotations

from assistant.language.assemble.sketch import Sketch
from assistant.language.tokens import MetricName, ValueName
from semantic_layer.model import Aggregate


def own_scope(sketch: Sketch) -> None:
    """Words for what is one's own; who sees everything must say whose he means."""
    for at in sketch.indices("own"):
        if _is_member_asked_for(sketch, at):
            continue
        text = sketch.label(at)
        sketch.own(at, "where", "权限范围")
        if sketch.scoped:
            sketch.assume("where", f"“{text}”按您的权限范围计")
        else:
            sketch.fault(
                "ambiguous_phrase",
                f"您的权限不限定机构或客户,“{text}”指谁的不清楚,请写明机构或客户经理。",
                text, "where",
            )  # fmt: skip


def _is_member_asked_for(sketch: Sketch, at: int) -> bool:
    """我的 as a page of the app, beside its dimension or a metric of the same table.

    我的客户 are never a page.
    """
    value = sketch.find(at, ValueName)
    if value is None:
        return False
    if any(sketch.is_cue(place, value) for place in (at - 1, at + 1)):
        return True
    if at + 1 < len(sketch.tokens) and "noun" in sketch.args[at + 1]:
        return False
    home = sketch.catalogue.manifest.dimensions[value.dimension].home
    named = (n.metric for t in sketch.tokens for n in t.names if isinstance(n, MetricName))
    leaves = (leaf.definition for metric in named for leaf in sketch.catalogue.leaves(metric))
    return any(isinstance(d, Aggregate) and d.dataset == home for d in leaves)
