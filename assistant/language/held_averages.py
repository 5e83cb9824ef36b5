"""房贷户均余额: all customers are no holders of a product; the average over its holders is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from assistant.language.catalogue import Catalogue
from assistant.language.other_members import Other
from assistant.reading import ReadingOption
from semantic_layer.problem import Problem
from semantic_layer.query import Measure, MetricQuery, MetricRef


def held_averages(
    query: MetricQuery,
    problem: Problem,
    catalogue: Catalogue,
    answers: Callable[[MetricQuery], bool],
) -> Other | None:
    """The same question with 持有户均 for 户均, where that is governed and can be answered."""
    held = tuple(_held(measure, catalogue) for measure in query.measures)
    changed = replace(query, measures=held)
    if changed == query or not answers(changed):
        return None
    label = "、".join(catalogue.metric(m.metric).label for m in held if isinstance(m, MetricRef))
    apart = catalogue.dimension_label(problem.subject)
    message = f"户均的分母是全部客户,不能按{apart}分;可以只除以持有的客户:{label}。"
    doubt = Problem("ambiguous_phrase", message, "measures", "户均")
    return Other(doubt, (ReadingOption(label, changed),))


def _held(measure: Measure, catalogue: Catalogue) -> Measure:
    if not isinstance(measure, MetricRef) or measure.per != "customer":
        return measure
    governed = catalogue.averaged("holder", measure.metric)
    return MetricRef(governed) if governed else measure
