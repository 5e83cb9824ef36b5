"""A condition means one thing: 手机银行 as 交易渠道 is not 手机银行 as 来源渠道."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from semantic_layer.model import Manifest
from semantic_layer.problem import Candidate, Problem
from semantic_layer.query import Measure, MetricQuery
from semantic_layer.resolve.availability import dataset_of
from semantic_layer.resolve.closure import leaves, measure_metrics
from semantic_layer.resolve.conditions import conditions_in
from semantic_layer.resolve.refused import RefusedError
from semantic_layer.resolve.sources import Sources
from semantic_layer.resolved import PathChoice

Role = tuple[str, str]
"""A way that was taken: the join's name, and what people call it."""


def check_roles(
    query: MetricQuery, sources: Sources, paths: Sequence[PathChoice], manifest: Manifest
) -> None:
    """Refuses one condition on two metrics that take it by different roles of one table.

    Metrics of one domain are spared: what 费用 was spent on and what 触达 went through match.
    """
    if len(query.measures) < 2:
        return
    for condition in conditions_in(query.scope.where):
        taken = [
            (measure, _roles(measure, condition.dimension, sources, paths, manifest))
            for measure in query.measures
        ]
        known = [(measure, roles) for measure, roles in taken if roles]
        for measure, roles in known[1:]:
            first, others = known[0]
            if roles.isdisjoint(others) and not _are_kin(first, measure, manifest):
                raise RefusedError(_problem(condition.dimension, known, query, manifest))


def _roles(
    measure: Measure,
    dimension: str,
    sources: Sources,
    paths: Sequence[PathChoice],
    manifest: Manifest,
) -> frozenset[Role]:
    """The roles by which the tables of a measure take the dimension, where roles are apart."""
    names = {leaf.name for ref in measure_metrics(measure) for leaf in leaves(manifest, ref.metric)}
    tables = {dataset_of(source) for name, source in sources.items() if name in names}
    return frozenset(
        _role(path, manifest)
        for path in paths
        if path.dimension == dimension
        and path.dataset in tables
        and path.joins
        and manifest.datasets[path.carrier].roles_apart
    )


def _role(path: PathChoice, manifest: Manifest) -> Role:
    at = manifest.datasets[path.dataset]
    label = path.joins[-1]
    for name in path.joins:
        join = at.join(name)
        assert join is not None
        at, label = manifest.datasets[join.to], manifest.role_label(join)
    return path.joins[-1], label


def _are_kin(one: Measure, other: Measure, manifest: Manifest) -> bool:
    return not _domains(one, manifest).isdisjoint(_domains(other, manifest))


def _domains(measure: Measure, manifest: Manifest) -> frozenset[str]:
    return frozenset(manifest.metrics[ref.metric].domain for ref in measure_metrics(measure))


def _problem(
    dimension: str,
    known: Sequence[tuple[Measure, frozenset[Role]]],
    query: MetricQuery,
    manifest: Manifest,
) -> Problem:
    label = manifest.dimensions[dimension.rpartition(".")[2]].label
    said = "、".join(
        f"“{_name(measure, manifest)}”的是{'、'.join(sorted(r for _, r in roles))}"
        for measure, roles in known
    )
    offered = tuple(_candidates(query, manifest))
    message = f"这里的“{label}”不是一回事:{said},不能共用一个条件。请分开问,或选一个:"
    choices = "、".join(candidate.label for candidate in offered)
    return Problem("ambiguous_phrase", f"{message}{choices}。", "scope.where", dimension, offered)


def _candidates(query: MetricQuery, manifest: Manifest) -> Iterator[Candidate]:
    """Each measure alone, by its place."""
    for place, measure in enumerate(query.measures):
        yield Candidate(str(place), f"只看{_name(measure, manifest)}")


def _name(measure: Measure, manifest: Manifest) -> str:
    return "、".join(manifest.metrics[ref.metric].label for ref in measure_metrics(measure))
