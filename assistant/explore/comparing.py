"""同比, 环比, 较年初, 与目标比; shares and running totals."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from assistant.came_later import COUNTS
from assistant.explore.choice import Choice, Section
from assistant.explore.trial import Trial
from assistant.language.names_text import BASE_WORDS
from assistant.language.periods_text import span_text
from semantic_layer.model import Aggregate
from semantic_layer.query import (
    Base,
    Change,
    Comparison,
    Cumulative,
    MetricQuery,
    MetricRef,
    Share,
    TimeGroup,
)
from semantic_layer.resolve.sets import memberships
from semantic_layer.resolved import ResolvedQuery

USUAL: tuple[Base, ...] = ("yoy", "mom", "ytd_open")
OTHERS: tuple[Base, ...] = ("previous", "target", "average")


def base_name(base: Base, resolved: ResolvedQuery | None) -> str:
    """同比; a named period by its days: 与2026年10月末比."""
    named = _days(base, resolved) if base == "range" else ()
    return f"与{'、'.join(named)}比" if named else BASE_WORDS[base]


def compare_sections(query: MetricQuery, trial: Trial) -> Iterator[Section]:
    """Comparisons to add, those to take away, and what else can be worked out."""
    added = (*toggles(query, trial, USUAL), *toggles(query, trial, OTHERS))
    yield Section("加上", tuple(choice for choice in added if not choice.chosen))
    yield Section("去掉", tuple(removals(query, trial)))
    yield Section("另算", tuple(_worked_out(query, trial)))


def toggles(query: MetricQuery, trial: Trial, bases: tuple[Base, ...] = USUAL) -> Iterator[Choice]:
    """Each comparison as a switch; `chosen`: it is on, and the choice turns it off."""
    now = _standing(query, trial, bases)
    for base in bases:
        word = BASE_WORDS[base]
        if base in now:
            yield from _off(now[base], word, trial)
        else:
            change = Change("add", "compare", Comparison(base))
            yield from trial.offer(word, change, step=f"加{word}")


def _standing(query: MetricQuery, trial: Trial, bases: tuple[Base, ...]) -> dict[Base, Comparison]:
    """What is compared with now; 较上月末 is 环比 where 环比 would take the same days."""
    now = {comparison.base: comparison for comparison in query.compare}
    named = now.get("range")
    if named is None:
        return now
    days = _days("range", trial.resolved(query))
    for base in bases:
        alone = replace(query, compare=(Comparison(base),))
        if base not in now and days and days == _days(base, trial.resolved(alone)):
            now[base] = named
    return now


def _days(base: Base, resolved: ResolvedQuery | None) -> tuple[str, ...]:
    spans = dict(resolved.bases).get(base, ()) if resolved else ()
    return tuple(map(span_text, spans))


def with_usual(query: MetricQuery, trial: Trial) -> MetricQuery | None:
    """The same with 同比, 环比 and 较年初, as far as each has an answer; None where none has."""
    if _counts_chosen(query, trial):
        return None
    compared = query
    for base in USUAL if not query.compare else ():
        more = replace(compared, compare=(*compared.compare, Comparison(base)))
        if trial.resolved(more) is not None:
            compared = more
    return compared if compared.compare and compared != query else None


def _counts_chosen(query: MetricQuery, trial: Trial) -> bool:
    """Of people chosen by what they do now, more are here now than a year ago: no growth."""
    refs = (m.metric for m in query.measures if isinstance(m, MetricRef))
    definitions = [trial.manifest.metrics[name].definition for name in refs]
    counted = any(isinstance(d, Aggregate) and d.agg in COUNTS for d in definitions)
    return counted and any(memberships(query.scope.where))


def _off(comparison: Comparison, word: str, trial: Trial) -> Iterator[Choice]:
    change = Change("drop", "compare", comparison)
    for choice in trial.offer(word, change, step=f"去掉{word}"):
        yield Choice(choice.label, choice.change, choice.step, chosen=True)


def removals(query: MetricQuery, trial: Trial) -> Iterator[Choice]:
    """Each comparison gone, and all of them."""
    resolved = trial.resolved(query) if query.compare else None
    for comparison in query.compare:
        word = base_name(comparison.base, resolved)
        change = Change("drop", "compare", comparison)
        yield from trial.offer(word, change, step=f"去掉{word}")
    if len(query.compare) > 1:
        yield from trial.offer("全部去掉", Change("clear", "compare"), step="不比较")


def _worked_out(query: MetricQuery, trial: Trial) -> Iterator[Choice]:
    if query.group_by and query.share is None:
        yield from trial.offer("占合计的比例", Change("set", "share", Share()), step="看占比")
    timed = any(isinstance(group, TimeGroup) for group in query.group_by)
    if timed and query.window is None:
        running = Change("set", "window", Cumulative())
        yield from trial.offer("逐期累计", running, step="看累计")
