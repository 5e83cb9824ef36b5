"""The bank suite on the small bank: nothing wrong, nothing worse, every case proves something."""

from collections import Counter

import pytest

from evals.baseline import BASELINES, compare
from evals.gold import GoldDatabase
from evals.runner import run_suite, weak_cases
from evals.suite import load_suite


@pytest.fixture(scope="module")
def suite():
    return load_suite("bank")


@pytest.fixture(scope="module")
def bank_run(suite, bank_assistant):
    return run_suite(suite, bank_assistant)


def test_no_answer_is_wrong(bank_run):
    wrong = [f"{r.case.id}: {r.reason}" for r in bank_run.results if r.verdict == "wrong"]
    assert wrong == []


def test_nothing_got_worse_since_the_baseline(bank_run):
    compared = compare(bank_run, BASELINES / "bank.json")
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


def test_forty_answers_are_distinct_in_shape_and_domain(suite):
    shapes = Counter((c.domain, c.shape) for c in suite.cases if c.any_of)
    assert len(shapes) >= 40


def test_every_case_traces_to_a_requirement_or_convention(suite):
    assert [c.id for c in suite.cases if not c.requirement] == []


def test_the_suite_asks_on_several_days_and_as_several_people(suite):
    assert len({c.as_of for c in suite.cases}) >= 4
    assert len({c.user for c in suite.cases}) >= 3
