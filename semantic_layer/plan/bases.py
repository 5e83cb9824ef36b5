"""What a measure is compared with: its value at another time, a mean, a target."""

from __future__ import annotations

from dataclasses import replace

from semantic_layer.plan.formulas import NO_VALUE, measure_formula
from semantic_layer.plan.nodes import Calculation, Formula
from semantic_layer.plan.parts import Branches, Reach
from semantic_layer.plan.windows import year_of_target
from semantic_layer.query import Comparison, Measure, MetricRef
from semantic_layer.resolve.closure import adds_up
from semantic_layer.resolve.targets import target_metric

NONE_SET = "nullif(target, 0)"
"""A sum over no rows is nought: nobody set a target."""


def base_formula(
    measure: Measure, comparison: Comparison, current: Reach, branches: Branches
) -> Formula | None:
    """The base of a comparison; None: the mean over the members shown.

    Of what does not add up, the whole's own value stands for the mean.
    """
    manifest = branches.snapshot.manifest
    if comparison.base == "average":
        if adds_up(measure, manifest):
            return None
        return measure_formula(measure, replace(current, role="whole", groups=()), branches)
    if comparison.base == "target":
        assert isinstance(measure, MetricRef)
        target = target_metric(manifest.metrics[measure.metric], manifest)
        part = branches.part(target, replace(current, role="target"))
        return Calculation("formula", (part,), NONE_SET, ("target",)) if part else NO_VALUE
    reach = replace(current, role=comparison.base, comparison=comparison)
    return measure_formula(measure, reach, branches)


def year_progress(
    measure: Measure, comparison: Comparison, branches: Branches
) -> tuple[int, int] | None:
    """Days passed and days of the year, where the target is for a year that goes on."""
    if comparison.base != "target" or len(branches.frames) != 1:
        return None
    assert isinstance(measure, MetricRef)
    manifest = branches.snapshot.manifest
    target = target_metric(manifest.metrics[measure.metric], manifest)
    frame = branches.frames[0]
    year = year_of_target(target, frame, branches.snapshot)
    return None if year is None else ((frame.end - year.start).days + 1, year.length)
