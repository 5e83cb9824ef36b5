"""What a reader is offered for an answer: all of it works, and shows nothing out of sight."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import duckdb
import pytest

from assistant import Answer, Assistant
from assistant.explore import Choice, Explorer
from semantic_layer.query import EntityQuery

NEW_BY_BRANCH = "上个月各分行新增客户数是多少"
ASKED = (
    ("分析员", "今年各月新增客户数同比"),
    ("分析员", "注册漏斗每步转化率"),
    ("银川行长", "10月各支行存款余额前5"),
    ("银川行长", "2026年10月末AUM超过50万的客户数"),
    ("客户经理", NEW_BY_BRANCH),
    ("客户经理", "存款余额和贷款余额各是多少"),
)
EVERY = 19
"""Of several hundred choices every so many is really run."""


def answered(bank: Assistant, question: str, user: str = "分析员", session: str = "") -> Answer:
    answer = bank.ask(question, user=user, session=session or None)
    assert answer.outcome == "answer", answer.message
    return answer


def explored(bank: Assistant, answer: Answer) -> list[Choice]:
    """Every choice of every chip, switch and first row."""
    with bank.exploring(answer.query or {}, answer.user) as explorer:
        sections = [s for chip in explorer.chips() for s in explorer.sections(chip)]
        sections += [s for row in grouped(answer)[:2] for s in explorer.drills(row)]
        choices = [choice for section in sections for choice in section.choices]
        choices += [*explorer.toggles(), *explorer.rollups(), *narrowings(explorer)]
        return choices + [c for row in grouped(answer)[:1] for c in explorer.angles(row)]


def narrowings(explorer: Explorer) -> Iterator[Choice]:
    """One member of every third dimension."""
    if any(chip.kind == "narrow" for chip in explorer.chips()):
        for dimension, _ in explorer.filter_dimensions()[::9]:
            for member in explorer.members(dimension)[:1]:
                choice = explorer.narrowed(dimension, (member,))
                assert choice is not None
                yield choice


def grouped(answer: Answer) -> list[Mapping[str, Any]]:
    """The groups of each row by column id."""
    groups = [(at, c.id) for at, c in enumerate(answer.columns) if c.kind in ("dimension", "time")]
    return [{name: row[at] for at, name in groups} for row in answer.rows] if groups else []


def choice_called(choices: list[Choice], label: str) -> Choice:
    return next(choice for choice in choices if choice.label == label)


@pytest.mark.parametrize(("user", "question"), ASKED)
def test_what_is_offered_can_be_run(bank: Assistant, user: str, question: str) -> None:
    answer = answered(bank, question, user, question)
    choices = explored(bank, answer)
    assert len(choices) > 20
    for choice in choices[len(question) % EVERY :: EVERY]:
        bank.run(answer.query or {}, user, question)
        changed = bank.run(choice.change, user, question)
        assert changed.outcome == "answer", (choice.label, choice.step, changed.message)
        assert choice.chosen or changed.query != answer.query, choice.label


def test_the_chips_say_the_reading(bank: Assistant) -> None:
    answer = answered(bank, "银川分行各支行存款余额较年初")
    with bank.exploring(answer.query or {}) as explorer:
        assert [(chip.name, chip.text) for chip in explorer.chips()] == [
            ("指标", "个人存款余额"),
            ("时间", "2026年10月末"),
            ("分组", "按支行"),
            ("分行", "银川分行"),
            ("筛选", ""),
            ("比较", "较年初"),
            ("排序", ""),
        ]


def test_periods_are_offered_with_their_days_and_once(bank: Assistant) -> None:
    answer = answered(bank, NEW_BY_BRANCH)
    with bank.exploring(answer.query or {}) as explorer:
        time = next(chip for chip in explorer.chips() if chip.kind == "time")
        units, *_ = explorer.sections(time)
    days = {choice.label: choice.detail for choice in units.choices}
    assert days["本月"] == "2026年11月1—19日"
    assert days["上季度"] == "2026年三季度"
    assert len(set(days.values())) == len(days)
    assert [choice.label for choice in units.choices if choice.chosen] == ["上月"]


def test_days_without_data_are_no_choice(bank: Assistant) -> None:
    answer = answered(bank, NEW_BY_BRANCH)
    with bank.exploring(answer.query or {}) as explorer:
        assert explorer.between(date(2027, 1, 1), date(2027, 1, 31)) is None
        assert explorer.between(date(2026, 10, 9), date(2026, 10, 1)) is None
        assert explorer.between(date(2026, 10, 1), date(2026, 10, 9)) is not None


def test_a_manager_is_offered_only_what_lies_in_sight(bank: Assistant) -> None:
    answer = answered(bank, "上个月新增客户数是多少", "银川行长")
    with bank.exploring(answer.query or {}, "银川行长") as explorer:
        assert "branch" not in dict(explorer.filter_dimensions())
        outlets = set(explorer.members("sub_branch"))
        assert explorer.narrowed("branch", ("宁波分行",)) is None
    everywhere = answered(bank, "上个月新增客户数是多少")
    with bank.exploring(everywhere.query or {}) as explorer:
        assert outlets < set(explorer.members("sub_branch"))
        assert len(explorer.members("branch")) > 5


def test_members_without_a_figure_are_not_offered(
    bank: Assistant, rows: duckdb.DuckDBPyConnection
) -> None:
    found = rows.execute(
        "select distinct o.branch from dim_customer c join dim_org o using (org_id) "
        "where c.open_date between '2026-10-01' and '2026-10-31'"
    ).fetchall()
    answer = answered(bank, "上个月新增客户数是多少")
    with bank.exploring(answer.query or {}) as explorer:
        assert set(explorer.members("branch")) == {name for (name,) in found}


def test_lists_are_offered_only_to_those_who_may_see_them(bank: Assistant) -> None:
    answer = answered(bank, NEW_BY_BRANCH)
    row = grouped(answer)[0]
    with bank.exploring(answer.query or {}) as explorer:
        assert any(section.title == "名单" for section in explorer.drills(row))
        context = explorer.trial.context
        manifest = context.snapshot.manifest
        closed = tuple(replace(policy, lists="none") for policy in manifest.policies)
        strict = replace(context.snapshot, manifest=replace(manifest, policies=closed))
        without = Explorer.of(explorer.query, replace(context, snapshot=strict))
        assert not any(section.title == "名单" for section in without.drills(row))


def test_the_list_holds_those_who_were_counted(bank: Assistant) -> None:
    answer = answered(bank, NEW_BY_BRANCH)
    for row, groups in list(zip(answer.rows, grouped(answer), strict=True))[:4]:
        with bank.exploring(answer.query or {}) as explorer:
            section = next(s for s in explorer.drills(groups) if s.title == "名单")
        query = section.choices[0].change
        assert isinstance(query, EntityQuery)
        assert bank.run(query).total_rows == row[1]


def test_a_named_period_is_told_by_its_days_and_by_the_switch_that_is_on(bank: Assistant) -> None:
    """较上月末 of a balance at the end of October is compared with September, as 环比 is."""
    answer = answered(bank, "个人存款余额较上月末", session="较上月末")
    with bank.exploring(answer.query or {}) as explorer:
        compared = next(chip for chip in explorer.chips() if chip.kind == "compare")
        switches = {choice.label: choice for choice in explorer.toggles()}
        sections = {section.title: section.choices for section in explorer.sections(compared)}
    assert compared.text == "与2026年9月末比"
    assert {label: choice.chosen for label, choice in switches.items()} == {
        "同比": False, "环比": True, "较年初": False,
    }  # fmt: skip
    assert [choice.label for choice in sections["去掉"]] == ["与2026年9月末比"]
    alone = bank.run(switches["环比"].change, session="较上月末")
    assert "compare" not in (alone.query or {})
    august = answered(bank, "个人存款余额比8月末")
    with bank.exploring(august.query or {}) as explorer:
        assert not any(choice.chosen for choice in explorer.toggles())
