"""次月, 第7日, 1/2/3月, 次日、7日、30日: after which time people are looked for again."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assistant.language.behaviour.words import Said
from assistant.language.time.patterns import N, small_int
from assistant.language.tokens import BehaviourWord

UNITS = {"日": "day", "天": "day", "周": "week", "星期": "week", "月": "month"}
UNIT = "[日天周月]|星期"
ONE = rf"(?:次[日周月]|第?{N}个?(?:{UNIT})?)"
JOIN = r"(?:、|/|,|和|及|与|以及)"
FIRST = re.compile(rf"前(?P<n>{N})个?(?P<u>{UNIT})")
RANGE = re.compile(
    rf"第?(?P<a>{N})(?:个?(?:{UNIT}))?(?:到|至|-|~)(?P<th>第)?(?P<b>{N})(?P<piece>个)?(?P<u>{UNIT})"
)
LIST = re.compile(rf"{ONE}(?:{JOIN}{ONE})*")
ITEM = re.compile(rf"次(?P<next>[日周月])|(?P<th>第)?(?P<n>{N})(?P<piece>个)?(?P<u>{UNIT})?")
AFTERWARDS = re.compile(
    r"的?[后内]?的?(?:客户|用户)?的?"
    r"(?:留存|同期群|还|再|又|仍|回|打开|登录|交易|购买|买|有|活跃|申购|复购)"
)


def find_nth(text: str) -> Iterator[Said]:
    """Every such list of days, weeks or months that what is done again stands behind."""
    for start in range(len(text)):
        if start and text[start - 1].isdigit() and text[start].isdigit():
            continue
        for pattern, read in ((FIRST, _first), (RANGE, _range), (LIST, _list)):
            match = pattern.match(text, start)
            if match is None:
                continue
            tied = AFTERWARDS.match(text, match.end()) is not None
            if (word := read(match, tied)) is not None:
                yield Said(match.start(), match.end(), word)


def _first(match: re.Match[str], tied: bool) -> BehaviourWord | None:
    if not tied:
        return None
    return BehaviourWord("nth", _up_to(1, small_int(match["n"])), UNITS[match["u"]])


def _range(match: re.Match[str], tied: bool) -> BehaviourWord | None:
    """1-3月留存 are periods; 9-10月 are months of the year."""
    first, last, unit = small_int(match["a"]), small_int(match["b"]), UNITS[match["u"]]
    is_sure = match["piece"] or match["th"] or unit != "month" or first == 1
    if not (tied and is_sure) or first >= last:
        return None
    return BehaviourWord("nth", _up_to(first, last), unit)


def _list(match: re.Match[str], tied: bool) -> BehaviourWord | None:
    items = list(ITEM.finditer(match.group()))
    units = _units(items)
    if not units or not (tied or items[0]["next"]):
        return None
    if len(set(units)) > 1:
        return BehaviourWord("nth", (), "mixed") if tied else None
    numbers = tuple(1 if item["next"] else small_int(item["n"]) for item in items)
    is_sure = any(item["next"] or item["th"] or item["piece"] for item in items)
    if units[0] == "month" and not is_sure and len(items) == 1:
        return BehaviourWord("nth_or_month", numbers, units[0])
    if units[0] == "month" and not is_sure and numbers[0] != 1:
        return None
    return BehaviourWord("nth", tuple(sorted(set(numbers))), units[0])


def _units(items: Sequence[re.Match[str]]) -> list[str]:
    """The unit of each: one without takes that of the next; empty when the last has none."""
    found: list[str] = []
    for item in reversed(items):
        unit = item["next"] or item["u"]
        if unit is None and not found:
            return []
        found.append(UNITS[unit] if unit else found[-1])
    return found


def _up_to(first: int, last: int) -> tuple[int, ...]:
    return tuple(range(first, last + 1))
