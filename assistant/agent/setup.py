"""The analyst of a project's settings, or none."""

from __future__ import annotations

from assistant.agent.analyst import Analyst
from assistant.planners.llm.arbitrate import ModelAdviser
from assistant.planners.llm.budget import Allowance
from assistant.settings import ModelSection

CALLS_PER_STEP = 3
"""Names are looked up, a query is run, another is tried."""


def analyst_of(model: ModelSection, adviser: ModelAdviser | None) -> Analyst | None:
    """Talks to the same server as the adviser."""
    if adviser is None:
        return None
    steps = model.analysis_steps
    allowance = Allowance(
        model.analysis_s, CALLS_PER_STEP * steps, model.max_tokens * CALLS_PER_STEP
    )
    price = (model.price_in, model.price_out)
    return Analyst(adviser.ladder, allowance, model.rows, steps, price)
