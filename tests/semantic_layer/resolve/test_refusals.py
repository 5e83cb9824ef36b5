"""What is refused, with its message: read `refusals.txt` like a business person would."""

from __future__ import annotations

from pathlib import Path

from semantic_layer.model import Aggregate, Metric
from semantic_layer.problem import Problem
from semantic_layer.query import (
    And,
    BucketGroup,
    ChangeCondition,
    Comparison,
    Condition,
    EventCondition,
    Limit,
    Membership,
    MetricQuery,
    MetricRef,
    Period,
    Relative,
    Scope,
    Set,
    SetGroup,
    Share,
)

OCTOBER = Relative("month", -1)
MEN = Set("customer", Condition("gender", "in", ("男",)), "男客户")
RECORDED = Path(__file__).with_name("refusals.txt")


def _queries(mq):
    yield from _names_and_dates(mq)
    yield from _not_of_the_metric(mq)
    yield from _groups(mq)
    yield from _at_odds(mq)
    yield from _whom(mq)


def _names_and_dates(mq):
    yield "未知指标", mq("depositt")
    yield "未知维度", mq("deposit", "brnch")
    yield "毫不相干的指标", mq("qqqq")
    yield "没有的维度", mq("loan_balance", "product_line", OCTOBER)
    yield "两个口径,一个没有这个维度", mq(["deposit", "loan_balance"], "class5", OCTOBER)
    yield "月表按日看", mq("new_cust", "@date", OCTOBER)
    yield "本月还没有数据", mq("new_cust", period=Relative("month"))
    yield "日期写错", mq("txn_amount", where=Condition("age", "gt", ("很多",)))


def _not_of_the_metric(mq):
    yield "发生额较年初", mq("txn_amount", compare=(Comparison("ytd_open"),))
    yield "发生额较期初", mq("txn_amount", compare=(Comparison("opening"),))
    yield "比率没有占比", mq("npl_rate", "branch", OCTOBER, share=Share())
    yield "余额不能累计", mq("deposit", "@month", window=_cumulative())
    yield "没有分母的户均", mq(MetricRef("deposit", per="customer"))
    yield "比率的笔均", mq(MetricRef("fee_rate", per="txn"))
    yield "余额的笔均", mq(MetricRef("deposit", per="txn"))
    yield "去重户数的持有户均", mq(MetricRef("cust_cnt", per="holder"))
    yield "月表的单日最高", mq(MetricRef("new_cust", stat="max", stat_over="date"))
    yield "比率的月平均", mq(MetricRef("fee_rate", stat="mean", stat_over="month"))
    yield "两张表的最高", mq(MetricRef("deposit_minus_loan", stat="max", stat_over="month"))


def _groups(mq):
    yield "没有分界点的分档", _grouped(BucketGroup("deposit", "customer"))
    yield "性别分档", _grouped(BucketGroup("gender", "customer", (5,)))
    yield "客群占比", _grouped(SetGroup((MEN,)), share=Share())
    yield "同名的客群", _grouped(SetGroup((MEN, MEN)))
    yield "没有目标的指标", mq("deposit", compare=(Comparison("target"),))
    yield "不分组与平均比", mq("deposit", compare=(Comparison("average"),))


def _at_odds(mq):
    yield "周和月", mq("txn_amount", ["@month", "@week"], OCTOBER)
    yield (
        "去掉没有的人群",
        mq("deposit", period=OCTOBER, share=Share("unfiltered", entity="customer")),
    )
    yield "去掉没有的条件", mq("deposit", period=OCTOBER, share=Share("unfiltered", "branch"))
    yield (
        "累计比指定期间",
        mq(
            "txn_amount",
            "@month",
            OCTOBER,
            window=_cumulative(),
            compare=(Comparison("range", span=OCTOBER),),
        ),
    )
    yield "指标重复", mq(["deposit", "deposit"])
    yield "工作日的余额", mq("deposit", period=Period((OCTOBER,), days="workday"))
    yield "没有日期的同比", mq("credit", compare=(Comparison("yoy"),))
    yield "没有这个日期", mq("txn_amount", period=Period((OCTOBER,), role="放款日"))
    yield "最后一组的小计", mq("txn_amount", ["branch", "outlet"], OCTOBER, subtotals=(1,))
    yield (
        "占上级的小计",
        mq(
            "deposit",
            ["branch", "outlet"],
            OCTOBER,
            subtotals=(0,),
            share=Share("parent", "branch"),
        ),
    )
    yield "只有时间的其他", mq("txn_amount", "@month", OCTOBER, limit=Limit(1, others=True))


def _whom(mq):
    yield "客群的其他", _grouped(SetGroup((MEN,)), limit=Limit(1, others=True))
    yield "一个指标两种分档", _banded(BucketGroup("deposit", "customer", (5,)), count=2)
    yield "按名次的变化圈选", _chosen(mq, ChangeCondition("deposit", "mom", "rank", "gt", 0))
    yield "比率当作行为", _chosen(mq, EventCondition("fee_rate"))
    yield (
        "互相矛盾的条件",
        mq("deposit", period=OCTOBER, where=And((_is("银川分行"), _is("固原分行")))),
    )


def _is(branch):
    return Condition("branch", "in", (branch,))


def _chosen(mq, leaf):
    return mq("cust_cnt", period=OCTOBER, where=Membership(Set("customer", leaf)))


def _banded(group, count):
    return MetricQuery((MetricRef("deposit"),), (group,) * count, Scope(Period((OCTOBER,))))


def _grouped(group, **more):
    return MetricQuery((MetricRef("deposit"),), (group,), Scope(Period((OCTOBER,))), **more)


def _cumulative():
    from semantic_layer.query import Cumulative

    return Cumulative()


def test_refusals_read_as_recorded(ask, mq):
    lines = []
    for name, query in _queries(mq):
        problem = ask(query)
        assert isinstance(problem, Problem), name
        near = "、".join(candidate.label for candidate in problem.candidates[:4])
        lines.append(f"{name} | {problem.code} | {problem.at} | {problem.message} | {near}")
    assert "\n".join(lines) + "\n" == RECORDED.read_text(encoding="utf-8")


def test_a_metric_may_refuse_unfinished_comparisons(ask, mq, make_snapshot, make_manifest):
    careful = Metric(
        "careful", "慎比金额", Aggregate("txns", "sum", "amount"), "CNY", incomplete_period="refuse"
    )
    world = make_snapshot(make_manifest(metrics=(careful,)))
    query = mq("careful", period=Relative("month"), compare=(Comparison("yoy"),))
    assert ask(query, at=world).code == "incomplete_period"
    whole = mq("careful", period=OCTOBER, compare=(Comparison("yoy"),))
    assert ask(whole, at=world).rows
