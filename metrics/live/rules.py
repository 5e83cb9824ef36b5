"""Rules beside the definitions: parts that make up the whole."""

from __future__ import annotations

import re
from collections.abc import Iterator

from metrics.live.finding import LiveFinding
from metrics.live.numbers import answered, exact
from metrics.live.rows import LiveData
from semantic_layer.model import DefinitionTest
from semantic_layer.problem import Problem
from semantic_layer.query import DimensionGroup, MetricQuery, MetricRef

SUMS_TO_TOTAL = re.compile(r"^\s*(\w+)\s+by\s+([\w.]+)\s+sums_to\s+total\s*$")


def rule_holds(test: DefinitionTest, data: LiveData) -> Iterator[LiveFinding]:
    """`deposit by cust_level sums_to total`."""
    if test.rule is None:
        return
    matched = SUMS_TO_TOTAL.match(test.rule)
    if matched is None or matched.group(1) not in data.snapshot.manifest.metrics:
        yield LiveFinding("V702", str(test.at or test.rule), f"规则“{test.rule}”读不懂")
        return
    metric, dimension = matched.groups()
    measures = (MetricRef(metric),)
    whole = answered(MetricQuery(measures), data)
    parts = answered(MetricQuery(measures, group_by=(DimensionGroup(dimension),)), data)
    for found in (whole, parts):
        if isinstance(found, Problem):
            message = f"规则“{test.rule}”没有算成:{found.message}"
            yield LiveFinding("V701", metric, message)
            return
    assert not isinstance(whole, Problem)
    assert not isinstance(parts, Problem)
    total = exact(whole[0][-1]) if whole else exact(None)
    added = sum((exact(row[-1]) for row in parts), exact(None))
    if added != total:
        message = f"规则“{test.rule}”不成立:分项之和{added:,},合计{total:,}"
        yield LiveFinding("V701", metric, message)
