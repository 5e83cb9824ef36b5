"""Which result column an order, a condition or a limit means."""

from __future__ import annotations

from semantic_layer.compile.derived import compared_name
from semantic_layer.compile.precision import RATE_DIGITS, digits_of_values, mean_digits
from semantic_layer.plan.nodes import Compared, Plan, PlannedMeasure
from semantic_layer.query import BucketGroup, ColumnRef, DimensionGroup, MetricQuery, SetGroup, Show
from semantic_layer.resolve.comparisons import RATE_UNITS
from semantic_layer.resolve.frames import coarser_grains
from semantic_layer.resolve.groupings import GROUPING, band_name

XUN_START = "xun_start_"
"""What 上旬, 中旬, 下旬 are ordered by."""


def group_name(plan: Plan, query: MetricQuery, position: int) -> str:
    """The key column of a group of the query."""
    group = query.group_by[position]
    if isinstance(group, DimensionGroup):
        return key_name(plan, query, group.dimension)
    if isinstance(group, BucketGroup):
        return band_name(group, query)
    if isinstance(group, SetGroup):
        return "set_group"
    if group.grain not in coarser_grains(query.group_by):
        return plan.time_column or ""
    return XUN_START if group.grain == "xun" else f"{group.grain}_"


def key_name(plan: Plan, query: MetricQuery, dimension: str) -> str:
    """The key column of a dimension as the plan writes it."""
    if dimension.startswith(GROUPING):
        return group_name(plan, query, int(dimension.removeprefix(GROUPING)))
    short = dimension.rpartition(".")[2]
    alike = [g for g in plan.groups if g.rpartition(".")[2] == short]
    return short if len(alike) == 1 else dimension


def measure_of(plan: Plan, ref: ColumnRef) -> PlannedMeasure:
    """The measure that a reference is about."""
    return plan.measures[ref.measure or 0]


def figure_of(plan: Plan, ref: ColumnRef) -> tuple[Compared, Show] | None:
    """The comparison figure that a reference means; None: the value or its share."""
    measure = measure_of(plan, ref)
    if not measure.compared or (ref.base is None and ref.show in ("value", "share")):
        return None
    wanted = (c for c in measure.compared if ref.base in (None, c.base))
    compared = next(wanted, None)
    if compared is None:
        return None
    show = ref.show
    if measure.unit in RATE_UNITS and show in ("diff", "rate"):
        show = "pp"
    return compared, show


def column_name(plan: Plan, query: MetricQuery, ref: ColumnRef) -> str:
    """The column that a reference stands for."""
    if ref.group is not None:
        return group_name(plan, query, ref.group)
    measure = measure_of(plan, ref)
    figure = figure_of(plan, ref)
    if figure is not None:
        return compared_name(measure, *figure)
    return f"{measure.column}.share" if ref.show == "share" else measure.column


def digits_of(plan: Plan, ref: ColumnRef) -> int | None:
    """The decimals by which a column is ranked and compared; None: it is exact."""
    if ref.group is not None:
        return None
    measure, figure = measure_of(plan, ref), figure_of(plan, ref)
    show = figure[1] if figure is not None else ref.show
    if show in ("rate", "share"):
        return RATE_DIGITS
    if show != "rank" and figure is not None and figure[0].base == "average":
        return mean_digits(measure)
    return None if show == "rank" else digits_of_values(measure)


def referred_figures(
    plan: Plan, query: MetricQuery
) -> dict[tuple[str, str], tuple[PlannedMeasure, Compared, Show]]:
    """Comparison figures that only an order or a condition needs."""
    found: dict[tuple[str, str], tuple[PlannedMeasure, Compared, Show]] = {}
    refs = [o.column for o in query.order] + [h.column for h in query.having]
    for ref in refs:
        figure = figure_of(plan, ref) if ref.group is None else None
        if figure is not None:
            measure = measure_of(plan, ref)
            found[measure.column, compared_name(measure, *figure)] = (measure, *figure)
    return found
