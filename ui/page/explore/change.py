"""A click on the latest answer, carried out: the card changes, the question stays."""

from __future__ import annotations

from assistant.answer import Answer
from ui.page.session import Step, Turn


def changed_turn(turn: Turn, answer: Answer, shown: str, back_to: int | None = None) -> Turn:
    """The turn with one step more, or cut to an earlier one; a failed click only complains."""
    if answer.outcome != "answer":
        return turn._replace(complaint=answer.message)
    steps = turn.steps or (Step(turn.question, turn.answer),)
    if back_to is None:
        steps = (*steps, Step(shown, answer))
    else:
        steps = (*steps[:back_to], Step(steps[back_to].label, answer))
    return turn._replace(answer=answer, steps=steps, complaint=None)
