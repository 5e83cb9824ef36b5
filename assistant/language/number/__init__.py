"""Numbers, units and comparisons of a question."""

from assistant.language.number.token import (
    ComparatorToken,
    NumberRange,
    NumberToken,
)

__all__ = ["ComparatorToken", "NumberRange", "NumberToken"]
