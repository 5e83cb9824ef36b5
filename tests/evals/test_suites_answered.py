"""Every suite on the small bank: nothing wrong, nothing worse, every case proves something."""

from collections import Counter

import pytest

from evals.baseline import BASELINES, compare
from evals.gold import GoldDatabase
from evals.runner import run_suite, weak_cases
from evals.suite import load_suite, suite_names

ACCEPTED = [name for name in suite_names() if (BASELINES / f"{name}.json").is_file()]


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


def test_every_right_answer_is_told_from_wrong_ones(suite, bank_assistant):
    assert weak_cases(suite, bank_assistant) == []


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
