"""大额存单客户, 基金持有客户, 理财持有率: who holds something, told by the noun alone."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.language.deeds.deed import Deed, Found, Thing
from assistant.language.deeds.table import Deeds

HOLDING = re.compile(r"的?持有(?=的?(?:客户|用户|人)(?!经理)|率)")
PEOPLE = re.compile(
    r"(?=的?(?:客户|用户)(?!经理|等级|层级|类型|资产|收入|利润)(?P<whose>的[^人户]{2})?)"
)
RATE = "率"
HELD_BY_WORDS = re.compile(r"(?:有|没|无|持有|拥有|和|、|及|与|或|过|了|买|没有)$")
"""没有贷款的客户: the verb in front tells it already."""


def held_by(text: str, start: int, deeds: Deeds) -> Iterator[Found]:
    """Who has it now; where that has a governed doubt, or a card is no balance, it is asked."""
    known = deeds.held_at(text, start)
    if known is None or HELD_BY_WORDS.search(text, 0, start):
        return
    thing, end = known
    word = text[start:end]
    if holding := HOLDING.match(text, end):
        yield Found(start, holding.end(), Deed((thing,)))
        return
    people = PEOPLE.match(text, end)
    if people is None or (word in deeds.counted and not people["whose"]):
        return
    yield Found(start, end, _taken(word, thing, deeds))


def rates(text: str, found: tuple[Found, ...]) -> Iterator[int]:
    """Where the 率 of 理财持有率 stands."""
    for one in found:
        if text.startswith(RATE, one.end) and text.endswith("持有", one.start, one.end):
            yield one.end


def _taken(word: str, thing: Thing, deeds: Deeds) -> Deed:
    said = f"“{word}客户”按期末有{word}{'' if word in deeds.owned else '余额'}的客户理解"
    if word in deeds.doubtful or word in deeds.owned:
        return Deed((thing,), asked=f"{said},请确认。")
    return Deed((thing,), said=said)
