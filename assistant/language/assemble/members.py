"""北京和上海分行的存款余额: members named side by side are shown side by side."""

from __future__ import annotations

from assistant.language.assemble.sketch import Sketch
from semantic_layer.query import DimensionGroup

TOGETHER = ("合计", "总计", "总和", "总额", "总量", "总数", "总共", "一共", "之和", "加起来", "共")


def members(sketch: Sketch) -> None:
    """Joined members are rows with their total beside them, unless one number is asked for."""
    if sketch.share is not None or sketch.has("share") or sketch.focus is not None:
        return
    if any(token.text.startswith(TOGETHER) for token in sketch.tokens if not token.names):
        return
    if any(isinstance(grouped.group, DimensionGroup) for grouped in sketch.groups):
        return
    for at, dimension in sketch.listed:
        sketch.add_group(at, DimensionGroup(sketch.paths.get(dimension, dimension)))
