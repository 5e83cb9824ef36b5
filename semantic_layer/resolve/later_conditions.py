"""客户数 of those who bought yesterday: the snapshot knows nobody who came after it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from semantic_layer.resolved import ResolvedLeaf, ResolvedSpan


def later_conditions(
    leaves: Iterable[ResolvedLeaf], spans: Sequence[ResolvedSpan], *, named: bool
) -> Iterator[tuple[str, str]]:
    """That a condition is about days after the snapshot that stands in for no time said."""
    if named or not spans or not all(span.is_point for span in spans):
        return
    last = max(spans, key=lambda span: span.end)
    for leaf in leaves:
        own = leaf.query.spans
        if not leaf.inherits and own and min(span.first_day for span in own) > last.end:
            text = f"数只到{last.label},条件说的{own[0].label}在它之后:这以后新来的不在内。"
            yield "later_condition", text
