"""Bands of confidence, counted by hand."""

from dataclasses import replace

from evals.calibration import calibration, calibration_table
from evals.case import Case, Result

CASE = Case("a", "存款余额", "存款", "数值", "answer")


def result(confidence: float | None, verdict: str, outcome: str = "answer") -> Result:
    found = Result(CASE, "right", (), outcome, "answered", "", "", 1.0, confidence=confidence)
    return replace(found, verdict=verdict)


def test_answers_fall_into_bands_of_confidence() -> None:
    results = [
        result(1.0, "right"), result(1.0, "right"), result(0.99, "right"), result(0.96, "wrong"),
        result(0.9, "right"), result(0.7, "wrong"), result(None, "right"),
        result(1.0, "right", "clarification"),
    ]  # fmt: skip
    found = [(b.label, b.answers, b.right) for b in calibration(results)]
    assert found == [("0.00—0.85", 1, 0), ("0.90—0.95", 1, 1), ("0.95—1.00", 2, 1), ("1.00", 2, 2)]


def test_the_table_says_the_share_that_was_right() -> None:
    table = calibration_table([result(0.9, "right"), result(0.92, "wrong")])
    assert "| 0.90—0.95 | 2 | 1 | 50.00% | 0.910 |" in table
    assert calibration_table([]) == ""
