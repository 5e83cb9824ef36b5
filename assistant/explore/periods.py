"""The usual periods, each with the days that it means for this metric."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date

from assistant.explore.choice import Choice, Section
from assistant.explore.trial import Trial, dates_of
from semantic_layer.query import (
    Absolute,
    Change,
    Edge,
    Latest,
    Patch,
    Period,
    Query,
    Relative,
    Shifted,
    Span,
)

THIS_YEAR = Relative("year", 0)
POINTS: Mapping[str, Span] = {
    "最新": Latest(),
    "上月末": Edge(Relative("month", -1)),
    "上季末": Edge(Relative("quarter", -1)),
    "上年末": Edge(Relative("year", -1)),
}
UNITS: Mapping[str, Span] = {
    "昨天": Relative("day", -1),
    "本周": Relative("week", 0),
    "上周": Relative("week", -1),
    "本月": Relative("month", 0),
    "上月": Relative("month", -1),
    "本季度": Relative("quarter", 0),
    "上季度": Relative("quarter", -1),
    "今年": THIS_YEAR,
    "去年": Relative("year", -1),
    "去年同期": Shifted(Relative("year", 0, to_date=True), "year", -1),
}
STRETCHES: Mapping[str, Span] = {
    "近7天": Relative("day", 0, 7, anchor="data"),
    "近30天": Relative("day", 0, 30, anchor="data"),
    "近3个月": Relative("month", -1, 3),
    "近6个月": Relative("month", -1, 6),
    "近12个月": Relative("month", -1, 12),
    "近24个月": Relative("month", -1, 24),
}


def period_sections(query: Query, trial: Trial, *, point: bool) -> Iterator[Section]:
    """Points for a stock at one moment, units and stretches for everything else."""
    if point:
        yield Section("时点", tuple(_distinct(POINTS, query, trial)))
        yield Section("期末", tuple(_distinct(UNITS, query, trial)))
    else:
        yield Section("期间", tuple(_distinct(UNITS, query, trial)))
        yield Section("最近", tuple(_distinct(STRETCHES, query, trial)))
    if query.scope.period is not None:
        usual = _changed("默认时间", Change("clear", "period"), query, trial)
        yield Section("不指定", tuple(usual))


def between(start: date, end: date, query: Query, trial: Trial) -> Choice | None:
    """Days that the reader picked; None when there is no answer for them."""
    if end < start:
        return None
    return next(_offered("自选时间", Absolute(start, end), query, trial), None)


def with_span(query: Query, span: Span) -> Change:
    """The other time; kind of days and time role stay."""
    now = query.scope.period
    period = replace(now, spans=(span,)) if now else Period((span,))
    return Change("set", "period", period)


def _distinct(words: Mapping[str, Span], query: Query, trial: Trial) -> Iterator[Choice]:
    """Words that come to the same days are offered once."""
    seen: set[str] = set()
    for choice in _all(words, query, trial):
        if choice.detail not in seen:
            seen.add(choice.detail)
            yield choice


def _all(words: Mapping[str, Span], query: Query, trial: Trial) -> Iterable[Choice]:
    for word, span in words.items():
        yield from _offered(word, span, query, trial)


def _offered(word: str, span: Span, query: Query, trial: Trial) -> Iterator[Choice]:
    return _changed(word, with_span(query, span), query, trial)


def _changed(word: str, change: Change, query: Query, trial: Trial) -> Iterator[Choice]:
    patch = Patch((change,))
    changed = trial.changed(patch)
    resolved = trial.resolved(changed) if changed is not None else None
    if resolved is not None:
        dates = dates_of(resolved)
        yield Choice(word, patch, dates, dates, changed == query)
