"""Members without a name never win a ranking of rates."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from semantic_layer.model import Parameter
from semantic_layer.query import ColumnRef, Limit, Order, Relative

LAST_MONTH = Relative("month", -1)


def test_the_unnamed_come_last_in_a_ranking_of_rates(ask, mq, make_manifest, make_snapshot):
    """10月:固原 1/1,未知 0/1,银川 1/2;从低到高未知仍排最后(不设分母下限)。"""
    none = {"small_denominator": Parameter("small_denominator", "分母下限", 0)}
    at = make_snapshot(replace(make_manifest(), parameters=none))
    ascending = (Order(ColumnRef(0), descending=False),)
    rate = mq("active_rate", "branch", LAST_MONTH, order=ascending, limit=Limit(1))
    assert ask(rate, at=at).rows == [("银川分行", 0.5)]
    three = mq("active_rate", "branch", LAST_MONTH, order=ascending, limit=Limit(3))
    assert [row[0] for row in ask(three, at=at).rows] == ["银川分行", "固原分行", "未知"]


def test_the_unnamed_keep_their_place_among_amounts(ask, mq):
    answer = ask(mq("deposit", "branch", LAST_MONTH, limit=Limit(2)))
    assert [row[0] for row in answer.rows] == ["银川分行", "未知"]


def test_the_unnamed_take_no_place_where_the_owner_says_so(ask, mq, make_manifest, make_snapshot):
    """存款:银川 135.75、未知 10、固原 0;分行写了 unranked: [未知],前两家是银川、固原,合计照旧。"""
    manifest = make_manifest()
    branch = manifest.dimensions["branch"]
    named = replace(branch, field=replace(branch.field, unranked=("未知",)))
    at = make_snapshot(replace(manifest, dimensions={**manifest.dimensions, "branch": named}))
    answer = ask(mq("deposit", "branch", LAST_MONTH, limit=Limit(2)), at=at)
    assert answer.rows == [("银川分行", Decimal("135.75")), ("固原分行", Decimal(0))]
    everybody = ask(mq("deposit", "branch", LAST_MONTH, limit=Limit(2)))
    assert answer.totals == everybody.totals
