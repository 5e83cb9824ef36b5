"""What to say about a word that names nothing here: near names as options, else a refusal."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import NamedTuple

from assistant.language.catalogue import Catalogue
from assistant.language.completions import completions
from assistant.language.gaps import AS_LIKELY, Guess, guesses, unknown_stretch
from assistant.language.tokens import DimensionName, MetricName, Token, ValueName
from assistant.reading import ReadingOption
from semantic_layer.problem import Candidate, Problem, ProblemCode
from semantic_layer.query import Query

MOST_OPTIONS = 4
ALIKE = "name"
"""Where the doubt is: what is offered is named like the unknown word."""
MOST_TRIED = 6
MOST_COMPLETED = 2
SHORTEST = 2
SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾萧田董袁潘于蒋蔡余杜叶程苏魏"
    "吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃"
    "武戴莫孔向汤"
)
ENDINGS = ("比", "率", "额", "量", "数")
RATES = ("率", "价", "费")
"""What ends a name that begins with whose it is: 存款利率."""
TITLES = re.compile(r"(先生|女士|小姐|总)$")
Read = Callable[[str], Query | None]
"""Reads a changed text; None unless it is a complete query."""


class Unknown(NamedTuple):
    """Problem and ways out for a question with an unknown word."""

    problem: Problem
    options: tuple[ReadingOption, ...] = ()


def resolve_unknown(
    text: str, tokens: Sequence[Token], catalogue: Catalogue, read: Read
) -> Unknown:
    """The unknown word with the nearest known ones, each as a complete query."""
    first, end = unknown_stretch(tokens)
    word = text[tokens[first].start : tokens[end - 1].end]
    if _is_person(word, tokens, end):
        message = f"不提供个人明细(“{word}”);可以查看人数、分布和汇总。"
        return Unknown(Problem("individual_data", message, subject=word))
    dimension = _dimension_beside(tokens, end)
    options = tuple(islice(_options(text, tokens, catalogue, read), MOST_OPTIONS))
    if not options and dimension is None:
        options = tuple(_completed(text, word, tokens, catalogue, read))[:MOST_OPTIONS]
    if not options and dimension is None:
        options = tuple(_named_so(text, tokens, (first, end), catalogue, read))[:MOST_OPTIONS]
    if dimension is not None:
        return _unknown_value(text, tokens, (first, end), catalogue, options, read)
    if options:
        code = _code(options, catalogue)
        labels = "、".join(option.label for option in options)
        message = f"没有找到“{word}”,相近的有:{labels}。请确认。"
        return Unknown(Problem(code, message, ALIKE, word), options)
    return Unknown(_refused(_whole_name(text, word, tokens, (first, end)), tokens, catalogue))


def _is_person(word: str, tokens: Sequence[Token], end: int) -> bool:
    """张三的存款: a surname with one or two characters, owning a metric."""
    name = TITLES.sub("", word)
    if not (2 <= len(name) <= 3 and name[0] in SURNAMES):
        return False
    follows = tokens[end:]
    if TITLES.search(word):
        return True
    return (
        bool(follows)
        and bool(follows[0].word("of"))
        and any(isinstance(n, MetricName) for t in follows[1:2] for n in t.names)
    )


def _dimension_beside(tokens: Sequence[Token], end: int) -> str | None:
    """哈尔滨分行: the unknown word stands right before the name of a dimension."""
    if end >= len(tokens):
        return None
    return next((n.dimension for n in tokens[end].names if isinstance(n, DimensionName)), None)


def _options(
    text: str, tokens: Sequence[Token], catalogue: Catalogue, read: Read
) -> Iterator[ReadingOption]:
    """Every word that makes a complete question; once a slip is mended, only what is as likely."""
    seen: set[Query | str] = set()
    mended: float | None = None
    for guess in guesses(text, tokens, catalogue.lexicon)[:MOST_TRIED]:
        if mended is not None and guess.score < mended - AS_LIKELY:
            return
        query = read(text[: guess.start] + guess.word + text[guess.end :])
        label, choice = _label(guess, catalogue)
        if query is not None and query not in seen and label not in seen:
            seen |= {query, label}
            mended = guess.score if guess.slip and mended is None else mended
            yield ReadingOption(label, query, word=guess.said, choice=choice)


def _completed(
    text: str, word: str, tokens: Sequence[Token], catalogue: Catalogue, read: Read
) -> Iterator[ReadingOption]:
    """现金: a part of members' names, in a question without a metric."""
    if any(isinstance(name, MetricName) for token in tokens for name in token.names):
        return
    found = [g for g in guesses(text, tokens, catalogue.lexicon) if word in g.word]
    for guess in found[:MOST_COMPLETED]:
        member, choice = _label(guess, catalogue)
        if "=" in choice:
            changed = text[: guess.start] + guess.word + text[guess.end :]
            for option in completions(changed, catalogue, read)[:MOST_COMPLETED]:
                yield replace(option, label=f"{member}的{option.label}")


