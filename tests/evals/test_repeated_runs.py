"""Repeats with a model beside one run of the grammar."""

from __future__ import annotations

from dataclasses import replace

import pytest

from evals.case import Case, Result
from evals.repeated import as_repeated, repeated_json, repeated_section
from evals.runner import Run
from evals.suite import load_suite

IDS = ("a", "b", "c")


@pytest.fixture(scope="module")
def case() -> Case:
    return load_suite("bank").cases[0]


def run_of(case: Case, verdicts: str) -> Run:
    words = {"r": "right", "w": "wrong", "a": "abstained"}
    results = tuple(
        Result(replace(case, id=name), words[v], (), "answer", "answered", "", "", 1.0)
        for name, v in zip(IDS, verdicts, strict=True)
    )
    return Run("s", "套件", results, {})


def test_a_case_is_right_with_the_model_when_most_repeats_are(case) -> None:
    runs = [[run_of(case, v)] for v in ("rrw", "rra", "raw", "raw", "rrw")]
    (suite,) = as_repeated(runs, [run_of(case, "rar")])
    assert suite.discordant == (1, 1)  # c is only the grammar's, b only the model's
    assert suite.unstable == ("b", "c")
    found = repeated_json(suite)
    assert (found["p"], len(found["runs"])) == (1.0, 5)
    assert found["runs"][0] == {"right": 2, "wrong": 1, "abstained": 0}
    told = repeated_section([suite])
    assert "| s | 5 | 2 | 1 | 0 |" in told
    assert "s/b:对 3 次、弃答 2 次" in told
    assert "p = 1.0000" in told


def test_half_of_the_repeats_are_not_most(case) -> None:
    runs = [[run_of(case, v)] for v in ("rrr", "aaa")]
    (suite,) = as_repeated(runs, [run_of(case, "rrr")])
    assert suite.discordant == (3, 0)
    assert repeated_json(suite)["p"] == 0.25  # 2 × (1/2)³
