"""One outcome from all variants: the query, a question back, or a refusal."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from assistant.language.assemble import Assembled
from assistant.language.catalogue import Catalogue
from assistant.language.choose import Choice, Variant
from assistant.language.tokens import Token, Via
from assistant.reading import ReadingOption
from semantic_layer.problem import Problem, ProblemCode
from semantic_layer.query import MetricQuery, MetricRef, Query
from semantic_layer.resolved import Assumption, ResolvedQuery

MOST_OPTIONS = 4
VIA_FACTOR: dict[Via, float] = {
    "name": 1.0, "synonym": 0.99, "short": 0.96, "pinyin": 0.82, "fuzzy": 0.7,
}  # fmt: skip
CODES: dict[str, ProblemCode] = {
    "metric": "ambiguous_metric", "near": "ambiguous_metric", "value": "ambiguous_value",
    "time": "ambiguous_time", "role": "ambiguous_phrase",
}  # fmt: skip
KIND_ORDER = ("near", "value", "metric", "role", "time")
LATE = "本期尚未入库,看的是{label}"
MENDED: dict[Via, str] = {"pinyin": "按读音", "fuzzy": "多写了一个字,"}
MEANINGLESS = frozenset({"dim_not_applicable", "grain_not_available", "unsupported"})
Resolve = Callable[[Query], ResolvedQuery | Problem]


class Attempt(NamedTuple):
    """A variant and what became of it."""

    variant: Variant
    assembled: Assembled


@dataclass(frozen=True, slots=True)
class Decision:
    """What the reader says."""

    attempt: Attempt
    query: Query | None = None
    problem: Problem | None = None
    options: tuple[ReadingOption, ...] = ()
    assumptions: tuple[Assumption, ...] = ()
    confidence: float = 0.0


class _Candidate(NamedTuple):
    attempt: Attempt
    query: Query
    label: str
    outcome: ResolvedQuery | Problem | None = None
    """None: not resolved, there was nothing to compare with."""


def decide(attempts: Sequence[Attempt], resolve: Resolve, catalogue: Catalogue) -> Decision:
    """The one sensible reading, or the choice between several."""
    clean = [a for a in attempts if not a.assembled.problems and a.assembled.built]
    if not clean:
        return _unreadable(attempts)
    clean = [a for a in clean if not a.assembled.questions] or clean
    must_ask = any(
        a.assembled.questions or any(c.kind == "near" for c in a.variant.choices) for a in clean
    )
    offered = list(_offered(clean))
    if len(offered) == 1 and not must_ask:
        return _answer(offered[0], (), catalogue)
    found = [_Candidate(*c[:3], resolve(c.query)) for c in offered]
    alive = [c for c in found if isinstance(c.outcome, ResolvedQuery)]
    if own := _of_their_own(alive, catalogue):
        alive = own
        if len(own) == 1 and not must_ask:
            return _answer(own[0], _taken(own[0]), catalogue)
    if (late := _only_reported(found, alive)) is not None:
        return _answer(late, (Assumption("period", LATE.format(label=late.label)),), catalogue)
    if must_ask and (alive or any(c.kind == "near" for c in choices_of(found))):
        return _ask(alive or found)
    if not alive:
        return _answer(_nearest_to_sense(found), (), catalogue)
    if _others_meaningless(found) and all(c.outcome == alive[0].outcome for c in alive):
        return _answer(alive[0], _taken(alive[0]), catalogue)
    if len(alive) == len(found) and (same := _same_days(alive)) is not None:
        return _answer(same, (Assumption("period", _whichever(same)),), catalogue)
    return _ask(alive if len(alive) > 1 else found)


def _same_days(alive: Sequence[_Candidate]) -> _Candidate | None:
    """最近的存款: 近7天 and 近30天 end on one day, so there is nothing to choose."""
    whole = [_at_their_end(c.outcome) for c in alive]
    others = {frozenset(x for x in c.attempt.variant.choices if x.kind != "time") for c in alive}
    same = len(others) == 1 and all(outcome == whole[0] is not None for outcome in whole)
    return alive[0] if same else None


def _at_their_end(outcome: ResolvedQuery | Problem | None) -> ResolvedQuery | None:
    """What is seen of values at one point in time, without how long the period was said to be."""
    if not isinstance(outcome, ResolvedQuery) or not isinstance(outcome.query, MetricQuery):
        return None
    query = outcome.query
    if query.compare or query.window or not all(span.is_point for span in outcome.spans):
        return None
    spans = tuple(replace(s, unit="", count=1, opened=None) for s in outcome.spans)
    scope = replace(query.scope, period=None)
    return replace(outcome, query=replace(query, scope=scope), spans=spans)


def _whichever(candidate: _Candidate) -> str:
    choices = candidate.attempt.variant.choices
    words = "、".join(dict.fromkeys(c.word for c in choices if c.kind == "time"))
    return f"“{words}”不论取多长,看的都是最近的期末"


def _only_reported(found: Sequence[_Candidate], alive: Sequence[_Candidate]) -> _Candidate | None:
    """流失率比上个月高了没: this month is not there yet, so it is last month and the one before."""
    others = [c.outcome for c in found if isinstance(c.outcome, Problem)]
    only = len(alive) == 1 and others and alive[0].label
    if not only or any(c.attempt.variant.choices for c in found):
        return None
    return alive[0] if all(problem.code == "no_data_yet" for problem in others) else None


def _of_their_own(alive: Sequence[_Candidate], catalogue: Catalogue) -> list[_Candidate]:
    """手机银行月活: the 终端 that the metric's own table declares, before a 渠道 joined to it."""
    own = [c for c in alive if _is_of_its_own(c, catalogue)]
    return own if len(own) < len(alive) else []


