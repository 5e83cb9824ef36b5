"""The truths planted in the bank: each with a question, what must be found, and the proof."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

import yaml

POSITIVE: Final = "positive"
"""The answer of a truth whose number depends on seed and size but is never zero."""


@dataclass(frozen=True, slots=True)
class Truth:
    """A known fact about the data that a feature must find, or must not stumble over."""

    number: int
    """Its number in the list of planted truths, 1 to 11."""
    title: str
    question: str
    """As a user would ask."""
    finding: str
    """What a right answer says."""
    sql: str
    """Proves it on the built database; gives a single value."""
    answer: int | str
    """The value that the proof gives, or POSITIVE."""


@cache
def truths() -> tuple[Truth, ...]:
    """All planted truths, in the order of the file."""
    text = files("demo").joinpath("truths.yml").read_text(encoding="utf-8")
    return tuple(Truth(**entry) for entry in yaml.safe_load(text)["truths"])
