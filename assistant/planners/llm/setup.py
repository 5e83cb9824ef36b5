"""The model of a project's settings, or none."""

from __future__ import annotations

from collections.abc import Mapping

from assistant.planners.llm.arbitrate import ModelAdviser, Price
from assistant.planners.llm.budget import Allowance
from assistant.planners.llm.chat import Chat, Endpoint
from assistant.planners.llm.ladder import Ladder
from assistant.settings import ModelSection


def adviser_of(model: ModelSection, environment: Mapping[str, str]) -> ModelAdviser | None:
    """Nothing is imported or connected before the first question that needs it."""
    if not model.base_url:
        return None
    key = environment.get(model.api_key_env, "")
    return ModelAdviser(
        Ladder(Chat(Endpoint(model.base_url, model.model, key))),
        Allowance(model.wait_s, model.max_calls, model.max_tokens),
        model.guesses,
        Price(model.price_in, model.price_out),
    )
