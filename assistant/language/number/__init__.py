"""Numbers, units and comparisons of a question."""

from assistant.language.number.comparators import find_comparators
from assistant.language.number.find import find_numbers
from assistant.language.number.token import ComparatorToken, NumberRange, NumberToken

__all__ = ["ComparatorToken", "NumberRange", "NumberToken", "find_comparators", "find_numbers"]
