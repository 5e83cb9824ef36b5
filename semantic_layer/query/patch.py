"""`Patch`: one small change of a query.

Follow-ups, chips, drill, chart clicks and model repairs are all patches.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, Literal, TypeAlias

from pydantic import Field as JsonField

from semantic_layer.query.metric_query import (
    Arithmetic,
    BucketGroup,
    Comparison,
    Cumulative,
    DimensionGroup,
    Focus,
    Having,
    Limit,
    MetricRef,
    Number,
    Order,
    Rolling,
    SetGroup,
    Share,
    TimeGroup,
)
from semantic_layer.query.period import Period
from semantic_layer.query.predicate import (
    And,
    ChangeCondition,
    Condition,
    EventCondition,
    FunnelCondition,
    Membership,
    MetricCondition,
    Not,
    Or,
    SegmentCondition,
    TopMembership,
)

Slot = Literal[
    "measures", "group_by", "period", "where", "having", "compare", "order",
    "limit", "focus", "share", "window", "totals", "subtotals",
]  # fmt: skip
PatchOp = Literal["set", "add", "drop", "replace", "clear"]


@dataclass(frozen=True, slots=True)
class Flag:
    """A yes or no for the slots that are one."""

    value: bool
    kind: Literal["flag"] = field(default="flag", kw_only=True)


@dataclass(frozen=True, slots=True)
class Indices:
    """Positions in `group_by`, for the slot `subtotals`."""

    values: tuple[int, ...]
    kind: Literal["indices"] = field(default="indices", kw_only=True)


SlotValue: TypeAlias = Annotated[
    MetricRef | Arithmetic | Number | DimensionGroup | TimeGroup | BucketGroup | SetGroup
    | Period | Condition | MetricCondition | ChangeCondition | EventCondition
    | FunnelCondition | SegmentCondition | Membership | TopMembership | And | Or | Not | Having
    | Comparison | Order | Limit | Focus | Share | Cumulative | Rolling | Flag | Indices,
    JsonField(discriminator="kind"),
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Change:
    """One operation on one named slot.

    `set` puts `value` alone into the slot, `add` appends it, `drop` takes `value` out,
    `replace` puts `value` where `old` was, `clear` empties the slot. In `where`, conditions
    are told apart by their dimension: `add` of a second condition on it narrows by AND,
    `set` and `replace` exchange it, `drop` removes every condition on that dimension.
    """

    op: PatchOp
    slot: Slot
    value: SlotValue | None = None
    old: SlotValue | None = None


@dataclass(frozen=True, slots=True)
class Patch:
    """Changes applied in order to the last query."""

    changes: tuple[Change, ...]
    v: Literal[1] = field(default=1, kw_only=True)
    kind: Literal["patch"] = field(default="patch", kw_only=True)
