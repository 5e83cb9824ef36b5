"""What a model took for one answer: calls, tokens, time and money."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ModelUse:
    """Told in the answer, kept in the audit, added up by evaluations."""

    calls: int
    tokens_in: int
    tokens_out: int
    milliseconds: float
    rung: str
    """How the server was made to answer in JSON."""
    cost: float | None = None
    """In yuan at the configured price; None: no price is configured."""
