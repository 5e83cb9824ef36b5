"""A month of which only some days count is told, and takes no highest or lowest place."""

from datetime import date

from semantic_layer.resolve.partial import partial_buckets, partial_warnings
from semantic_layer.resolve.units import Days
from semantic_layer.resolved import ResolvedSpan

NOVEMBER = Days(date(2026, 11, 1), date(2026, 11, 30))


def test_the_month_in_progress_is_partial():
    span = ResolvedSpan(date(2026, 9, 1), date(2026, 11, 19))
    (bucket,) = partial_buckets((span,), "month")
    assert bucket == (NOVEMBER, Days(date(2026, 11, 1), date(2026, 11, 19)))
    ((_, text),) = partial_warnings((span,), "month")
    assert text == "2026年11月只含1—19日,不满期,不参加最高、最低。"


def test_a_range_that_begins_inside_a_month_is_partial_too():
    span = ResolvedSpan(date(2026, 9, 16), date(2026, 10, 31))
    ((_, text),) = partial_warnings((span,), "month")
    assert text == "2026年9月只含16—30日,不满期,不参加最高、最低。"


def test_whole_months_days_and_snapshots_are_not_partial():
    whole = ResolvedSpan(date(2026, 9, 1), date(2026, 10, 31))
    running = ResolvedSpan(date(2026, 9, 1), date(2026, 11, 19))
    snapshot = ResolvedSpan(
        date(2026, 11, 19), date(2026, 11, 19), is_point=True, opened=date(2026, 9, 1)
    )
    assert partial_buckets((whole,), "month") == ()
    assert partial_buckets((running,), "date") == ()
    assert partial_buckets((snapshot,), "month") == ()
    assert partial_buckets((running,), None) == ()


def test_a_stock_is_whole_where_the_last_day_of_the_bucket_counts():
    span = ResolvedSpan(date(2024, 11, 1), date(2026, 10, 31))
    (bucket,) = partial_buckets((span,), "quarter", stock=True)
    assert bucket.whole == Days(date(2026, 10, 1), date(2026, 12, 31))
