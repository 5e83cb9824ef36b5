"""Metrics whose name is not said in one piece: 基金申购和赎回金额, 交易笔数和金额, 基金的赎回额."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import product

from assistant.language.inverted import Found
from assistant.language.lexicon import Lexicon
from assistant.language.tokens import AmbiguousName, MetricName, Name, NearMiss
from assistant.language.words import closed_words

AND = re.compile(r"以及|[和与及跟、]")
NET = "净"
"""净新增客户 is 净增客户, not that and 新增客户."""
LONGEST = 8
"""Characters of a name's part that are looked at on either side."""
SHORTEST = 2
OF = re.compile("的")
DONE = re.compile("[了过]")
BARE = ("户数", "人数", "笔数", "金额", "余额")
"""Measures of what stands before: 户数 in 代发工资金额和户数 are not all customers."""


def find_coordinated(text: str, lexicon: Lexicon) -> Iterator[Found]:
    """Stretches beside 和 that become the name of a metric with a part of their neighbour."""
    ends: dict[int, str] = {}
    for joint in reversed(list(AND.finditer(text))):
        left, right = joint.start(), joint.end()
        found = (
            *_shared_end(text, left, right, lexicon, ends),
            *_shared_start(text, left, right, lexicon),
        )
        yield from found or _shared_both(text, left, right, lexicon)
    yield from _shared_by_letters(text, lexicon)


def _shared_by_letters(text: str, lexicon: Lexicon) -> Iterator[Found]:
    """存贷款余额: two characters side by side, and one end that makes a metric of each."""
    for at in range(len(text) - SHORTEST):
        for end in _ends(text, at + 1):
            rest = text[at + 2 : end]
            first, second = (lexicon.metrics(text[of] + rest) for of in (at, at + 1))
            known = not rest or text[at:end] in lexicon.names
            if first and second and text[at] == NET:
                yield Found(at, end, _in_short(first))
                break
            if not known and first and second and set(first).isdisjoint(second):
                yield Found(at, at + 1, _in_short(first))
                yield Found(at + 1, end, _in_short(second))
                break


def find_parted(text: str, lexicon: Lexicon) -> Iterator[Found]:
    """基金的赎回金额: a name with 的 inside, unless both parts say something on their own."""
    for of in OF.finditer(text):
        left, right = of.start(), of.end()
        for start, end in product(_starts(left), _ends(text, right)):
            names = lexicon.metrics(text[start:left] + text[right:end])
            if names and _ends_a_longer_name(text, start, left, lexicon):
                continue
            apart = text[start:left] in lexicon.names and lexicon.metrics(text[right:end])
            if names and not apart:
                yield Found(start, end, names)
                break


def find_done(text: str, lexicon: Lexicon) -> Iterator[Found]:
    """多少人开了户: a governed doubt said as done stays the doubt about 多少人开户."""
    for done in DONE.finditer(text):
        left, right = done.span()
        for start in range(max(0, left - LONGEST), left):
            for end in range(min(len(text), right + LONGEST), right, -1):
                names = lexicon.names.get(text[start:left] + text[right:end], ())
                doubts = tuple(name for name in names if isinstance(name, AmbiguousName))
                if doubts:
                    yield Found(start, end, doubts)


def _ends_a_longer_name(text: str, start: int, left: int, lexicon: Lexicon) -> bool:
    """代发工资客户的户均AUM is of that segment: 客户 alone is not the beginning of a name."""
    return any(text[at:left] in lexicon.names for at in range(max(0, left - LONGEST), start))


