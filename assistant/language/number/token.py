"""What a stretch of the question says about quantities."""

from __future__ import annotations

from dataclasses import dataclass

from semantic_layer.query import NumberOp


@dataclass(frozen=True, slots=True)
class NumberToken:
    """A number with its unit: 三万五, 20%, 500w, 3次."""

    start: int
    end: int
    text: str
    value: int | float
    """In basic units, exact: 1.2亿 = 120000000, 20% = 0.2, 20bp = 0.002."""
    unit: str | None = None
    """%, ‰, ‱, bp, pp and 成 are already in `value`; else 元, 倍 or a counting word (户, 天)."""
    approximate: bool = False
    """近百万, 约50万, 上千户, 几百: must be asked back before it is used as a limit."""


@dataclass(frozen=True, slots=True)
class NumberRange:
    """Limits for a quantity; several hold at once: 50万(含)到100万."""

    limits: tuple[tuple[NumberOp, int | float], ...]
    unit: str | None = None
    approximate: bool = False
    between: bool = False
    """20到30: whether the ends belong to it is not said."""


@dataclass(frozen=True, slots=True)
class ComparatorToken:
    """A comparison with its number: 不低于100万, 20万以上, 介于50万和100万之间."""

    start: int
    end: int
    text: str
    range: NumberRange