def _named_so(
    text: str, tokens: Sequence[Token], stretch: tuple[int, int], catalogue: Catalogue, read: Read
) -> Iterator[ReadingOption]:
    """登录人数: the figures that have the unknown word in their names, for it and its count."""
    first, end = stretch
    word = text[tokens[first].start : tokens[end - 1].end]
    at = end + 1 if end < len(tokens) and tokens[end].word("of") else end
    counted = at < len(tokens) and any(isinstance(n, MetricName) for n in tokens[at].names)
    if not counted or len(word) < SHORTEST:
        return
    for metric in catalogue.manifest.metrics.values():
        if metric.hidden or not any(word in name for name in (metric.label, *metric.synonyms)):
            continue
        query = read(text[: tokens[first].start] + metric.label + text[tokens[at].end :])
        if query is not None:
            yield ReadingOption(metric.label, query, word=word, choice=metric.name)


def _label(guess: Guess, catalogue: Catalogue) -> tuple[str, str]:
    for name in catalogue.lexicon.names.get(guess.word, ()):
        if isinstance(name, MetricName):
            return catalogue.metric(name.metric).label, name.metric
        if isinstance(name, ValueName):
            return catalogue.value_label(name), f"{name.dimension}={name.value}"
        if isinstance(name, DimensionName):
            return catalogue.dimension_label(name.dimension), name.dimension
    return guess.word, guess.word


def _code(options: Sequence[ReadingOption], catalogue: Catalogue) -> ProblemCode:
    if options[0].choice in catalogue.manifest.metrics:
        return "ambiguous_metric"
    if not options[0].choice:
        return "missing_metric"
    return "unknown_value" if "=" in options[0].choice else "ambiguous_phrase"


def _unknown_value(
    text: str, tokens: Sequence[Token], stretch: tuple[int, int], catalogue: Catalogue,
    options: tuple[ReadingOption, ...], read: Read,
) -> Unknown:  # fmt: skip
    """No such member: near members, and the whole split by the dimension; never the total."""
    first, end = stretch
    dimension = _dimension_beside(tokens, end)
    assert dimension is not None
    label = catalogue.manifest.dimensions[dimension.rpartition(".")[2]].label
    said = text[tokens[first].start : tokens[end].end]
    query = read(f"{text[: tokens[first].start]}各{tokens[end].text}{text[tokens[end].end :]}")
    if query is not None:
        options = (*options[: MOST_OPTIONS - 1], ReadingOption(f"看各{label}", query))
    message = f"没有找到“{said}”,为避免误用,没有改答其他数。请从下面选择。"
    return Unknown(Problem("unknown_value", message, subject=said), options)


def _refused(word: str, tokens: Sequence[Token], catalogue: Catalogue) -> Problem:
    near = catalogue.lexicon.looking_like(word, least=40.0)[:3]
    candidates = tuple(Candidate(n.word, n.word) for n in near)
    if any(token.word("group") for token in tokens) and _after_group(word, tokens):
        return Problem(
            "unknown_dimension", f"没有叫“{word}”的维度。", subject=word, candidates=candidates
        )
    message = f"没有收录“{word}”,不能回答,也不作估计。"
    return Problem("unknown_term", message, subject=word, candidates=candidates)


def _whole_name(text: str, word: str, tokens: Sequence[Token], stretch: tuple[int, int]) -> str:
    """存贷|比, 存款|利率: the unknown word is a part of one name."""
    first, end = stretch
    start, stop = tokens[first].start, tokens[end - 1].end
    closes = end + 1 >= len(tokens) or tokens[end + 1].word("group") or tokens[end + 1].word("of")
    if end < len(tokens) and tokens[end].text in ENDINGS and closes:
        stop = tokens[end].end
    if first > 0 and text[:stop].endswith(RATES) and tokens[first - 1].names:
        start = tokens[first - 1].start
    if stop - start == 1:
        start, stop = _with_neighbours(tokens, (first, end))
    return text[start:stop] if stop > start else word


def _with_neighbours(tokens: Sequence[Token], stretch: tuple[int, int]) -> tuple[int, int]:
    """申 in 投保申请转化率, 业 in 分行业看: one character is no word to tell anybody."""
    first, end = stretch
    before = first > 0 and not any(tokens[first - 1].word(role) for role in ("of", "break"))
    start = tokens[first - 1].start if before else tokens[first].start
    single = end < len(tokens) and len(tokens[end].text) == 1 and not tokens[end].word("of")
    return start, tokens[end].end if single and not before else tokens[end - 1].end


def _after_group(word: str, tokens: Sequence[Token]) -> bool:
    """按星座: the unknown word follows a grouping word."""
    for token, following in itertools.pairwise(tokens):
        if following.is_gap and following.text in word:
            return token.word("group") is not None
    return False
