"""Questions about what people did, each with the behaviour query or the doubt it must become."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from assistant.language.lexicon import Lexicon
from assistant.planners.grammar import GrammarPlanner
from semantic_layer.query import (
    And,
    BucketGroup,
    Condition,
    DimensionGroup,
    FunnelQuery,
    IntervalQuery,
    Membership,
    MetricCondition,
    MetricQuery,
    PathQuery,
    Predicate,
    Query,
    RetentionQuery,
    Step,
)
from semantic_layer.resolve import resolve
from semantic_layer.resolved import ResolvedQuery

USUAL = ("entities", "conversion")


def test_every_question_becomes_its_behaviour_query(demo, read_cases):
    wrong = [
        f"{question}\n    expected {expected}\n    got      {got}"
        for question, expected in read_cases("questions_behaviour.txt")
        if (got := line(demo, question)) != expected
    ]
    assert not wrong, "\n".join(wrong)


def test_a_page_called_like_a_step_is_not_that_step(demo):
    manifest = demo.planner.manifest
    pages = Lexicon.build(manifest, {"page": ("注册", "理财", "首页")})
    company = replace(demo, planner=GrammarPlanner(pages, manifest))
    funnel = "funnel 进入注册页>注册成功 in 1"
    assert line(company, "进入注册页后1天内注册成功的比例") == funnel
    assert line(company, "进入注册页以后一天之内注册成功的人占多少") == funnel
    path = "funnel 浏览页面{page in 理财}>wealth_bought in 30"
    assert line(company, "从浏览理财页到购买理财的转化率") == path


def test_what_was_chosen_for_an_ambiguous_event_is_remembered(demo):
    asked = demo.read("打开App→浏览首页→申购的转化")
    word, choice = asked.options[1].word, asked.options[1].choice
    again = demo.read("从打开App到申购的转化率", ((word, choice),))
    assert again.query is not None
    assert [step.event for step in again.query.steps] == ["打开APP", "申购成功"]


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("从开户到首购的转化率", "没有说窗口期,按30天"),
        ("新客次月留存", "“新客”按事件“开户”"),
        ("新客次月留存", "没有说返回做了什么,按再次打开APP算留存"),
        ("首购客户留存率", "没有说看第几期,按次月"),
        ("绑卡漏斗", "“绑卡”漏斗按 发起绑卡 → 绑卡成功"),
        ("开户后三个月内首购的比例", "“三个月内”按90天计"),
        ("注册到首购转化率", "“注册”按事件“注册成功”"),
        ("从开户到首购的流失率", "流失率 = 1 − 转化率"),
    ],
)
def test_what_was_taken_for_granted_is_said(question, said, demo):
    assert said in [assumption.text for assumption in demo.read(question).assumptions]


@pytest.mark.parametrize(
    "question",
    [
        "开户后没有首购的客户占比",
        "从开户到首购不超过7天的客户占比",
        "新客留存预测",
        "从手机银行到柜面的转化率",
        "二季度首购客户下个月再次购买的比例",
        "从开户到杭州分行首购的转化率",
        "从首次交易到首购平均多少天",
    ],
)
def test_what_is_not_understood_whole_is_never_answered(question, demo):
    assert demo.read(question).query is None


def test_a_refused_behaviour_offers_what_can_be_asked(demo):
    refused = demo.read("老客户7日留存")
    assert refused.problem is not None
    assert refused.suggestions
    assert refused.suggestions[0] == "新客的次月留存率"
    assert all(demo.read(question).query for question in refused.suggestions)


def line(company, question: str) -> str:
    """The query on one line, or the code of the problem with its options."""
    reading = company.read(question)
    if reading.problem is not None:
        labels = "、".join(option.label for option in reading.options)
        return f"!{reading.problem.code}" + (f" {labels}" if labels else "")
    assert reading.query is not None
    return " ".join(_parts(company, reading.query))


def _parts(company, query: Query) -> Iterator[str]:
    match query:
        case MetricQuery():
            yield f"metric {query.measures[0].metric}"
            return
        case FunnelQuery():
            yield f"funnel {'>'.join(map(_step, query.steps))} in {query.window_days}"
            yield from [f"show {','.join(query.show)}"] if query.show != USUAL else []
        case RetentionQuery():
            periods = ",".join(map(str, query.periods))
            yield f"retain {_step(query.start)}>{_step(query.comeback)} {query.unit} {periods}"
            yield f"cohort {query.cohort_unit}"
        case PathQuery():
            yield f"path {query.direction} {_step(query.anchor)} len {query.length} top {query.top}"
        case IntervalQuery():
            window = f" in {query.window_days}" if query.window_days else ""
            yield f"interval {_step(query.start)}>{_step(query.end)}{window}"
            yield f"show {','.join(query.show)}"
    yield from _scope(company, query)


def _scope(company, query: Query) -> Iterator[str]:
    groups = getattr(query, "group_by", ())
    if groups:
        yield "by " + ",".join(map(_group, groups))
    resolved = resolve(query, company.snapshot, company.principal)
    if not isinstance(resolved, ResolvedQuery):
        yield f"@{resolved.code}"
        return
    if getattr(query, "entity", None):
        yield f"as {query.entity}"
    if query.scope.period:
        yield "@" + "&".join(f"{s.start}..{s.end}" for s in resolved.spans)
    if query.scope.where:
        yield f"where {_where(query.scope.where)}"


def _group(group: object) -> str:
    if isinstance(group, BucketGroup):
        return f"{group.of}[{'/'.join(map(str, group.edges)) or f'every {group.width}'}]"
    return group.dimension if isinstance(group, DimensionGroup) else str(group.grain)


def _step(step: Step) -> str:
    return step.event + (f"{{{_where(step.where)}}}" if step.where else "")


def _where(where: Predicate) -> str:
    if isinstance(where, And):
        return " and ".join(sorted(map(_where, where.children)))
    if isinstance(where, Membership):
        return f"{where.set.entity}({_where(where.set.where)})"
    if isinstance(where, MetricCondition):
        return f"{where.metric} {where.op} {where.value}"
    assert isinstance(where, Condition)
    return f"{where.dimension} {where.op} {'/'.join(map(str, where.values))}"
