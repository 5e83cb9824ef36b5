"""A total planned from the rows beside it is what its own measures would have been planned to."""

from __future__ import annotations

import pytest

from semantic_layer.plan.build import build_plan, whole_of
from semantic_layer.plan.whole import plan_of_whole
from semantic_layer.principal import Principal
from semantic_layer.query import (
    ColumnRef,
    Comparison,
    Cumulative,
    Having,
    MetricRef,
    Relative,
    Share,
)
from semantic_layer.resolve import resolve
from semantic_layer.snapshot import Snapshot

OCTOBER = Relative("month", -1)
YEAR_ON_YEAR = (Comparison("yoy"),)
ABOVE_AVERAGE = (Having(ColumnRef(0), "gt", "average"),)


def _both(query, snapshot: Snapshot):
    resolved = resolve(query, snapshot, Principal("甲"))
    rows = build_plan(resolved, snapshot)
    return plan_of_whole(rows, resolved), build_plan(whole_of(resolved), snapshot)


@pytest.mark.parametrize(
    ("measures", "by", "more"),
    [
        ("txn_amount", "gender", {}),
        ("deposit", "branch", {"compare": YEAR_ON_YEAR}),
        ("deposit", "gender", {"compare": YEAR_ON_YEAR}),
        (["loan_balance", "txn_amount"], "gender", {"compare": YEAR_ON_YEAR}),
        ([MetricRef("txn_amount", per="day"), "deposit"], "gender", {}),
        ("npl_rate", "branch", {}),
    ],
)
def test_a_total_is_planned_from_its_rows(measures, by, more, mq, snapshot):
    from_rows, of_its_own = _both(mq(measures, by, OCTOBER, **more), snapshot)
    assert from_rows == of_its_own


@pytest.mark.parametrize(
    ("by", "more"),
    [
        ("@month", {}),
        ("gender", {"share": Share()}),
        ("gender", {"compare": (Comparison("average"),)}),
        ("gender", {"having": ABOVE_AVERAGE}),
        ("@month", {"window": Cumulative()}),
    ],
)
def test_rows_set_against_others_are_no_plan_of_the_total(by, more, mq, snapshot):
    from_rows, _ = _both(mq("txn_amount", by, OCTOBER, **more), snapshot)
    assert from_rows is None
