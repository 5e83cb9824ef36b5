"""From a draft to a query: governed names are put into the question, and our grammar reads it.

First in place, so that every other word stays where it was; where the grammar cannot read that
order, in the usual one, and then no word of the question may be missing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from assistant.language.normalise import normalise
from assistant.language.tokens import Token
from assistant.planners.llm.claims import OPEN_ROLES, Claim, Objection
from assistant.planners.llm.draft import GRAINS, Draft
from assistant.planners.llm.frame import Frame
from assistant.planners.llm.mentioned import Mentioned, mentioned
from assistant.reading import Reading
from semantic_layer.query import MetricQuery, Query
from semantic_layer.resolve.defaults import asked_metrics

KINDS = ("指标", "分组", "条件", "客群", "事件")
SILENT_ROLES = OPEN_ROLES | {"conj", "which", "group", "each_own", "scope", "exist"}
"""Words that may be missing from the usual order: it says the same by itself."""


@dataclass(frozen=True, slots=True)
class Composed:
    """A governed sentence and how the grammar read it."""

    text: str
    reading: Reading
    is_in_place: bool
    """Nothing but claimed words was changed."""


def in_place(draft: Draft, claims: Sequence[Claim], frame: Frame) -> Composed | Objection:
    """The question with governed names where words were claimed."""
    text, end = "", 0
    for claim in _once(claims):
        if claim.evidence == "governed":
            continue
        text += frame.text[end : claim.start] + _name(claim)
        end = claim.end
    text = _without_ignored(text + frame.text[end:], draft, frame)
    return _read(text, draft, frame, is_in_place=True)


def in_order(draft: Draft, claims: Sequence[Claim], frame: Frame) -> Composed | Objection:
    """时间 条件 分组 指标 比较 排序, when no word of the question is missing in the draft."""
    if frame.question.previous is not None:
        return Objection("这是一句追问,只能替换词,不能改变句子。")
    if draft.sets or draft.events or not draft.metrics:
        return Objection("名单、客群、漏斗、留存只能替换词,不能改变句子。")
    if not all(named.words for named in (*draft.metrics, *draft.groups)):
        return Objection("每个指标和分组都要写明是问题里的哪几个字。")
    grains = (group.words for group in draft.groups if group.id in GRAINS)
    verbatim = (draft.time, draft.compare, draft.order, *draft.conditions)
    for words in (*verbatim, *grains):
        if normalise(words).text not in frame.text:
            return Objection(f"“{words}”不是问题里的原话。要照抄问题里的字。")
    forgotten = _forgotten(verbatim, claims, draft, frame)
    if forgotten:
        return Objection(f"问题里的“{forgotten}”没有归到任何一项。")
    return _read("".join(_parts(draft, claims, frame)), draft, frame, is_in_place=False)


def _parts(draft: Draft, claims: Sequence[Claim], frame: Frame) -> Iterator[str]:
    named = {slot: [c for c in claims if c.slot == slot] for slot in ("filters",)}
    yield draft.time
    yield "、".join(_name(claim) for claim in named["filters"])
    yield "".join(f"按{_group_name(group.id, frame)}" for group in draft.groups)
    metrics = dict.fromkeys(metric.id for metric in draft.metrics)
    yield "和".join(frame.planner.manifest.metrics[name].label for name in metrics)
    yield from draft.conditions
    yield draft.compare
    yield draft.order


def _read(text: str, draft: Draft, frame: Frame, *, is_in_place: bool) -> Composed | Objection:
    asked = replace(frame.question, text=frame.masked.restore(text))
    reading = frame.planner.read(asked, frame.context.snapshot, brief=True)
    if reading.query is None:
        code = reading.problem.code if reading.problem else reading.request
        return Objection(f"改写成“{text}”后仍读不懂({code})。")
    governed = frame.named_metrics if is_in_place else frozenset()
    differs = _difference(reading.query, draft, governed, is_in_place=is_in_place)
    if differs:
        return Objection(f"改写成“{text}”后读到的{differs}与草稿不同。")
    return Composed(text, reading, is_in_place)


def _difference(query: Query, draft: Draft, governed: frozenset[str], *, is_in_place: bool) -> str:
    """What of the draft the query does not say; in place the question may say more."""
    named = Mentioned(
        frozenset(metric.id for metric in draft.metrics),
        frozenset(group.id for group in draft.groups),
        frozenset(held.dimension for held in draft.filters),
        frozenset(customers.id for customers in draft.sets),
        frozenset(event.id for event in draft.events),
    )
    said = mentioned(query)
    if isinstance(query, MetricQuery) and not (
        (named.metrics | governed).issuperset(asked_metrics(query))
    ):
        return "指标"
    if not is_in_place and not said.groups <= named.groups | set(GRAINS):
        return "分组"
    pairs = zip(KINDS, named, said, strict=True)
    return next((kind for kind, own, theirs in pairs if not own <= theirs), "")


def _forgotten(verbatim: Sequence[str], claims: Sequence[Claim], draft: Draft, frame: Frame) -> str:
    """The first word of the question that means something and stands nowhere in the draft."""
    covered = {at for claim in claims for at in range(claim.start, claim.end)}
    for words in (*verbatim, *(group.words for group in draft.groups), *leaves_out(draft, frame)):
        spoken = normalise(words).text
        at = frame.text.find(spoken)
        covered.update(range(at, at + len(spoken)) if at >= 0 else ())
    for token in frame.tokens:
        if not covered.issuperset(range(token.start, token.end)) and not _is_silent(token):
            return token.text
    return ""


def _is_silent(token: Token) -> bool:
    return any(role in SILENT_ROLES for role in token.roles()) and not token.names


def _without_ignored(text: str, draft: Draft, frame: Frame) -> str:
    """Without stretches that the grammar does not know and the model calls noise."""
    for words in draft.ignored:
        spoken = normalise(words).text
        if spoken and any(spoken in gap.text for gap in frame.gaps):
            text = text.replace(spoken, "", 1)
    return text


def leaves_out(draft: Draft, frame: Frame) -> tuple[str, ...]:
    """The unknown words that the model calls noise."""
    spoken = (normalise(words).text for words in draft.ignored)
    return tuple(s for s in spoken if s and any(s in gap.text for gap in frame.gaps))


def _name(claim: Claim) -> str:
    """The governed name to be read; a member as it is called."""
    return claim.words if claim.evidence == "governed" else claim.label


def _group_name(name: str, frame: Frame) -> str:
    return GRAINS.get(name) or frame.label(name)


def _once(claims: Sequence[Claim]) -> Iterator[Claim]:
    """Of several names for one stretch the first; the draft is then compared with the reading."""
    seen: set[int] = set()
    for claim in claims:
        if claim.start not in seen:
            seen.add(claim.start)
            yield claim
