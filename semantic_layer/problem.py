"""Why a query cannot be answered, as data: code, place, Chinese sentence, candidates.

Nothing here imports anything of ours but the code table.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

ProblemCode = Literal[
    # asks back (clarification)
    "ambiguous_metric", "ambiguous_value", "ambiguous_time", "ambiguous_path",
    "ambiguous_phrase", "vague_term", "missing_metric", "unknown_value",
    "unattached_condition", "too_many_results", "nothing_to_change", "multi_step",
    # refuses
    "unknown_term", "unknown_metric", "unknown_dimension", "dim_not_applicable",
    "grain_not_available", "no_data_yet", "no_data_before", "invalid_date", "invalid_query",
    "contradictory_filter", "value_not_in_data", "not_reported", "unsupported", "permission",
    "sensitive_field", "individual_data", "out_of_scope", "unsafe_request",
    "prompt_injection", "too_expensive",
    "mixed_currency", "incomplete_period",
    # errors
    "timeout", "engine", "model", "internal", "cancelled",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something that could have been meant."""

    id: str
    label: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with a query, for the user and for the planner."""

    code: ProblemCode
    message: str
    """One Chinese sentence: what, about what, what to do next."""
    at: str = ""
    """Slot path in the query: `group_by.0`, `scope.period`."""
    subject: str = ""
    """The word or id it is about."""
    candidates: tuple[Candidate, ...] = ()
