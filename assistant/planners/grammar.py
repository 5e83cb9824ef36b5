"""The built-in planner: reads a Chinese question without model, network or clock.

normalise → scan → lattice → choose → assemble → account → decide
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from assistant.language.assemble import assemble
from assistant.language.assemble.implied import UNSAID
from assistant.language.behaviour import Asked, nearest_questions, read_behaviour
from assistant.language.by_state import by_state
from assistant.language.catalogue import Catalogue
from assistant.language.choose import variants
from assistant.language.completions import NEW, asks_more, completions, more_of, newly
from assistant.language.decide import Attempt, Decision, decide
from assistant.language.follow_up import FollowUp, Heard, read_follow_up
from assistant.language.gaps import repair_edges
from assistant.language.held_averages import held_averages
from assistant.language.lattice import Cut, best_cuts, cuts_without_a_metric, faithful_cuts
from assistant.language.lexicon import Lexicon
from assistant.language.means import is_mean, means
from assistant.language.normalise import Normalised, normalise
from assistant.language.other_members import Other, other_members
from assistant.language.refusals import beyond_us, refusal
from assistant.language.rephrased import Rephrased, opposite, rephrased
from assistant.language.requests import Information, information
from assistant.language.scan import scan
from assistant.language.suggest import suggestions
from assistant.language.tokens import (
    AmbiguousName,
    MetricName,
    NearMiss,
    Token,
    ValueName,
    plain,
)
from assistant.language.unknown import resolve_unknown
from assistant.question import Question
from assistant.reading import OwnedToken, Reading, ReadingOption
from semantic_layer.model import Manifest
from semantic_layer.principal import Principal
from semantic_layer.problem import Problem
from semantic_layer.query import MetricQuery, Query
from semantic_layer.resolve import resolve
from semantic_layer.resolve.defaults import asked_metrics
from semantic_layer.resolve.refused import RefusedError
from semantic_layer.resolve.rights import rights_of
from semantic_layer.resolved import Assumption, ResolvedQuery
from semantic_layer.snapshot import Snapshot

Resolver = Callable[[Query, Snapshot, Principal], ResolvedQuery | Problem]
LONGEST = 500
GOES_ON = re.compile("^那|呢[。?!]*$")
"""各客户等级呢: of the figure before, also where that cannot be seen so."""
SUGGESTING = frozenset({"unknown_term", "unknown_dimension", "unsupported", "out_of_scope"})
ABOUT_A_METRIC = frozenset({
    "ambiguous_phrase", "ambiguous_time", "unattached_condition", "vague_term", "unknown_value",
    "multi_step", "invalid_date", "sensitive_field", "individual_data", "permission",
    "grain_not_available",
})  # fmt: skip
"""Refusals and doubts after which the metric named is the one to suggest."""


@dataclass(frozen=True)
class GrammarPlanner:
    """Reads questions over one catalogue; the same input always gives the same reading."""

    lexicon: Lexicon
    manifest: Manifest
    resolver: Resolver = resolve
    catalogue: Catalogue = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "catalogue", Catalogue(self.manifest, self.lexicon))

    def read(self, question: Question, snapshot: Snapshot, *, brief: bool = False) -> Reading:
        """What the question asks for: a query, a doubt with options, or a refusal.

        `brief`: without ways out of a doubt, which take longer than the reading.
        """
        if len(question.text) > LONGEST:
            message = f"问题太长({len(question.text)}字),请用一句话提问(不超过{LONGEST}字)。"
            return Reading(problem=Problem("invalid_query", message))
        text = normalise(question.text)
        if not text.text:
            return Reading(problem=Problem("missing_metric", "请用一句话写出要问的问题。"))
        return _Journey(self, question, snapshot, text, brief).read()

    def heard(self, text: str, as_of: date) -> tuple[Token, ...]:
        """The pieces of a normalised text and what each may mean."""
        return best_cuts(text, scan(text, self.lexicon, as_of))[0].tokens


@dataclass(frozen=True, slots=True)
class _Journey:
    """One question on its way; everything it may look at."""

    planner: GrammarPlanner
    question: Question
    snapshot: Snapshot
    text: Normalised
    brief: bool = False

    def read(self) -> Reading:
        cuts = self._cuts(self.text.text)
        tokens = cuts[0].tokens
        refused = refusal(self.text.text, names_metric=_names_metric(tokens))
        if refused is not None:
            return self._refuse(refused, tokens)
        asked = information(tokens, self.planner.catalogue, self._implied())
        if asked is not None:
            return self._inform(asked, tokens)
        if (behaviour := self._behaviour(self.text.text)) is not None:
            return self._with_nearest(self._reading(behaviour))
        if (beyond := beyond_us(self.text.text)) is not None:
            return self._with_nearest(self._refuse(beyond, tokens))
        if self.question.previous is not None:
            followed = read_follow_up(
                self.text.text, self.question.previous, self.question.earlier,
                self.planner.manifest, self._listen, self.question.as_of,
            )  # fmt: skip
            if followed is not None and not self._stands_alone(followed, cuts):
                return self._followed(followed)
        return self._reading(self._decide(cuts))

    def _behaviour(self, text: str) -> Decision | None:
        """A question about what people did; None: about anything else."""
        asked = Asked(
            text, self.planner.catalogue, self.question.as_of, dict(self.question.choices),
            self._is_scoped(),
        )  # fmt: skip
        return read_behaviour(asked, self._resolve)

    def _with_nearest(self, reading: Reading) -> Reading:
        """What can be asked about behaviour beside what was refused."""
        if reading.problem is None or reading.options or self.brief:
            return reading
        found = nearest_questions(self.text.text, self.planner.manifest)
        answered = [text for text in found if self._read_again(text) is not None]
        return replace(reading, suggestions=tuple(answered) or reading.suggestions)

    def _implied(self) -> tuple[str, ...]:
        """The metrics of the question before."""
        before = self.question.previous
        if not isinstance(before, MetricQuery):
            return ()
        return asked_metrics(before)

    def _listen(self, text: str) -> Heard:
        """A sentence read for a follow-up."""
        text = normalise(text).text
        decision = self._decide(self._cuts(text))
        tokens = decision.attempt.variant.tokens
        if _is_guessed(decision):
            problem = Problem("missing_metric", "没有说要看哪个指标。", "measures")
            decision = replace(decision, query=None, problem=problem)
        return Heard(
            decision.query, decision.problem, decision.options, decision.assumptions, (),
            decision.confidence, _chart(tokens), _names_metric(tokens),
        )  # fmt: skip

    def _stands_alone(self, followed: FollowUp, cuts: Sequence[Cut]) -> bool:
        """存款余额, then 投诉原因前三: what cannot be seen of that metric is another question."""
        if followed.query is None or not isinstance(self._resolve(followed.query), Problem):
            return False
        if GOES_ON.search(self.text.text):
            return False
        alone = self._decide(cuts)
        if alone.query is None or not _is_guessed(alone):
            return False
        return not isinstance(self._resolve(alone.query), Problem)

    def _followed(self, followed: FollowUp) -> Reading:
        whole = OwnedToken(0, len(self.text.original), self.text.original, "follow_up", "追问")
        if followed.query is None:
            return Reading(problem=followed.problem, options=followed.options, tokens=(whole,))
        return Reading(
            query=followed.query,
            assumptions=(*self._passed_over(), *followed.assumptions),
            tokens=(whole,),
            confidence=followed.confidence,
            chart=followed.chart,
        )

    def _passed_over(self) -> tuple[Assumption, ...]:
        """What was said just before without an answer is no part of this one."""
        unread = self.question.unread
        if not unread:
            return ()
        return (Assumption("inherited", f"上一句“{unread}”没有答出来,不算在内"),)

    def _cuts(self, text: str) -> tuple[Cut, ...]:
        """Ways to cut the text, best first; the last ones take a metric's name to pieces."""
        edges = scan(text, self.planner.lexicon, self.question.as_of)
        cuts = best_cuts(text, edges)
        if any(token.is_gap for token in cuts[0].tokens):
            heard = repair_edges(text, cuts[0].tokens, self.planner.lexicon)
            if heard:
                edges = (*edges, *heard)
                cuts = best_cuts(text, edges)
        return faithful_cuts((*cuts, *cuts_without_a_metric(text, edges, cuts[0])))

    def _decide(self, cuts: Sequence[Cut]) -> Decision:
        """The first cut that can be read; the best one if none can."""
        first: Decision | None = None
        for cut in cuts:
            decision = decide(self._attempts(cut.tokens), self._resolve, self.planner.catalogue)
            is_read = decision.query is not None or bool(decision.options)
            if is_read and not self._is_about_the_other(cut, decision):
                return decision
            first = first or decision
        assert first is not None
        return first

    def _is_about_the_other(self, cut: Cut, decision: Decision) -> bool:
        """私行客户的存款: 存款 is no member of a number of customers; it is the metric itself."""
        double = {
            plain(name.dimension)
            for token in cut.tokens
            if any(isinstance(name, MetricName) for name in token.names)
            for name in token.names
            if isinstance(name, ValueName)
        }
        if not double or decision.query is None:
            return False
        outcome = self._resolve(decision.query)
        return (
            isinstance(outcome, Problem)
            and outcome.code == "dim_not_applicable"
            and plain(outcome.subject) in double
        )

    def _attempts(self, tokens: tuple[Token, ...]) -> list[Attempt]:
        catalogue, remembered = self.planner.catalogue, dict(self.question.choices)
        scoped = self._is_scoped()
        return [
            Attempt(
                variant, assemble(variant.tokens, catalogue, self.question.as_of, scoped=scoped)
            )
            for variant in variants(tokens, catalogue, remembered)
        ]

    def _is_scoped(self) -> bool:
        """Whether the asker's rights limit the rows that he sees."""
        try:
            return not rights_of(self.planner.manifest, self.question.principal).everything
        except RefusedError:
            return False

    def _resolve(self, query: Query) -> ResolvedQuery | Problem:
        return self.planner.resolver(query, self.snapshot, self.question.principal)

    def _reading(self, decision: Decision) -> Reading:
        tokens = self._owned(decision)
        decision = by_state(decision, self.planner.catalogue, self._resolve)
        problem, options = decision.problem, decision.options
        if problem is not None and self.brief:
            return Reading(problem=problem, tokens=tokens)
        if problem is not None and problem.code == "unknown_term":
            if (written_out := self._rephrased(decision)) is not None:
                return written_out
            problem, options = self._unknown(decision)
        if problem is not None and problem.code == "missing_metric" and not options:
            options = self._completed(problem.subject)
        if problem is not None and not options:
            options = self._meant(problem)
        if problem is None and (other := self._other_members(decision)) is not None:
            problem, options = other
        if problem is None:
            return Reading(
                query=decision.query,
                assumptions=decision.assumptions,
                tokens=tokens,
                confidence=decision.confidence,
                chart=_chart(decision.attempt.variant.tokens),
            )
        return Reading(
            problem=problem,
            options=options,
            suggestions=()
            if options and options != decision.options
            else self._suggestions(problem, decision.attempt.variant.tokens),
            tokens=tokens,
        )

    def _completed(self, said: str) -> tuple[ReadingOption, ...]:
        """The question with the metrics that it could be about."""
        catalogue = self.planner.catalogue
        if said.startswith(NEW):
            return newly(self.text.text, said, catalogue, self._read_again)
        return completions(self.text.text, catalogue, self._read_again)

    def _meant(self, problem: Problem) -> tuple[ReadingOption, ...]:
        """What 平均 or 新增 may stand for."""
        catalogue = self.planner.catalogue
        if is_mean(problem):
            return means(self.text.text, problem.subject, catalogue, self._read_again)
        if asks_more(problem):
            return more_of(self.text.text, problem.subject, catalogue, self._read_again)
        return ()

    def _rephrased(self, decision: Decision) -> Reading | None:
        """Words in short written out: the one query, or those to choose from."""
        tokens = decision.attempt.variant.tokens
        said = rephrased(self.text.text, tokens, self.planner.catalogue)
        named = {n.metric for t in tokens for n in t.names if isinstance(n, MetricName)}
        found = [(one, read) for one in said if (read := self._written_out(one, named)) is not None]
        if len(found) > 1:
            return Reading(
                problem=Problem("ambiguous_metric", "指的是哪个指标?请选择。", "measures"),
                options=tuple(ReadingOption(s.label, r.query) for s, r in found if r.query),
            )
        if not found:
            return None
        one, read = found[0]
        return Reading(
            query=read.query,
            assumptions=(Assumption("measures", one.note), *read.assumptions),
            tokens=(OwnedToken(0, len(self.text.original), self.text.original, "measures", ""),),
            confidence=round(read.confidence * 0.9, 4),
            chart=_chart(read.attempt.variant.tokens),
        )

    def _written_out(self, said: Rephrased, named: set[str]) -> Decision | None:
        """The reading without doubt of what was written out, if it asks for just that."""
        again = self._decide(self._cuts(said.text))
        query = again.query
        if not isinstance(query, MetricQuery) or isinstance(self._resolve(query), Problem):
            return None
        asked = set(asked_metrics(query))
        return again if set(said.metrics) <= asked <= {*said.metrics, *named} and asked else None

    def _unknown(self, decision: Decision) -> tuple[Problem, tuple[ReadingOption, ...]]:
        tokens = decision.attempt.variant.tokens
        if (turned := opposite(self.text.text, tokens, self.planner.catalogue)) is not None:
            return turned, ()
        return resolve_unknown(self.text.text, tokens, self.planner.catalogue, self._read_again)

    def _read_again(self, text: str) -> Query | None:
        """The query of a changed text, if it is read without doubt and can be answered."""
        text = normalise(text).text
        decision = self._behaviour(text) or self._decide(self._cuts(text))
        if decision.query is None or isinstance(self._resolve(decision.query), Problem):
            return None
        return decision.query

    def _other_members(self, decision: Decision) -> Other | None:
        """For a member that the metric cannot be seen by."""
        tokens = decision.attempt.variant.tokens
        named = any(isinstance(name, ValueName) for token in tokens for name in token.names)
        asked = decision.query if isinstance(decision.query, MetricQuery) else None
        outcome = self._resolve(asked) if asked else None
        if not isinstance(outcome, Problem) or outcome.code != "dim_not_applicable":
            return None
        assert asked is not None
        if not any(choice.kind == "metric" for choice in decision.attempt.variant.choices):
            held = held_averages(asked, outcome, self.planner.catalogue, self._answers)
            if held is not None:
                return held
        if not named:
            return None
        return other_members(
            self.text.text, tokens, outcome, self.planner.catalogue, self._read_again
        )

    def _answers(self, query: Query) -> bool:
        return not isinstance(self._resolve(query), Problem)

    def _refuse(self, problem: Problem, tokens: Sequence[Token]) -> Reading:
        shown = tuple(self._token(token, "unowned", "") for token in tokens)
        return Reading(
            problem=problem, suggestions=self._suggestions(problem, tokens), tokens=shown
        )

    def _suggestions(self, problem: Problem, tokens: Sequence[Token]) -> tuple[str, ...]:
        if self.brief or (
            problem.code not in SUGGESTING
            and not (problem.code in ABOUT_A_METRIC and _names_metric(tokens))
        ):
            return ()
        return suggestions(
            tokens,
            self.planner.catalogue,
            lambda t: self._read_again(t) is not None,
            problem.subject if problem.code == "unsupported" else "",
        )

    def _inform(self, asked: Information, tokens: Sequence[Token]) -> Reading:
        shown = tuple(self._token(token, "request", "") for token in tokens)
        if asked.unknown:
            message = f"没有收录“{asked.unknown}”的口径。"
            problem = Problem("unknown_metric", message, subject=asked.unknown)
            return Reading(
                problem=problem,
                suggestions=self._suggestions(replace(problem, code="unknown_term"), tokens),
                tokens=shown,
            )
        return Reading(request=asked.request, subjects=asked.subjects, tokens=shown, confidence=1.0)

    def _owned(self, decision: Decision) -> tuple[OwnedToken, ...]:
        owners = decision.attempt.assembled.owners
        found = []
        for at, token in enumerate(decision.attempt.variant.tokens):
            owner = owners.get(at)
            found.append(
                self._token(
                    token, owner.slot if owner else "unowned", owner.meaning if owner else ""
                )
            )
        return tuple(found)

    def _token(self, token: Token, slot: str, meaning: str) -> OwnedToken:
        start, end = self.text.span(token.start, token.end)
        return OwnedToken(start, end, self.text.original[start:end], slot, meaning)


def _is_guessed(decision: Decision) -> bool:
    """Whether the metric was not said: after another question it is that one's."""
    return decision.query is not None and any(
        assumption.text.startswith(UNSAID) for assumption in decision.assumptions
    )


def _names_metric(tokens: Sequence[Token]) -> bool:
    return any(
        isinstance(name, MetricName | AmbiguousName | NearMiss)
        for token in tokens
        for name in token.names
    )


def _chart(tokens: Sequence[Token]) -> str | None:
    """The kind of chart that is wished for."""
    return next((kind for token in tokens if (kind := token.word("chart"))), None)
