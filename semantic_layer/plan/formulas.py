"""Measures as formulas over parts: ratios and derived metrics are rebuilt everywhere."""

from __future__ import annotations

from dataclasses import replace

from semantic_layer.model import Aggregate, Derived, Manifest, Metric, Ratio
from semantic_layer.model.expression import metric_names
from semantic_layer.plan.nodes import Calculation, Constant, Formula, PartRef
from semantic_layer.plan.parts import Branches, Reach, parts_of
from semantic_layer.query import Arithmetic, Measure, MetricRef, Number
from semantic_layer.resolve.closure import is_divided, metric_closure
from semantic_layer.resolve.defaults import is_coarser, within_one_unit
from semantic_layer.resolve.divisors import divisor, holder_dimension
from semantic_layer.resolve.frames import unit_name
from semantic_layer.resolve.sources import by_role, definitions, with_source
from semantic_layer.resolved import ResolvedQuery, metric_query

NO_VALUE = Constant(None)
COUNT_UNITS = frozenset("户人笔张件个次家单位名条")
SMALL_DENOMINATOR = "small_denominator"
"""Name of the parameter that definitions may declare."""
LEAST_CASES = 30.0


def measure_formula(measure: Measure, reach: Reach, branches: Branches) -> Formula:
    """What a measure is computed from, over that reach."""
    if isinstance(measure, Number):
        return Constant(measure.value)
    if isinstance(measure, Arithmetic):
        left = measure_formula(measure.left, reach, branches)
        right = measure_formula(measure.right, reach, branches)
        return Calculation(measure.op, (left, right))
    if measure.stat is not None:
        return _statistic(measure, reach, branches)
    if _pools_native_units(measure, branches):
        return NO_VALUE
    if is_divided(measure):
        whole = _metric_formula(measure.metric, reach, branches)
        return Calculation("/", (whole, divisor_formula(measure, reach, branches)))
    reach = reach if reach.per == measure.per else replace(reach, per=measure.per)
    return _metric_formula(measure.metric, reach, branches)


def _statistic(ref: MetricRef, reach: Reach, branches: Branches) -> Formula:
    """The highest, lowest or middle of the values per unit, ratios taken unit by unit."""
    assert ref.stat is not None
    assert ref.stat_over is not None
    if ref.stat == "mean":
        reach = replace(reach, per=unit_name(ref.stat_over))
        return _metric_formula(ref.metric, reach, branches)
    reach = replace(reach, per=unit_name(ref.stat_over), stat=ref.stat)
    formula = _metric_formula(ref.metric, reach, branches)
    zero = all(part.zero for part in parts_of(formula)) and _is_sum(formula)
    return branches.statistic(formula, f"{ref.metric}_{ref.stat}", zero=zero) or NO_VALUE


def _is_sum(formula: Formula) -> bool:
    return isinstance(formula, PartRef)


def divisor_formula(ref: MetricRef, reach: Reach, branches: Branches) -> Formula:
    """What 户均 and 笔均 divide by: a governed count, the holders, or the rows."""
    manifest = branches.snapshot.manifest
    governed = divisor(ref, manifest)
    if governed is not None:
        return _metric_formula(governed, reach, branches)
    leaf = serving_metric(ref.metric, branches.resolved, manifest)
    own = leaf.definition
    assert isinstance(own, Aggregate)
    if ref.per == "holder":
        entity = replace(own, agg="distinct", expr=holder_dimension(manifest), average_over=None)
        held = replace(leaf, name=f"{leaf.name}_holders", label="持有客户数", definition=entity)
        found = branches.part(held, reach, counts_behind=True, above_zero=own.expr)
    else:
        rows = replace(leaf, name=f"{leaf.name}_rows", label="笔数", definition=_counting_rows(own))
        found = branches.part(rows, reach, counts_behind=True)
    return found or NO_VALUE


