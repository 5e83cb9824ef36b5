"""The question as it comes in, with everything the reader may look at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from semantic_layer.principal import Principal
from semantic_layer.query import Query


@dataclass(frozen=True, slots=True)
class Question:
    """One line of text from one person on one day."""

    text: str
    as_of: date
    principal: Principal
    previous: Query | None = None
    """The last answered query of the session."""
    choices: tuple[tuple[str, str], ...] = ()
    """Remembered choices of the session: ambiguous word → id chosen."""
    earlier: Query | None = None
    """The one answered before that, for 上一个问题."""
    unread: str = ""
    """The input just before, when it was not answered."""
