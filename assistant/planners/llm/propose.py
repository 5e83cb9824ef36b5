"""Asks for a draft until one stands: at most two repairs, and nothing unvalidated gets out."""

from __future__ import annotations

import json
from dataclasses import dataclass

from assistant.language.canonical import canonical, read_canonical
from assistant.planners.llm.budget import Budget
from assistant.planners.llm.claims import Claim, Objection, claims_of
from assistant.planners.llm.compose import Composed, in_order, in_place, leaves_out
from assistant.planners.llm.draft import Draft, draft_schema, read_draft
from assistant.planners.llm.failure import UnusableError
from assistant.planners.llm.frame import Frame
from assistant.planners.llm.ladder import Ladder
from assistant.planners.llm.prompt import complaint, messages_of
from semantic_layer.problem import Problem
from semantic_layer.query import InvalidQueryError, Query
from semantic_layer.resolve import resolve

MOST_REPAIRS = 2


@dataclass(frozen=True, slots=True)
class Proposal:
    """A query that a model and the grammar arrived at together, and that resolves."""

    query: Query
    composed: Composed
    claims: tuple[Claim, ...]
    left_out: tuple[str, ...] = ()
    """Unknown words that the model calls noise."""
    moved: bool = False
    """Limits, comparisons or ranks were put beside a metric by the model."""

    @property
    def guessed(self) -> tuple[Claim, ...]:
        """What only the model says."""
        return tuple(claim for claim in self.claims if not claim.is_proven)

    @property
    def is_guessed(self) -> bool:
        """Whether anything rests on the model's word alone."""
        return bool(self.guessed) or self.moved


def propose(frame: Frame, ladder: Ladder, budget: Budget) -> Proposal | None:
    """The proposal, or None when the model cannot; ModelError when there is no model."""
    messages = messages_of(frame)
    schema = draft_schema(
        frame.metrics, frame.dimensions, frame.dimensions, frame.sets, frame.events
    )
    for _ in range(MOST_REPAIRS + 1):
        given = ladder.ask(messages, schema, budget)
        try:
            draft = read_draft(given)
        except UnusableError as error:
            found: Proposal | Objection = Objection(error.detail)
        else:
            if draft.cannot or draft.is_empty:
                return None
            found = settled(draft, frame)
        if isinstance(found, Proposal):
            return found
        said = json.dumps(given, ensure_ascii=False)
        messages = [*messages, ("assistant", said), complaint(found.text)]
    return None


def settled(draft: Draft, frame: Frame) -> Proposal | Objection:
    """The draft as a valid query, or why not."""
    claims = claims_of(draft, frame)
    if isinstance(claims, Objection):
        return claims
    composed = in_place(draft, claims, frame)
    if isinstance(composed, Objection):
        objection, composed = composed, in_order(draft, claims, frame)
        if isinstance(composed, Objection):
            return Objection(f"{objection.text}{composed.text}")
    query = composed.reading.query
    assert query is not None
    outcome = resolve(query, frame.context.snapshot, frame.context.principal)
    if isinstance(outcome, Problem):
        return Objection(_for_the_model(outcome))
    if not _reads_back(query, frame):
        return Objection("这句话写不成唯一的标准说法,请换一种拆法。")
    left_out = leaves_out(draft, frame)
    attached = bool(draft.conditions or draft.compare or draft.order)
    return Proposal(query, composed, claims, left_out, attached and not composed.is_in_place)


def _reads_back(query: Query, frame: Frame) -> bool:
    """The canonical Chinese of the query means this query and no other."""
    manifest = frame.planner.manifest
    text = canonical(query, manifest)
    try:
        return text is not None and read_canonical(text, manifest) == query
    except InvalidQueryError:
        return False


def _for_the_model(problem: Problem) -> str:
    """Code, place and ids; its sentence may name what the asker may not see."""
    ids = [c.id for c in problem.candidates if problem.code in NAMING_DEFINITIONS]
    usable = f",可用:{', '.join(ids)}" if ids else ""
    return f"这样的查询不成立({problem.code},{problem.at or '整句'}){usable}。"


NAMING_DEFINITIONS = frozenset(
    {"unknown_metric", "unknown_dimension", "dim_not_applicable", "grain_not_available"}
)
