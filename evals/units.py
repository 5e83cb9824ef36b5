"""What counts once: a conversation and its first mistake, an intent and its one query."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from evals.case import Layer, Result, Verdict

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_SPACE = re.compile(r"\s+")
_WORST: tuple[Verdict, ...] = ("wrong", "abstained", "right")


@dataclass(frozen=True, slots=True)
class Unit:
    """A conversation, an intent, or a question by itself."""

    id: str
    results: tuple[Result, ...]

    @property
    def verdict(self) -> Verdict:
        """The worst of its parts."""
        return next(v for v in _WORST if any(r.verdict == v for r in self.results))

    @property
    def is_conversation(self) -> bool:
        """Questions that follow one another."""
        return any(r.case.turn for r in self.results)


def units(results: Iterable[Result]) -> tuple[Unit, ...]:
    """The results by what they are evidence of, in order."""
    return tuple(Unit(name, tuple(own)) for name, own in groupby(results, _evidence))


def judged_together(results: Sequence[Result]) -> tuple[Result, ...]:
    """The results once a unit is seen as a whole: causes of later turns, one query an intent."""
    return tuple(
        result
        for unit in units(results)
        for result in (
            _with_causes(unit.results) if unit.is_conversation else _held_to_one(unit.results)
        )
    )


def causes(results: Iterable[Result]) -> tuple[str, ...]:
    """Where the wrong answers began: their own turn, or the turn not got right before it."""
    return tuple(dict.fromkeys(r.cause or r.case.id for r in results if r.verdict == "wrong"))


def _evidence(result: Result) -> str:
    return result.case.evidence


def _with_causes(turns: Sequence[Result]) -> Iterator[Result]:
    """A turn that leans on a turn gone wrong is its consequence, until somebody starts afresh."""
    first = ""
    for turn in turns:
        if turn.case.fresh:
            first = ""
        if turn.verdict == "right":
            yield turn
            continue
        yield replace(turn, cause=first)
        first = first or turn.case.id


def _held_to_one(ways: Sequence[Result]) -> Iterator[Result]:
    """Of one meaning there is one query; another one is wrong even where the rows agree."""
    plain = next((r for r in ways if r.verdict == "right" and r.sql), None)
    for way in ways:
        if plain is None or way.verdict != "right" or same_query(way.sql, plain.sql):
            yield way
        else:
            other = Layer("same", False, f"与“{plain.case.ask}”读成了不同的查询")
            yield replace(way, verdict="wrong", layers=(*way.layers, other))


def same_query(sql: str, other: str) -> bool:
    """The same statement but for its comments.

    >>> same_query("SELECT 1 /* 上个月 */ AS a", "SELECT 1 /* 10月 */  AS a")
    True
    """
    return _bare(sql) == _bare(other)


def _bare(sql: str) -> str:
    return _SPACE.sub(" ", _COMMENT.sub(" ", sql)).strip()
