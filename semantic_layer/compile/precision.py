"""A tenth is a tenth: what was divided is compared by its digits, not by its last bit.

11.01 / 110.10 and 0.1 differ behind the sixteenth digit, and would take two places.
"""

from __future__ import annotations

from sqlglot import exp

from semantic_layer.compile.tokens import number
from semantic_layer.plan.nodes import PlannedMeasure
from semantic_layer.resolve.comparisons import RATE_UNITS

RATE_DIGITS, AMOUNT_DIGITS = 12, 6
"""Far behind what is shown; of amounts as many as a double has behind billions."""


def digits_of_values(measure: PlannedMeasure) -> int | None:
    """The decimals by which values of a measure are compared; None: they are exact."""
    return mean_digits(measure) if measure.is_quotient else None


def mean_digits(measure: PlannedMeasure) -> int:
    """The decimals by which a measure is compared with a mean."""
    return digits_of_unit(measure.unit)


def digits_of_unit(unit: str | None) -> int:
    """The decimals by which something divided is compared."""
    return RATE_DIGITS if unit in RATE_UNITS else AMOUNT_DIGITS


def rounded(value: exp.Expression, digits: int | None) -> exp.Expression:
    """The value as it is ranked and compared."""
    return value if digits is None else exp.Round(this=value, decimals=number(digits))