def cases_formula(measure: Measure, reach: Reach, branches: Branches) -> Formula | None:
    """The count below the line of a ratio, where too few of them make it chance."""
    manifest = branches.snapshot.manifest
    if least_cases(manifest) <= 1 or isinstance(measure, Number):
        return None
    if isinstance(measure, Arithmetic):
        counted = measure.op == "/" and measure_unit(measure.right, manifest) in COUNT_UNITS
        return measure_formula(measure.right, reach, branches) if counted else None
    if is_divided(measure) and not _pools_native_units(measure, branches):
        return divisor_formula(measure, reach, branches)
    definition = manifest.metrics[measure.metric].definition
    if (
        not isinstance(definition, Ratio)
        or measure.per
        or measure.stat
        or _pools_native_units(measure, branches)
    ):
        return None
    if any(manifest.metrics[m].unit not in COUNT_UNITS for m in metric_names(definition.to)):
        return None
    return _text_formula(definition.to, reach, branches)


def least_cases(manifest: Manifest) -> float:
    """Below so many cases a rate takes no place: the parameter, else the custom of the trade."""
    parameter = manifest.parameters.get(SMALL_DENOMINATOR)
    value = parameter.value if parameter else LEAST_CASES
    return float(value) if not isinstance(value, str) else LEAST_CASES


def measure_unit(measure: Measure, manifest: Manifest) -> str | None:
    """The unit of a measure: money over money is a share, money over households is neither."""
    if isinstance(measure, Number):
        return None
    if isinstance(measure, MetricRef):
        return manifest.metrics[measure.metric].unit
    left, right = (measure_unit(m, manifest) for m in (measure.left, measure.right))
    if isinstance(measure.right, Number) or isinstance(measure.left, Number):
        scaled = isinstance(measure.right, Number) or measure.op != "/"
        return (left or right) if scaled else None
    if left != right:
        return None
    return {"+": left, "-": left, "/": "percent"}.get(measure.op)


def _metric_formula(name: str, reach: Reach, branches: Branches) -> Formula:
    manifest = branches.snapshot.manifest
    definition = manifest.metrics[name].definition
    if isinstance(definition, Aggregate):
        leaf = serving_metric(name, branches.resolved, manifest)
        return branches.part(leaf, reach) or NO_VALUE
    if isinstance(definition, Derived):
        return _text_formula(definition.expr, reach, branches)
    of = _text_formula(definition.of, reach, branches)
    return Calculation("/", (of, _text_formula(definition.to, reach, branches)))


def _text_formula(text: str, reach: Reach, branches: Branches) -> Formula:
    names = metric_names(text)
    operands = tuple(_metric_formula(name, reach, branches) for name in names)
    if names == (text.strip(),):
        return operands[0]
    return Calculation("formula", operands, text, names)


def serving_metric(name: str, resolved: ResolvedQuery, manifest: Manifest) -> Metric:
    """The aggregate over the table that `resolve` chose."""
    leaf = manifest.metrics[name]
    period = metric_query(resolved).scope.period
    role = period.role if period is not None else None
    position = dict(resolved.sources).get(name, 0)
    definition = definitions(leaf)[position]
    if resolved.counts_rows:
        return with_source(leaf, _counting_rows(definition))
    leaf = with_source(leaf, definition) if position else leaf
    return by_role(leaf, role, manifest)


def _counting_rows(definition: Aggregate) -> Aggregate:
    """How many rows stand behind an aggregate."""
    counted = Aggregate(definition.dataset, "count", None, definition.filter, definition.time)
    return replace(counted, future=definition.future)


def _pools_native_units(measure: MetricRef, branches: Branches) -> bool:
    """Whether the value would pool months of a metric that is defined per month."""
    manifest = branches.snapshot.manifest
    natives = (manifest.metrics[m].native for m in metric_closure(manifest, measure.metric))
    if branches.bucket is not None:
        return any(n and is_coarser(branches.bucket, n) for n in natives)
    spans = branches.resolved.spans
    return any(n and not all(within_one_unit(s, n) for s in spans) for n in natives)
