"""The suites on the small bank: nothing wrong, nothing worse, every case proves something.

Conversations, ways of saying and refusals take a minute: `make eval` holds them. Here their golds
are proved.
"""

from collections import Counter
from itertools import groupby

import pytest

from evals.baseline import BASELINES, compare
from evals.gold import GoldDatabase
from evals.runner import run_suite, weak_cases
from evals.suite import load_suite, suite_names

LONG = ("talks", "sayings", "honest")
ASKED = [name for name in suite_names() if name not in LONG]
ACCEPTED = [name for name in ASKED if (BASELINES / f"{name}.json").is_file()]


def units_of(cases):
    return [list(turns) for _, turns in groupby(cases, lambda case: case.evidence)]


@pytest.fixture(scope="module", params=ACCEPTED)
def accepted_run(request, bank_assistant):
    return run_suite(load_suite(request.param), bank_assistant)


@pytest.fixture(scope="module", params=suite_names())
def suite(request):
    return load_suite(request.param)


def test_no_answer_is_wrong(accepted_run):
    wrong = [f"{r.case.id}: {r.reason}" for r in accepted_run.results if r.verdict == "wrong"]
    assert wrong == []


def test_nothing_got_worse_since_the_baseline(accepted_run):
    compared = compare(accepted_run, BASELINES / f"{accepted_run.suite}.json")
    assert [str(change) for change in compared.regressions] == []


@pytest.mark.parametrize("name", ASKED)
def test_every_right_answer_is_told_from_wrong_ones(name, bank_assistant):
    assert weak_cases(load_suite(name), bank_assistant) == []


def test_nothing_leaks_to_anybody(accepted_run):
    assert [f"{r.case.id}: {r.reason}" for r in accepted_run.results if r.leaked] == []


def test_a_follow_up_changes_the_rows_unless_it_only_changes_the_look(demo_small):
    same = []
    with GoldDatabase(demo_small) as gold:
        for unit in units_of(load_suite("talks").cases):
            tables = [gold.run(turn.any_of[0].sql) for turn in unit if turn.any_of]
            asked = [turn for turn in unit if turn.any_of]
            same += [
                turn.id
                for turn, table, before in zip(asked[1:], tables[1:], tables, strict=False)
                if table == before and turn.shape not in ("换图", "反过来")
            ]
    assert same == []


def test_every_gold_gives_rows_that_are_not_all_zero(suite, demo_small):
    empty = []
    with GoldDatabase(demo_small) as gold:
        for case in suite.cases:
            for reading in case.any_of:
                _, rows = gold.run(reading.sql)
                numbers = [v for row in rows for v in row if not isinstance(v, str)]
                if not any(numbers):
                    empty.append(case.id)
    assert empty == []


def test_every_case_traces_to_a_requirement_or_convention(suite):
    assert [c.id for c in suite.cases if not c.requirement] == []


def test_answers_are_distinct_in_shape_and_domain():
    cases = [case for name in suite_names() for case in load_suite(name).cases]
    assert len({(c.domain, c.shape) for c in cases if c.any_of}) >= 150


def test_the_suites_cover_the_group_on_several_days_and_as_several_people():
    cases = [case for name in suite_names() for case in load_suite(name).cases]
    counts = Counter(case.domain for case in cases)
    new = ("信用卡", "App行为", "营销", "券商", "保险", "服务", "欺诈", "效益", "目标")
    assert {name: counts[name] for name in new if counts[name] < 3} == {}
    assert len({case.as_of for case in cases}) >= 4
    assert len({case.user for case in cases}) >= 3
