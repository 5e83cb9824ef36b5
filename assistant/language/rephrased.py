"""What was said in short, written out: 投诉占比 → 投诉件数占比, 净流出最多 → 净流入最低."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

import yaml

from assistant.language.catalogue import Catalogue
from assistant.language.normalise import normalise_name
from assistant.language.stems import COUNTS, NET, SHORTEST
from assistant.language.tokens import DimensionName, Token
from semantic_layer.problem import Problem

DONE = re.compile("[了过的]*")
RATE = "率"
COUNTED = re.compile("了?(?:有|是)?(?:最多|最少|多少|几)")
PEOPLE = ("客户", "用户", "人", "户", "者", "员")
MOST = re.compile(r"(?:金额|额)?(?:得)?(?:最多|最大|最高|最严重)")
BEYOND = re.compile(r"(?:金额|额)?(?:超过|大于|高于|多于)了?(?=\d)")
TARGET = re.compile(
    r"的?目标(?:是多少|多少|(?:完成|达成)(?:了吗|了没有|了没|没有|得?(?:怎么样|如何|多少))?)[呢吗?]*$"
)
WHICH = re.compile(r"(?:哪些|哪几[个家只]|[几多少]+[个家只])")
IS = re.compile(r"(?:都?是|为|呈现?|出现|有)了?$")
ENDS = re.compile(r"(?:了|的)?[呢吗?]*$")
AMOUNT = re.compile(r"(?:了|有|是)*(?:金额|额)?(?:有|是)?多少钱?[了呢]?$|(?:金额|额)?$")
NOT_TURNED = re.compile(
    r"[同环占超比最]|大于|小于|不足|以[上下]|[高低多]于|[增减降升涨跌变]|排|[前后][\d一二三四五六七八九十]|top"
)
"""What would mean the opposite of a figure that is turned round."""


class Rephrased(NamedTuple):
    """The sentence written out, and what is said about it."""

    text: str
    note: str
    metrics: tuple[str, ...]
    """What it must ask for, and nothing else."""
    label: str = ""


class _Place(NamedTuple):
    start: int
    end: int
    metrics: tuple[str, ...]


def rephrased(text: str, tokens: Sequence[Token], catalogue: Catalogue) -> tuple[Rephrased, ...]:
    """The ways to write out what the definitions have no word for."""
    gaps = [(token.start, token.end) for token in tokens if token.is_gap]
    turned = _turned(text, gaps, tokens, catalogue) or _of_target(text, gaps, catalogue)
    return (turned,) if turned else tuple(_completed(text, gaps, tokens, catalogue))


def _of_target(
    text: str, gaps: Sequence[tuple[int, int]], catalogue: Catalogue
) -> Rephrased | None:
    """销售额目标完成了吗: how far the figure named has come, where targets are set."""
    said = TARGET.search(text)
    if said is None or not catalogue.manifest.targets:
        return None
    if not any(start < said.end() and said.start() < end for start, end in gaps):
        return None
    return Rephrased(f"{text[: said.start()]}完成情况", f"“{said[0]}”看目标的完成情况", ())


def _completed(
    text: str, gaps: Sequence[tuple[int, int]], tokens: Sequence[Token], catalogue: Catalogue
) -> Iterator[Rephrased]:
    """Every unknown word is the name of a figure less its counter: 转入, 转出 → 转入额、转出额."""
    found = [p for p in _places(text, catalogue) if not _splits_a_name(p, tokens)]
    covered = {at for place in found for at in range(place.start, place.end)}
    if any(at not in covered for start, end in gaps for at in range(start, end)):
        return
    found = [p for p in found if any(p.start < end and start < p.end for start, end in gaps)]
    if not found or any(_is_doubtful(text, place, catalogue) for place in found):
        return
    several = [place for place in found if len(place.metrics) > 1]
    if len(several) > 1:
        return
    for metric in several[0].metrics if several else ("",):
        chosen = [p._replace(metrics=(metric,)) if p in several else p for p in found]
        yield _written(text, chosen, catalogue)


def _written(text: str, found: Sequence[_Place], catalogue: Catalogue) -> Rephrased:
    parts: list[str] = []
    labels: dict[str, str] = {}
    at = 0
    for place in found:
        label = catalogue.metric(place.metrics[0]).label
        joint = "、" if parts and place.start == at else ""
        parts += [text[at : place.start], joint, normalise_name(label)]
        labels[text[place.start : place.end]] = label
        at = place.end
    note = "、".join(f"“{word}”理解为{label}" for word, label in labels.items())
    metrics = tuple(dict.fromkeys(place.metrics[0] for place in found))
    return Rephrased("".join((*parts, text[at:])), note, metrics, "、".join(labels.values()))


def _places(text: str, catalogue: Catalogue) -> list[_Place]:
    """Where names in short stand, the longest first wherever two would overlap."""
    found: list[_Place] = []
    at = 0
    longest = max(map(len, catalogue.stems), default=0)
    while at < len(text):
        ends = range(min(len(text), at + longest), at + SHORTEST - 1, -1)
        end = next((e for e in ends if text[at:e] in catalogue.stems), None)
        if end is not None:
            found.append(_Place(at, end, catalogue.stems[text[at:end]]))
        at = end or at + 1
    return found


def _splits_a_name(place: _Place, tokens: Sequence[Token]) -> bool:
    return any(t.names and t.start < place.end and place.start < t.end for t in tokens)


def _is_doubtful(text: str, place: _Place, catalogue: Catalogue) -> bool:
    """投诉过的, 投诉的客户: who does it, no figure. 转化最高 may be the rate that is called so."""
    said = text[place.start : place.end]
    if any(said in word for word in catalogue.manifest.ambiguous):
        return True
    if f"{said}{RATE}" in catalogue.lexicon.names and not COUNTED.match(text, place.end):
        return True
    done = DONE.match(text, place.end)
    assert done is not None
    people = (*PEOPLE, *catalogue.entities)
    return "过" in done[0] or any(text.startswith(noun, done.end()) for noun in people)


def _turned(
    text: str, gaps: Sequence[tuple[int, int]], tokens: Sequence[Token], catalogue: Catalogue
) -> Rephrased | None:
    """净流出, where only 净流入 is defined, is that figure below nought."""
    for said, metric in _opposites(text, catalogue):
        start, end = said.span()
        if not any(start < stop and begin < end for begin, stop in gaps):
            continue
        before, after = text[:start], text[end:]
        label = normalise_name(catalogue.metric(metric).label)
        turned = f"“{said[0]}”看{label}:负数就是{said[0]}"
        if (written := _most(before, after, label)) is not None:
            return Rephrased(written, turned, (metric,))
        if (written := _of_those(before, after, label, tokens, end)) is not None:
            return Rephrased(written, f"“{said[0]}”按{label}为负理解", (metric,))
        if (beyond := BEYOND.match(after)) and not NOT_TURNED.search(before):
            note = f"“{said[0]}{beyond[0]}”按{label}低于负数理解"
            return Rephrased(f"{before}{label}低于-{after[beyond.end() :]}", note, (metric,))
        if AMOUNT.match(after) and not NOT_TURNED.search(before):
            return Rephrased(f"{before}{label}{after}", turned, (metric,))
    return None


def opposite(text: str, tokens: Sequence[Token], catalogue: Catalogue) -> Problem | None:
    """Why a net figure said from its other side is not answered: the known one is its reverse."""
    for said, metric in _opposites(text, catalogue):
        if any(t.is_gap and said.start() < t.end and t.start < said.end() for t in tokens):
            label = catalogue.metric(metric).label
            message = f"没有“{said[0]}”这个口径;有“{label}”,它为负就是{said[0]},请用它问。"
            return Problem("unknown_term", message, subject=said[0])
    return None


def _most(before: str, after: str, label: str) -> str | None:
    """净流出最多 is 净流入最低."""
    most = MOST.match(after)
    if most is None or NOT_TURNED.search(f"{before}，{after[most.end() :]}"):
        return None
    return f"{before}{label}最低{after[most.end() :]}"


def _of_those(before: str, after: str, label: str, tokens: Sequence[Token], end: int) -> str | None:
    """净流出的营业部, 哪些营业部净流出, 哪些是净流出."""
    if NOT_TURNED.search(after) or NOT_TURNED.search(before):
        return None
    of = after.removeprefix("的")
    behind = end + len(after) - len(of)
    if of != after and any(
        token.start == behind and any(isinstance(n, DimensionName) for n in token.names)
        for token in tokens
    ):
        return f"{before}{label}为负的{of}"
    if ENDS.match(after) and WHICH.search(before):
        return f"{IS.sub('', before)}{label}为负"
    return None


def _opposites(text: str, catalogue: Catalogue) -> Iterator[tuple[re.Match[str], str]]:
    """Net figures that are named by the other side of what they are the difference of."""
    for one, other in _pairs():
        for known, said in ((one, other), (other, one)):
            match = re.search(f"{NET}{said}", text)
            if match is None or match[0] in catalogue.lexicon.names:
                continue
            names = (catalogue.lexicon.metrics(f"{NET}{known}{end}") for end in ("", *COUNTS))
            metrics = {name.metric for found in names for name in found}
            if len(metrics) == 1:
                yield match, metrics.pop()


@cache
def _pairs() -> tuple[tuple[str, str], ...]:
    path = Path(__file__).parent / "words" / "opposites.yaml"
    found = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return tuple((str(one), str(other)) for one, other in found)