def _is_of_its_own(candidate: _Candidate, catalogue: Catalogue) -> bool:
    values = [c for c in candidate.attempt.variant.choices if c.kind == "value"]
    query = candidate.query
    if not values or not isinstance(query, MetricQuery):
        return False
    metrics = [m.metric for m in query.measures if isinstance(m, MetricRef)]
    return bool(metrics) and all(
        catalogue.has_of_its_own(metric, choice.id.partition("=")[0])
        for metric in metrics
        for choice in values
    )


def choices_of(found: Sequence[_Candidate]) -> Iterator[Choice]:
    """Every choice behind the candidates."""
    for candidate in found:
        yield from candidate.attempt.variant.choices


def _offered(attempts: Iterable[Attempt]) -> Iterator[_Candidate]:
    """Every query once, not yet resolved."""
    seen: dict[Query, None] = {}
    for attempt in attempts:
        for built in attempt.assembled.built:
            if built.query not in seen:
                seen[built.query] = None
                yield _Candidate(attempt, built.query, built.label)


def _nearest_to_sense(found: Sequence[_Candidate]) -> _Candidate:
    """Of readings that all fail, one that means something: its way out is worth offering."""
    told = (
        c for c in found if isinstance(c.outcome, Problem) and c.outcome.code not in MEANINGLESS
    )
    return next(told, found[0])


def _others_meaningless(found: Sequence[_Candidate]) -> bool:
    return all(c.outcome.code in MEANINGLESS for c in found if isinstance(c.outcome, Problem))


def _taken(candidate: _Candidate) -> tuple[Assumption, ...]:
    """Which of several meanings the definitions left possible."""
    return tuple(
        Assumption("where" if c.kind == "value" else "measures", f"“{c.word}”理解为{c.label}")
        for c in candidate.attempt.variant.choices
        if not c.settled
    )


def _answer(candidate: _Candidate, extra: tuple[Assumption, ...], catalogue: Catalogue) -> Decision:
    attempt = candidate.attempt
    corrected = _corrections(attempt.variant.tokens, catalogue)
    assumptions = (
        *attempt.variant.assumptions, *attempt.assembled.assumptions, *corrected, *extra,
    )  # fmt: skip
    factor = 0.95 ** (len(extra) + len(attempt.variant.assumptions))
    confidence = confidence_of(attempt.variant.tokens) * attempt.assembled.confidence * factor
    return Decision(
        attempt, query=candidate.query, assumptions=assumptions, confidence=round(confidence, 4)
    )


