"""Filters that no row can fulfil, and filters that are too long to be read or run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from semantic_layer.model import Manifest
from semantic_layer.problem import Problem
from semantic_layer.query import And, Condition, Membership, MetricQuery, Not, Or, Predicate, Value
from semantic_layer.resolve.conditions import TEXT_OPS, UNKNOWN
from semantic_layer.resolve.names import find_dimension
from semantic_layer.resolve.refused import RefusedError, must
from semantic_layer.resolve.sets import every_set

AT = "scope.where"
MOST_WORDS, MOST_CONDITIONS = 100, 200
BOUNDS = frozenset({"gt", "ge", "lt", "le"})


@dataclass(slots=True)
class _Left:
    """What conditions on one dimension leave of its values."""

    among: set[Value] | None = None
    without: set[Value] = field(default_factory=set)
    low: tuple[Value, bool] | None = None
    """The value, and whether it belongs to the range itself."""
    high: tuple[Value, bool] | None = None
    missing: bool = False
    """Only rows without a value."""
    present: bool = False
    """Only rows with a value."""

    def is_empty(self) -> bool:
        """Whether nothing is left."""
        if self.among is not None and not any(map(self._lets_through, self.among - self.without)):
            return True
        bounded = self.low is not None or self.high is not None
        named = self.among is not None and UNKNOWN not in self.among
        if self.missing and (self.present or bounded or named or UNKNOWN in self.without):
            return True
        return _is_empty_range(self.low, self.high)

    def _lets_through(self, value: Value) -> bool:
        if value == UNKNOWN:
            return not self.present and self.low is None and self.high is None
        return not (
            _is_empty_range(self.low, (value, True)) or _is_empty_range((value, True), self.high)
        )


def check_length(where: Predicate | None) -> None:
    """Refuses a filter with more conditions or words than anybody means."""
    count = _count(where)
    if count > MOST_CONDITIONS:
        raise RefusedError(
            Problem(
                "invalid_query",
                f"筛选里有{count}个条件,一次最多{MOST_CONDITIONS}个;"
                "同一个维度的多个取值请写在一个条件里。",
                AT,
            )
        )


def _count(predicate: Predicate | None) -> int:
    match predicate:
        case None:
            return 0
        case And() | Or():
            return sum(map(_count, predicate.children))
        case Not():
            return _count(predicate.child)
        case Membership():
            return _count(predicate.set.where)
        case Condition() if predicate.op in TEXT_OPS and len(predicate.values) > MOST_WORDS:
            words = len(predicate.values)
            message = f"“包含”一次最多列{MOST_WORDS}个词,这里有{words}个;请分几次问,或列出取值。"
            raise RefusedError(Problem("invalid_query", message, AT, predicate.dimension))
    return 1


def check_possible(
    where: Predicate | None, manifest: Manifest, plural: frozenset[str] = frozenset()
) -> None:
    """Refuses conditions on rows and on members of sets that rule one another out.

    `plural`: dimensions of which one row may have several members.
    """
    for predicate in (where, *(set_.where for set_ in every_set(where))):
        for dimension, left in _left(predicate).items():
            if left.is_empty() and dimension not in plural:
                raise _contradiction(dimension, manifest)


def check_results(query: MetricQuery) -> None:
    """Refuses conditions on the result that rule one another out."""
    bounds: dict[object, _Left] = {}
    for having in query.having:
        if having.value != "average" and having.op in BOUNDS:
            _narrow(bounds.setdefault(having.column, _Left()), having.op, (having.value,))
    if any(left.is_empty() for left in bounds.values()):
        message = "对结果的几个条件互相矛盾,不会有结果;请去掉其中一个。"
        raise RefusedError(Problem("contradictory_filter", message, "having"))


def _left(predicate: Predicate | None) -> dict[str, _Left]:
    found: dict[str, _Left] = {}
    for condition, negated in _required(predicate):
        left = found.setdefault(condition.dimension, _Left())
        _narrow(left, _opposite(condition.op) if negated else condition.op, condition.values)
    return found


def _required(predicate: Predicate | None) -> Iterator[tuple[Condition, bool]]:
    """Conditions that every row fulfils, each with whether it is turned round."""
    match predicate:
        case And():
            for child in predicate.children:
                yield from _required(child)
        case Condition():
            yield predicate, False
        case Not(child=Condition()):
            assert isinstance(predicate.child, Condition)
            yield predicate.child, True


def _opposite(op: str) -> str:
    """What is left when a condition fails; a missing value fails every bound and every text."""
    turned = {"in": "not_in", "not_in": "in", "is_null": "not_null", "not_null": "is_null"}
    return turned.get(op, "")


def _narrow(left: _Left, op: str, values: tuple[Value, ...]) -> None:
    match op:
        case "in":
            left.among = set(values) if left.among is None else left.among & set(values)
        case "not_in":
            left.without |= set(values)
        case "is_null":
            left.missing = True
        case "not_null":
            left.present = True
        case "gt" | "ge":
            left.low = max(filter(None, (left.low, (values[0], op == "ge"))), key=_tighter_low)
        case "lt" | "le":
            left.high = min(filter(None, (left.high, (values[0], op == "le"))), key=_tighter_high)


def _tighter_low(bound: tuple[Value, bool]) -> tuple[str, Value, bool]:
    return (*_ordered(bound[0]), not bound[1])


def _tighter_high(bound: tuple[Value, bool]) -> tuple[str, Value, bool]:
    return (*_ordered(bound[0]), bound[1])


def _ordered(value: Value) -> tuple[str, Value]:
    """Texts and numbers never stand in one order."""
    return ("text", value) if isinstance(value, str) else ("number", value)


def _is_empty_range(low: tuple[Value, bool] | None, high: tuple[Value, bool] | None) -> bool:
    """Whether no value lies between; what cannot be compared rules nothing out."""
    if low is None or high is None or isinstance(low[0], str) != isinstance(high[0], str):
        return False
    if low[0] == high[0]:
        return not (low[1] and high[1])
    return _ordered(low[0]) > _ordered(high[0])


def _contradiction(name: str, manifest: Manifest) -> RefusedError:
    label = must(find_dimension(manifest, name, AT)).label
    message = f"对“{label}”的几个条件互相矛盾,不会有结果;请去掉其中一个。"
    return RefusedError(Problem("contradictory_filter", message, AT, name))
