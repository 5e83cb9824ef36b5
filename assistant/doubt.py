"""Asking back and refusing: a Problem as a reply with ways out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from assistant.answer import Answer, Option
from assistant.context import Context
from assistant.language.reading_text import reading as reading_text
from assistant.language.unknown import ALIKE
from assistant.never_together import can_never_be
from assistant.reading import ReadingOption
from assistant.remedies import remedies
from assistant.reply import Reply
from assistant.state import OpenOption
from semantic_layer.problem import Problem
from semantic_layer.query import DimensionGroup, MetricQuery, MetricRef, Query, to_json
from semantic_layer.resolve import resolve
from semantic_layer.resolved import ResolvedQuery

MAX_OPTIONS = 4
MAX_NEAR = 3
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


def weigh(options: Iterable[ReadingOption], context: Context, *, alike: bool = False) -> Weighed:
    """Keeps the readings that resolve, and says whether a question is needed at all.

    `alike`: they are guesses at an unknown word, of which those without any rows are no help.
    """
    live: dict[str, LiveOption] = {}
    failed: list[str] = []
    tried = tuple(options)
    for option in tried:
        resolved = resolve(option.query, context.snapshot, context.principal)
        if isinstance(resolved, Problem):
            failed.append(resolved.code)
        elif alike and can_never_be(option.query, resolved, context):
            failed.append("value_not_in_data")
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
    """What is missing, and the nearest questions that can be answered."""
    return Reply(Answer(code=problem.code, message=problem.message, suggestions=suggestions))


def reply_to_problem(problem: Problem, query: Query, context: Context) -> Reply:
    """A query that does not resolve: with its nearest neighbours that do, if there are any."""
    live = weigh(remedies(problem, query, context.snapshot.manifest), context).live
    if live:
        return ask_back(problem, live, context)
    return refuse(problem, tuple(_near_questions(problem, query, context))[:MAX_NEAR])


def is_alike(problem: Problem) -> bool:
    """Whether what is offered is named like a word that names nothing."""
    return problem.at == ALIKE


def not_held(problem: Problem, offered: Sequence[ReadingOption]) -> Problem:
    """Names that are alike, of which none can be meant, are no answer: it is not held."""
    if not offered or not is_alike(problem):
        return problem
    message = f"没有收录“{problem.subject}”,不能回答,也不作估计。"
    return replace(problem, code="unknown_term", message=message)


def _near_questions(problem: Problem, query: Query, context: Context) -> Iterator[str]:
    """The same metric by what it can be seen by, or the metrics named instead; all answerable."""
    manifest = context.snapshot.manifest
    if not isinstance(query, MetricQuery) or not isinstance(query.measures[0], MetricRef):
        return
    asked = query.measures[0].metric
    for candidate in problem.candidates:
        if candidate.id in manifest.metrics:
            text, near = f"{candidate.label}是多少", MetricQuery((MetricRef(candidate.id),))
        elif candidate.id in manifest.dimensions and asked in manifest.metrics:
            text = f"各{candidate.label}{manifest.metrics[asked].label}是多少"
            near = MetricQuery((MetricRef(asked),), (DimensionGroup(candidate.id),))
        else:
            continue
        if not isinstance(resolve(near, context.snapshot, context.principal), Problem):
            yield text


def _open(number: int, option: LiveOption) -> OpenOption:
    offered = option.offered
    return OpenOption(number, offered.label, offered.query, offered.word, offered.choice)