def _corrections(tokens: Sequence[Token], catalogue: Catalogue) -> tuple[Assumption, ...]:
    """存款余鄂 read as 存款余额 is said aloud."""
    return tuple(
        Assumption("measures", f"“{token.text}”{MENDED[via]}理解为“{catalogue.name_label(name)}”")
        for token in tokens
        for name in token.names
        if (via := getattr(name, "via", "name")) in MENDED
    )


def confidence_of(tokens: Sequence[Token]) -> float:
    """How directly the words name what they were read as."""
    product = 1.0
    for token in tokens:
        for name in token.names[:1]:
            product *= VIA_FACTOR[getattr(name, "via", "name")]
    return product


def _ask(found: Sequence[_Candidate]) -> Decision:
    doubtful = _doubtful(found)
    options = tuple(_option(candidate, doubtful) for candidate in found[:MOST_OPTIONS])
    return Decision(found[0].attempt, problem=_question(found, doubtful), options=options)


def _doubtful(found: Sequence[_Candidate]) -> frozenset[Choice]:
    """The choices that tell the candidates apart."""
    choices = [c for x in found for c in x.attempt.variant.choices if not c.settled]
    return frozenset(choice for choice in choices if _differs(choice, choices))


def _option(candidate: _Candidate, doubtful: frozenset[Choice]) -> ReadingOption:
    choices = [c for c in candidate.attempt.variant.choices if c in doubtful]
    said = dict.fromkeys(choice.label for choice in choices)
    labels = [*_joined(list(said)), candidate.label]
    return ReadingOption(
        "、".join(label for label in labels if label) or "按此理解",
        candidate.query,
        word=choices[0].word if choices else "",
        choice=choices[0].id if choices else "",
    )


def _joined(labels: list[str]) -> list[str]:
    """分行为北京分行、分行为上海分行 → 分行为北京分行、上海分行."""
    found: list[str] = []
    said = ""
    for label in labels:
        dimension, is_, value = label.partition("为")
        found.append(value if is_ and dimension == said else label)
        said = dimension if is_ else ""
    return found


def _question(found: Sequence[_Candidate], doubtful: frozenset[Choice]) -> Problem:
    choices = [c for x in found for c in x.attempt.variant.choices if c in doubtful]
    for kind in KIND_ORDER:
        of_kind = [c for c in choices if c.kind == kind]
        if of_kind:
            return Problem(CODES[kind], _sentence(of_kind), subject=of_kind[0].word)
    for candidate in found:
        for question in candidate.attempt.assembled.questions:
            return question
    return Problem("ambiguous_phrase", "这句话有几种读法,请选择。")


def _differs(choice: Choice, choices: Sequence[Choice]) -> bool:
    return choice.kind == "near" or any(
        c.word == choice.word and c.id != choice.id for c in choices
    )


def _sentence(choices: Sequence[Choice]) -> str:
    word, kind = choices[0].word, choices[0].kind
    every = tuple(dict.fromkeys(c.label for c in choices if c.word == word))
    labels = "、".join(every[:MOST_OPTIONS]) + "等" * (len(every) > MOST_OPTIONS)
    if kind == "near":
        return f"没有叫“{word}”的口径,相近的是:{labels}。请确认。"
    if kind == "value":
        return f"“{word}”可以指:{labels}。请选择。"
    if kind == "time":
        return f"“{word}”指哪段时间?可以选:{labels}。"
    return f"“{word}”有多个口径:{labels}。请选择。"


def _unreadable(attempts: Sequence[Attempt]) -> Decision:
    """The variant that came closest tells what is wrong."""
    best = min(attempts, key=lambda a: len(a.assembled.problems))
    problems = best.assembled.problems
    problem = problems[0] if problems else Problem("missing_metric", "没有说要看哪个指标。")
    return Decision(best, problem=problem)
