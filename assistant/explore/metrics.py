"""Another metric instead, one more beside it, or one less."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from assistant.explore.choice import Choice, Section
from assistant.explore.trial import Trial, actual
from assistant.language.names_text import PER_WORDS, measure_name
from semantic_layer.model import Manifest, Metric
from semantic_layer.query import Change, Measure, MetricQuery, MetricRef, Per

MOST_MEASURES = 4
"""More figures side by side are a table nobody reads."""
PERS: tuple[Per, ...] = ("day", "month", "customer", "holder", "txn")


def metric_sections(query: MetricQuery, trial: Trial) -> Iterator[Section]:
    """换成, 再加一个, 去掉, 算法."""
    near = related_metrics(query.measures, trial.manifest)
    if len(query.measures) == 1:
        yield Section("换成", tuple(_swaps(query.measures[0], near, trial)))
        yield Section("算法", tuple(_ways(query.measures[0], trial)))
    else:
        yield Section("去掉", tuple(_drops(query, trial)))
    if len(query.measures) < MOST_MEASURES:
        yield Section("再加一个", tuple(_additions(query, near, trial)))


def related_metrics(measures: Sequence[Measure], manifest: Manifest) -> tuple[Metric, ...]:
    """The metrics of the same domains, those of like names first."""
    asked = [manifest.metrics[m.metric] for m in measures if isinstance(m, MetricRef)]
    domains = {metric.domain for metric in asked}
    found = (
        metric
        for metric in manifest.metrics.values()
        if metric.domain in domains and not metric.hidden and metric.status != "deprecated"
    )
    label = asked[0].label if asked else ""
    return tuple(sorted(found, key=lambda m: -SequenceMatcher(None, label, m.label).ratio()))


def _swaps(measure: Measure, near: tuple[Metric, ...], trial: Trial) -> Iterator[Choice]:
    for metric in near:
        ref = MetricRef(metric.name)
        change = Change("replace", "measures", ref, old=measure)
        yield from trial.offer(metric.label, change, step=f"看{metric.label}")


def _additions(query: MetricQuery, near: tuple[Metric, ...], trial: Trial) -> Iterator[Choice]:
    asked = {m.metric for m in query.measures if isinstance(m, MetricRef)}
    for metric in near:
        if metric.name not in asked:
            change = Change("add", "measures", MetricRef(metric.name))
            yield from trial.offer(metric.label, change, step=f"加上{metric.label}")


def _drops(query: MetricQuery, trial: Trial) -> Iterator[Choice]:
    for measure in query.measures:
        name = measure_name(measure, trial.manifest)
        yield from trial.offer(name, Change("drop", "measures", measure), step=f"去掉{name}")


def _ways(measure: Measure, trial: Trial) -> Iterator[Choice]:
    """户均, 日均; the figure itself where it is one of these now."""
    if not isinstance(measure, MetricRef) or measure.stat is not None:
        return
    found = tuple(_averages(measure, trial))
    if actual(found):
        yield from found


def _averages(measure: MetricRef, trial: Trial) -> Iterator[Choice]:
    for per in (None, *PERS):
        ref = MetricRef(measure.metric, per)
        label = PER_WORDS[per] if per else "原值"
        change = Change("replace", "measures", ref, old=measure)
        yield from trial.offer(label, change, step=measure_name(ref, trial.manifest))
