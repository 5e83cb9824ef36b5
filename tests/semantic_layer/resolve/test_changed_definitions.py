"""A threshold was raised on 2026-10-01: every period is by the new definition, and says so."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from semantic_layer.model import Aggregate, MetricChange, Ratio
from semantic_layer.query import Comparison, Relative

D = Decimal
SINCE_OCTOBER = MetricChange(
    2, "2026-09-15", "大额门槛由5元提高到20元", "2026-10-01", was=(("filter", "amount >= 5"),)
)
SENTENCE = (
    "“大额交易金额”的口径于2026年10月1日调整:大额门槛由5元提高到20元。本答案各期一律按新口径追溯。"
)
OCTOBER, SEPTEMBER, NOVEMBER = (Relative("month", n) for n in (-1, -2, 0))


@pytest.fixture
def changed(ask, mq, make_manifest, make_snapshot):
    """Asks a bank whose big_amount has this change."""

    def run(metric="big_amount", period=OCTOBER, change=SINCE_OCTOBER, **more):
        manifest = make_manifest()
        big = replace(manifest.metrics["big_amount"], version=2, changes=(change,))
        share = replace(
            manifest.metrics["fee_rate"], name="big_share", definition=Ratio("big_amount", "fee")
        )
        assert isinstance(big.definition, Aggregate)
        metrics = {**manifest.metrics, "big_amount": big, "big_share": share}
        at = make_snapshot(replace(manifest, metrics=metrics))
        return ask(mq(metric, period=period, **more), at=at)

    return run


def said(answer) -> list[str]:
    return [text for code, text in answer.resolved.warnings if code == "definition_changed"]


def test_a_period_before_the_change_is_restated_and_says_so(changed):
    answer = changed(period=Relative("month", -13))
    assert answer.rows == [(D(30),)]  # 10 元的一笔按原口径算大额,按新口径不算
    assert said(answer) == [SENTENCE]


def test_a_period_after_the_change_says_nothing(changed):
    answer = changed()
    assert answer.rows == [(D(120),)]
    assert said(answer) == []


def test_a_comparison_that_reaches_before_the_change_says_so(changed):
    answer = changed(compare=(Comparison("yoy"),))
    assert said(answer) == [SENTENCE]
    assert said(changed(period=NOVEMBER, compare=(Comparison("mom"),))) == []


def test_a_year_that_the_change_falls_into_says_so(changed):
    assert said(changed(period=Relative("year", to_date=True))) == [SENTENCE]


def test_a_ratio_says_what_changed_in_its_parts(changed):
    assert said(changed("big_share", SEPTEMBER)) == [SENTENCE]
    assert said(changed("fee", SEPTEMBER)) == []


def test_a_snapshot_counts_by_its_day_not_by_the_period_it_closes(
    ask, mq, make_manifest, make_snapshot
):
    manifest = make_manifest()
    late = replace(SINCE_OCTOBER, effective_from="2026-10-31")
    deposit = replace(manifest.metrics["deposit"], changes=(late,))
    at = make_snapshot(replace(manifest, metrics={**manifest.metrics, "deposit": deposit}))
    assert said(ask(mq("deposit", period=OCTOBER), at=at)) == []
    assert len(said(ask(mq("deposit", period=SEPTEMBER), at=at))) == 1


def test_history_that_was_computed_again_is_told_as_such(changed):
    restated = replace(SINCE_OCTOBER, restates=True, was=())
    assert said(changed(period=SEPTEMBER, change=restated)) == [
        "“大额交易金额”的口径于2026年10月1日调整:大额门槛由5元提高到20元。历史数据已按新口径重算。"
    ]


def test_a_change_without_a_first_day_of_data_is_no_matter_of_periods(changed):
    assert said(changed(period=SEPTEMBER, change=replace(SINCE_OCTOBER, effective_from=None))) == []


def test_the_day_of_the_change_is_the_first_by_the_new_definition(changed):
    first = replace(SINCE_OCTOBER, effective_from=date(2026, 9, 1).isoformat())
    assert said(changed(period=SEPTEMBER, change=first)) == []
