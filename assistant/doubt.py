"""Asking back and refusing: a Problem as a reply with ways out."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from assistant.answer import Answer, Option
from assistant.context import Context
from assistant.language.reading_text import reading as reading_text
from assistant.reading import ReadingOption
from assistant.remedies import remedies
from assistant.reply import Reply
from assistant.state import OpenOption
from semantic_layer.problem import Problem
from semantic_layer.query import Query, to_json
from semantic_layer.resolve import resolve
from semantic_layer.resolved import ResolvedQuery

MAX_OPTIONS = 4
_MEANINGLESS = ("dim_not_applicable", "grain_not_available")
"""A reading that fails with these cannot have been meant."""


class LiveOption(NamedTuple):
    """A reading that would be answered."""

    offered: ReadingOption
    resolved: ResolvedQuery


class Weighed(NamedTuple):
    """Which readings are left."""

    live: tuple[LiveOption, ...]
    only_one_makes_sense: bool
    """Of several, the others contradict the definitions, or all come to the same."""


def weigh(options: Iterable[ReadingOption], context: Context) -> Weighed:
    """Keeps the readings that resolve, and says whether a question is needed at all."""
    live: dict[str, LiveOption] = {}
    failed: list[str] = []
    tried = tuple(options)
    for option in tried:
        resolved = resolve(option.query, context.snapshot, context.principal)
        if isinstance(resolved, Problem):
            failed.append(resolved.code)
        else:
            live.setdefault(repr(resolved), LiveOption(option, resolved))
    several = len(tried) > 1 and len(live) == 1
    return Weighed(tuple(live.values()), several and all(c in _MEANINGLESS for c in failed))


def ask_back(problem: Problem, live: tuple[LiveOption, ...], context: Context) -> Reply:
    """One question with numbered options, each a complete query with its reading."""
    shown = live[:MAX_OPTIONS]
    manifest = context.snapshot.manifest
    answer = Answer(
        code=problem.code,
        message=problem.message,
        options=tuple(
            Option(n, o.offered.label, reading_text(o.resolved, manifest), to_json(o.offered.query))
            for n, o in enumerate(shown, start=1)
        ),
    )
    return Reply(answer, options=tuple(_open(n, o) for n, o in enumerate(shown, start=1)))


def refuse(problem: Problem, suggestions: tuple[str, ...] = ()) -> Reply:
    """What is missing, and the nearest question that can be answered."""
    near = suggestions or tuple(c.label for c in problem.candidates[:MAX_OPTIONS])
    return Reply(Answer(code=problem.code, message=problem.message, suggestions=near))


def reply_to_problem(problem: Problem, query: Query, context: Context) -> Reply:
    """A query that does not resolve: with its nearest neighbours that do, if there are any."""
    live = weigh(remedies(problem, query, context.snapshot.manifest), context).live
    return ask_back(problem, live, context) if live else refuse(problem)


def _open(number: int, option: LiveOption) -> OpenOption:
    offered = option.offered
    return OpenOption(number, offered.label, offered.query, offered.word, offered.choice)
