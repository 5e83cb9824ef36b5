"""What a count of errors proves: exact one-sided binomial bounds."""

from __future__ import annotations

from math import comb


def upper_bound(wrong: int, of: int, confidence: float = 0.95) -> float:
    """The error rate that is excluded at this confidence; 1.0 for an empty sample.

    >>> round(upper_bound(0, 299), 4)
    0.01
    >>> round(upper_bound(3, 300), 3)
    0.026
    """
    if of == 0 or wrong >= of:
        return 1.0
    low, high = wrong / of, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        if _at_most(wrong, of, middle) > 1 - confidence:
            low = middle
        else:
            high = middle
    return high


def mcnemar(only_first: int, only_second: int) -> float:
    """Two-sided exact p-value that two paired runs differ by chance.

    >>> mcnemar(0, 0)
    1.0
    >>> round(mcnemar(0, 6), 4)
    0.0312
    """
    total = only_first + only_second
    if total == 0:
        return 1.0
    return min(1.0, 2 * _at_most(min(only_first, only_second), total, 0.5))


def _at_most(k: int, n: int, p: float) -> float:
    return sum(comb(n, i) * p**i * (1 - p) ** (n - i) for i in range(k + 1))
