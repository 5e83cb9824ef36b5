"""What a count of errors proves, against the table of exact binomial bounds."""

import pytest

from evals.bounds import mcnemar, upper_bound


@pytest.mark.parametrize(
    ("wrong", "of", "bound"),
    [
        (0, 299, 0.010),
        (1, 473, 0.010),
        (2, 628, 0.010),
        (3, 773, 0.010),
        (0, 80, 0.037),
        (3, 300, 0.026),
        (10, 10, 1.0),
        (0, 0, 1.0),
    ],
)
def test_error_rate_excluded_with_95_percent(wrong, of, bound):
    assert upper_bound(wrong, of) == pytest.approx(bound, abs=5e-4)


def test_paired_runs_differ_by_chance():
    assert mcnemar(0, 0) == 1.0
    assert mcnemar(3, 3) == 1.0
    assert mcnemar(0, 6) == pytest.approx(2 / 2**6)
    assert mcnemar(1, 7) == pytest.approx(2 * 9 / 2**8)