def _shared_end(
    text: str, left: int, right: int, lexicon: Lexicon, ends: dict[int, str]
) -> tuple[Found, ...]:
    """活期和非活期存款余额: the left part ends like the metric on the right.

    `ends` keeps what a part was completed with, for the part before it: 房贷、消费贷、经营贷余额.
    """
    for start in _starts(left) if right in ends else ():
        if names := lexicon.metrics(text[start:left] + ends[right]):
            ends[start] = ends[right]
            return (Found(start, left, _in_short(names)),)
    whole = next((end for end in _ends(text, right) if lexicon.metrics(text[right:end])), None)
    own = next((start for start in _starts(left) if lexicon.metrics(text[start:left])), left)
    last = text[right:whole] if whole else _of_parts(text, right, lexicon)
    if own < left and (doubtful := _of_both(text[own:left], last, lexicon)):
        return (Found(own, left, doubtful),)
    if whole is None:
        return ()
    for start in _starts(left):
        if own < left and (start >= own or text[start:left] not in lexicon.names):
            continue
        for cut in range(right + 1, whole):
            if names := lexicon.metrics(text[start:left] + text[cut:whole]):
                ends[start] = text[cut:whole]
                return (Found(start, left, _in_short(names)),)
    return ()


def _of_parts(text: str, right: int, lexicon: Lexicon) -> str:
    """信用卡的逾期率: one name with 的 inside."""
    parts = (text[right:end] for end in _ends(text, right) if "的" in text[right:end])
    return next((part for part in parts if lexicon.metrics(part.replace("的", "", 1))), "")


def _of_both(own: str, last: str, lexicon: Lexicon) -> tuple[Name, ...]:
    """贷款和信用卡逾期率: 贷款逾期率 may be meant, or the metric 贷款 itself."""
    said, other = lexicon.metrics(own), lexicon.metrics(last.replace("的", "", 1))
    known = {name.metric for name in (*said, *other)}
    for cut in range(1, len(last)):
        names = lexicon.metrics(own + last[cut:])
        if names:
            new = tuple(name for name in names if name.metric not in known)
            return (*_in_short(new), *said) if new else ()
    return ()


def _parted_before(text: str, left: int, lexicon: Lexicon) -> str:
    """放款笔数 of 放款的笔数 with what stands before it."""
    for at in _starts(left):
        name = text[at:left]
        if "的" in name and lexicon.metrics(name.replace("的", "", 1)):
            return text[:at] + name.replace("的", "", 1)
    return ""


def _shared_start(
    text: str, left: int, right: int, lexicon: Lexicon, moved: int = 0
) -> tuple[Found, ...]:
    """转账笔数和金额: the right part begins like the left; `moved` by a 的 left out."""
    whole = next((at for at in _starts(left) if lexicon.metrics(text[at:left])), None)
    if whole is None and (parted := _parted_before(text, left, lexicon)):
        moved = left - len(parted)
        return _shared_start(parted + text[left:], len(parted), right - moved, lexicon, moved)
    if whole is None:
        return ()
    for end in _ends(text, right):
        part = text[right:end]
        if part not in BARE and (part in lexicon.names or part in closed_words()):
            return ()
        for cut in range(left - 1, whole + 1, -1):
            if names := lexicon.metrics(text[whole:cut] + part):
                return (Found(right + moved, end + moved, _in_short(names)),)
        if part in BARE and (names := lexicon.metrics(part)):
            near = NearMiss(tuple(name.metric for name in names))
            return (Found(right + moved, end + moved, (near,)),)
    return ()


def _shared_both(text: str, left: int, right: int, lexicon: Lexicon) -> Iterator[Found]:
    """基金申购和赎回金额: the left part ends like the right one, which begins like the left."""
    for start in _starts(left):
        for end in _ends(text, right):
            for cut in range(right + 1, end):
                first = lexicon.metrics(text[start:left] + text[cut:end])
                if not first:
                    continue
                for head in range(left - 1, start, -1):
                    if second := lexicon.metrics(text[start:head] + text[right:end]):
                        yield Found(start, left, _in_short(first))
                        yield Found(right, end, _in_short(second))
                        return


def _starts(left: int) -> range:
    """Where a part that ends there may begin, the longest first."""
    return range(max(0, left - LONGEST), left - SHORTEST + 1)


def _ends(text: str, right: int) -> range:
    """Where a part that begins there may end, the longest first."""
    return range(min(len(text), right + LONGEST), right + SHORTEST - 1, -1)


def _in_short(names: tuple[MetricName, ...]) -> tuple[Name, ...]:
    return tuple(replace(name, via="short") for name in names)
