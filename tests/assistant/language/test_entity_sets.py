"""Who is meant: questions about sets of customers and branches, and how the set is said."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    ("who", "name"),
    [
        ("bank", "questions_sets_bank.txt"),
        ("demo", "questions_sets_demo.txt"),
        ("demo", "questions_walks_demo.txt"),
    ],
)
def test_every_set_is_the_one_described(who, name, request, read_cases):
    company = request.getfixturevalue(who)
    wrong = [
        f"{question}\n    expected {expected}\n    got      {got}"
        for question, expected in read_cases(name)
        if (got := company.compact_reading(question)) != expected
    ]
    assert not wrong, "\n".join(wrong)
