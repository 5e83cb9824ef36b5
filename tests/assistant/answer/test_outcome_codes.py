"""One table of codes: complete, documented, with the exit codes of the contract."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import pytest

from assistant.outcomes import CODES, AnswerCode, exit_code
from semantic_layer.problem import ProblemCode

DOCUMENT = Path(__file__).resolve().parents[3] / "docs" / "outcomes.md"


def test_every_code_stands_in_the_table() -> None:
    assert set(CODES) == set(get_args(AnswerCode))


def test_every_problem_of_a_query_has_an_outcome() -> None:
    assert set(get_args(ProblemCode)) - set(CODES) == set()


def test_the_document_has_exactly_this_table() -> None:
    rows = re.findall(
        r"^\| `(\w+)` \| (\w+) \| (\d) \| (.+) \|$", DOCUMENT.read_text("utf-8"), re.MULTILINE
    )
    expected = [(c, m.outcome, str(exit_code(c)), m.meaning) for c, m in CODES.items()]
    assert rows == expected


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("answered", 0),
        ("definition", 0),
        ("ambiguous_metric", 3),
        ("unknown_value", 3),
        ("missing_metric", 3),
        ("unknown_term", 4),
        ("no_data_yet", 4),
        ("permission", 4),
        ("too_expensive", 4),
        ("timeout", 1),
        ("internal", 1),
        ("usage", 2),
    ],
)
def test_exit_codes_of_the_contract(code: str, expected: int) -> None:
    assert exit_code(code) == expected
