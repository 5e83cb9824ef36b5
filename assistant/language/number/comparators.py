"""Comparisons with numbers: 不低于100万, 20万以上, 介于50万和100万之间, 50到100万."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

from assistant.language.number.find import STARTS, Amount, amount_at
from assistant.language.number.numerals import numeral, plain
from assistant.language.number.patterns import one_of
from assistant.language.number.token import ComparatorToken, NumberRange
from semantic_layer.query import NumberOp

_BEFORE: dict[NumberOp, str] = {
    "gt": """
        大于 大于了 超过 超过了 超出 超越 超 已超 高于 高过 大过 多于 多过 长于 晚于 突破 突破了
        不止 不只 逾 破 过 >
    """,
    "ge": """
        不低于 不少于 不小于 不下于 不短于 不差于 不下 至少 最少 最低 起码 大于等于 大于或等于
        高于等于 高于或等于 多于等于 超过或等于 达到或超过 达到 达到了 已达 达 满 足 >= ≥ =>
    """,
    "lt": """
        小于 低于 少于 短于 早于 低过 少过 不到 不足 不满 不及 未达到 未达 未满 未到 没到
        没达到 没有达到 达不到 跌破 <
    """,
    "le": """
        不超过 不超 不高于 不高过 不大于 不多于 不长于 不突破 未超过 未超 没超过 没有超过 至多
        最多 最高 小于等于 小于或等于 低于等于 低于或等于 少于等于 <= ≤ =<
    """,
    "eq": "等于 恰好 恰好为 恰为 正好 正好是 正好为 刚好 就是 = ==",
    "ne": "不等于 不为 不是 != ≠ <>",
}
_OPS: dict[str, NumberOp] = {word: op for op, words in _BEFORE.items() for word in words.split()}
_PREFIX = re.compile("(?<!有(?=没))" + one_of([*_OPS, "是", "为"]) + "(?:了)?")
"""有没有超过10%的 asks whether there are any; it is no 没有超过."""
_SUFFIXES: dict[str, NumberOp] = {
    "以上": "ge", "及以上": "ge", "或以上": "ge", "及其以上": "ge", "以上(含)": "ge",
    "(含)以上": "ge", "含以上": "ge", "往上": "ge", "起": "ge", "+": "ge", "或更多": "ge",
    "及更多": "ge", "以上(不含)": "gt", "(不含)以上": "gt", "以外": "gt", "开外": "gt",
    "以下": "le", "及以下": "le", "或以下": "le", "及其以下": "le", "以下(含)": "le",
    "(含)以下": "le", "含以下": "le", "以内": "le", "之内": "le", "以内(含)": "le", "往下": "le",
    "或更少": "le", "以下(不含)": "lt", "(不含)以下": "lt", "(不含)以内": "lt", "(含)以内": "le",
}  # fmt: skip
_SUFFIX = re.compile(one_of(_SUFFIXES))
_NOT_SUFFIX = re.compile("起(?=[步始来点])|以上(?=海)")
_TO = re.compile("(?P<edge>\\((?P<in>不?含)\\))?(?:到|至|~|--?|—{1,2}|–|和|与|及)")
_EDGE = re.compile(r"\((不?含)\)")
_WHOLE = re.compile("之间|区间|范围内|这个区间|以内|的区间")
_OPENING = re.compile("介于|在|处于|位于|从|界于|间于")
_SCALE_ALONE = re.compile("[十百千万亿]+|半数?")
_ZERO = re.compile("零(?![售存点花星散钱整基一二两三四五六七八九])")
_LARGE = 10_000
_PARTS = {"%": 100, "‰": 1000, "‱": 10000}
_JOIN = re.compile("(?:,|、)?(?:并且|而且|但是|同时|且|但|又|并)?")
_AFTER_EQUAL = frozenset(["", *"的,、。;且并和或时?"])
_STARTS = STARTS | {word[0] for word in _OPS} | set("是为介在处位从界间")
_LOW: frozenset[NumberOp] = frozenset({"gt", "ge"})
_HIGH: frozenset[NumberOp] = frozenset({"lt", "le"})


def find_comparators(text: str) -> tuple[ComparatorToken, ...]:
    """Every comparison with a number, from left to right.

    >>> [(t.text, t.range.limits) for t in find_comparators("介于50和100万之间")]
    [('介于50和100万之间', (('ge', 500000), ('le', 1000000)))]
    """
    tokens: list[ComparatorToken] = []
    pos = 0
    while pos < len(text):
        token = _comparison_at(text, pos) if text[pos] in _STARTS else None
        if token is None:
            pos += 1
            continue
        pos = token.end
        both = _two_sided(tokens[-1], token, text) if tokens else None
        tokens.append(token)
        if both:
            tokens[-2:] = [both]
    return tuple(tokens)


_SIGN = re.compile("[为是](?P<sign>负|正)(?:数|值|的(?=.)|$)?(?![常式规面债])")


def _sign_at(text: str, pos: int) -> ComparatorToken | None:
    """净流入为负: below zero."""
    match = _SIGN.match(text, pos)
    if match is None:
        return None
    end = match.end() - 1 if match.group().endswith("的") else match.end()
    op: NumberOp = "lt" if match["sign"] == "负" else "gt"
    return ComparatorToken(pos, end, text[pos:end], NumberRange(((op, 0),)))


def _comparison_at(text: str, pos: int) -> ComparatorToken | None:
    return (
        _sign_at(text, pos)
        or _range_at(text, pos)
        or _prefixed_at(text, pos)
        or _suffixed_at(text, pos)
    )


def _prefixed_at(text: str, pos: int) -> ComparatorToken | None:
    match = _PREFIX.match(text, pos)
    if not match:
        return None
    word = match.group() if match.group() in _OPS else match.group().removesuffix("了")
    op = _OPS.get(word)
    if op is None:
        return _equals(text, pos, match.end())
    if word in (
        "过",
        "超",
        "破",
        "达",
        "满",
        "足",
        "逾",
        "最高",
        "最低",
        "最多",
        "最少",
    ) and _is_word(text, match):
        return None
    start = match.end()
    amount = amount_at(text, start) or _one_scale(text, start) or _zero(text, start)
    if amount is None:
        return None
    end = amount.end
    if suffix := _suffix_at(text, end):
        op, end = _stronger(op, suffix[0]), suffix[1]
    return _token(text, pos, end, ((op, amount.value),), amount)


def _equals(text: str, pos: int, start: int) -> ComparatorToken | None:
    """为0, 是3: only before a number that is written in digits."""
    if not text[start : start + 1].isdigit() and text[start : start + 1] != "零":
        return None
    amount = amount_at(text, start) or _zero(text, start)
    if amount is None or _suffix_at(text, amount.end) or _TO.match(text, amount.end):
        return None
    if amount.unit is None and text[amount.end : amount.end + 1] not in _AFTER_EQUAL:
        return None
    return _token(text, pos, amount.end, (("eq", amount.value),), amount)


def _is_word(text: str, match: re.Match[str]) -> bool:
    """超 in 超市, 达 in 抵达 …: the sign must touch a number."""
    following = text[match.end() : match.end() + 1]
    return not (following.isdigit() or following in "零一二两三四五六七八九十百千万亿半")


def _one_scale(text: str, pos: int) -> Amount | None:
    """过亿, 破万."""
    match = _SCALE_ALONE.match(text, pos)
    if not match:
        return None
    if match.group().startswith("半"):
        return Amount(pos, match.end(), Decimal("0.5"), "分数")
    value = numeral(match.group())
    return Amount(pos, match.end(), value) if value is not None else None


def _zero(text: str, pos: int) -> Amount | None:
    """大于零; no 零 of 零售."""
    match = _ZERO.match(text, pos)
    return Amount(pos, match.end(), Decimal(0)) if match else None


def _suffixed_at(text: str, pos: int) -> ComparatorToken | None:
    amount = amount_at(text, pos)
    if amount is None:
        return None
    suffix = _suffix_at(text, amount.end)
    if suffix is None:
        return None
    return _token(text, pos, suffix[1], ((suffix[0], amount.value),), amount)


def _suffix_at(text: str, pos: int) -> tuple[NumberOp, int] | None:
    match = _SUFFIX.match(text, pos)
    if not match or _NOT_SUFFIX.match(text, pos):
        return None
    return _SUFFIXES[match.group()], match.end()


def _stronger(prefix: NumberOp, suffix: NumberOp) -> NumberOp:
    """超过100万以上 stays exclusive."""
    return prefix if prefix != "eq" else suffix


def _range_at(text: str, pos: int) -> ComparatorToken | None:
    opening = _OPENING.match(text, pos)
    start = opening.end() if opening else pos
    low = amount_at(text, start, lone=True)
    if low is None:
        return None
    link = _TO.match(text, low.end)
    high = amount_at(text, link.end()) if link else None
    if link is None or high is None:
        return None
    end = high.end
    edge = _EDGE.match(text, end)
    end = edge.end() if edge else end
    closing = _WHOLE.match(text, end)
    end = closing.end() if closing else end
    if link.group()[-1] in "和与及" and not (closing and opening):
        return None
    low, high = _shared(low, high)
    if high.value < low.value:
        return None
    ops: tuple[NumberOp, NumberOp] = (
        "gt" if link["in"] == "不含" else "ge",
        "lt" if edge and edge[1] == "不含" else "le",
    )
    limits = (ops[0], low.value), (ops[1], high.value)
    begin = pos if opening else low.start
    amount = replace(high, approximate=low.approximate or high.approximate)
    found = _token(text, begin, end, limits, amount)
    between = link["in"] is None and edge is None
    return replace(found, range=replace(found.range, between=between))


def _shared(low: Amount, high: Amount) -> tuple[Amount, Amount]:
    """50到100万 means 50万, 五百到八百万 500万: the unit is said once, at the end."""
    if low.unit in _PARTS and high.unit is None and high.value > 1 and not high.scales:
        return low, replace(high, value=high.value / _PARTS[low.unit], unit=low.unit)
    if low.unit is None and all(scale < _LARGE for scale in low.scales):
        for scale in high.scales:
            if low.value <= high.value / scale:
                return replace(low, value=low.value * scale, unit=high.unit), high
    if high.unit is None and low.unit not in _PARTS:
        high = replace(high, unit=low.unit)
    return replace(low, unit=low.unit or high.unit), high


def _two_sided(
    first: ComparatorToken, second: ComparatorToken, text: str
) -> ComparatorToken | None:
    """超过5万且不到20万 is one range."""
    gap = _JOIN.fullmatch(text, first.end, second.start)
    if gap is None or len(first.range.limits) != 1 or len(second.range.limits) != 1:
        return None
    (a, low), (b, high) = first.range.limits[0], second.range.limits[0]
    if a in _HIGH and b in _LOW:
        (a, low), (b, high) = (b, high), (a, low)
    if a not in _LOW or b not in _HIGH or low > high:
        return None
    unit = first.range.unit or second.range.unit
    approximate = first.range.approximate or second.range.approximate
    return ComparatorToken(
        first.start, second.end, text[first.start : second.end],
        NumberRange(((a, low), (b, high)), unit, approximate),
    )  # fmt: skip


def _token(
    text: str, start: int, end: int, limits: tuple[tuple[NumberOp, Decimal], ...], amount: Amount
) -> ComparatorToken:
    numbers = tuple((op, plain(value)) for op, value in limits)
    return ComparatorToken(
        start, end, text[start:end], NumberRange(numbers, amount.unit, amount.approximate)
    )
