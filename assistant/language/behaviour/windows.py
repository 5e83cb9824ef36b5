"""30天内, 窗口期7天: within how many days it must happen."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.language.behaviour.words import Said
from assistant.language.time.patterns import N, one_of, small_int
from assistant.language.tokens import BehaviourWord

DAYS = {
    "天": 1, "日": 1, "自然日": 1, "周": 7, "星期": 7, "礼拜": 7, "月": 30, "季度": 91, "年": 365,
}  # fmt: skip
HALVES = {"年": 182, "月": 15, "个月": 15}
UNIT = one_of([*DAYS, "工作日", "交易日", "小时", "分钟"])
NO_PERIOD = r"(?<![近去这本前])(?<!滚动)(?<!未来)(?<!最近)"
WITHIN = re.compile(
    rf"{NO_PERIOD}(?:(?P<n>{N})个?(?P<u>{UNIT})|半(?P<half>年|个?月))(?:之内|以内|内)(?!容)"
)
WINDOW = re.compile(
    rf"(?:转化)?窗口期?(?:为|是|取|:)?(?P<n>{N})个?(?P<u>{UNIT})(?:之?内)?"
    rf"|(?P<m>{N})个?(?P<v>{UNIT})的?(?:转化)?窗口期?"
)
SAME = re.compile(r"当(?:天|日|周|月|季|年)(?:就|内)?")


def find_windows(text: str) -> Iterator[Said]:
    """Every window; without a number of days where it is none: 当月, 5个工作日内."""
    for match in WITHIN.finditer(text):
        if half := match["half"]:
            word = BehaviourWord("window", (HALVES[half],), match.group())
        else:
            word = _window(match["n"], match["u"], match.group())
        yield Said(match.start(), match.end(), word)
    for match in WINDOW.finditer(text):
        word = _window(match["n"] or match["m"], match["u"] or match["v"], match.group())
        said = BehaviourWord("set_window", word.numbers, word.arg)
        yield Said(match.start(), match.end(), said)
    for match in SAME.finditer(text):
        yield Said(match.start(), match.end(), BehaviourWord("window"))


def _window(count: str, unit: str, said: str) -> BehaviourWord:
    """The words stay with it where days had to be taken for them: 三个月内."""
    number = small_int(count)
    if unit == "小时":
        return BehaviourWord("window", (number // 24,) if number % 24 == 0 else ())
    if unit not in DAYS:
        return BehaviourWord("window")
    return BehaviourWord("window", (number * DAYS[unit],), said if DAYS[unit] > 7 else "")
