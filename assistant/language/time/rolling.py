"""Windows that end now: 近7天, 过去12个月, 最近半年, 30天内, 未来三个月, 近几天."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from assistant.language.time.fixed import days, months, vague
from assistant.language.time.hours import no_hours
from assistant.language.time.patterns import UNIT_WORDS, N, one_of, small_int
from assistant.language.time.piece import Piece, of_span
from assistant.language.time.token import TimeOption
from semantic_layer.problem import Candidate, Problem
from semantic_layer.query import Grain, Part, Relative, Span, Unit

_UNIT = one_of([*UNIT_WORDS, "年半", "小时", "个小时", "分钟", "个半月", "半月", "个半年"])
_LEAD = r"(?P<lead>最近|过去|近|滚动|之前|往前|前|上|未来|今后|接下来|往后|这|后续)(?:的|这)?"
_ONE_OR_NEXT = "[一二两三四五六七八][二三四五六七八九]"
_PAIR = re.compile(_ONE_OR_NEXT)
_AROUND = re.compile(
    rf"{_LEAD}(?P<n>{N}|半|一百|百|几|多|数|若干|好几|{_ONE_OR_NEXT})(?P<unit>{_UNIT})(?:以内|之内|内|以来|来(?!源|自|电|访)|里|间(?!隔))?"
)
_WITHIN = re.compile(
    rf"(?P<n>{N}|半)(?P<unit>{_UNIT})(?:以内|之内|内)(?!部|含|容|外|的?逾期)"
    "(?P<due>(?=的?将?到期|即将))?"
)
_NOT_AFTER = {
    "近": "附接将靠最", "上": "以线网掌之", "前": "以目当之日提往最名排", "后": "今往", "过": "超",
}  # fmt: skip
_END = re.compile("(?:年|月|季度?)?[末底](?![端梢层部线])")
_END_GRAINS: dict[Unit, Grain] = {"month": "month", "quarter": "quarter", "year": "year"}
_SAID = {"month": "月", "quarter": "季度", "year": "年"}
_TERM_BEFORE = re.compile(
    "(?:逾期|期限|账龄|库龄|剩余|天数|时长|司龄|超过|小于|大于|不足|开户|注册|激活|首购"
    "|入职|办卡|发卡|放款|签约|投保)$"
)
_DAY_UNITS: tuple[Unit, ...] = ("day", "workday", "trading_day")
_HALVES: dict[str, tuple[Unit, int]] = {"年": ("month", 6), "月": ("day", 15)}
_COUNTED_AS: dict[Unit, Unit] = {"week": "day", "year": "month", "half": "month"}
_SIZES: dict[Unit, int] = {"week": 7, "year": 12, "half": 6}
_FUTURE = frozenset({"未来", "今后", "接下来", "往后", "后续"})


def rolling_at(text: str, pos: int, as_of: date) -> Iterator[Piece]:
    """Windows that begin here."""
    if text[pos] in _AROUND_STARTS:
        match = _AROUND.match(text, pos)
        before = text[pos - 1] if pos else ""
        if match and not (before and before in _NOT_AFTER.get(text[pos], "")):
            yield from _around(match, as_of)
            yield from _ends(match, as_of)
    elif text[pos] in _WITHIN_STARTS and (not pos or text[pos - 1] not in _NOT_BEFORE_WITHIN):
        match = _WITHIN.match(text, pos)
        if match and not _TERM_BEFORE.search(text, max(pos - 4, 0), pos):
            yield from _window(match, -1 if match["due"] is None else 1)


def widened(span: Span, grain: Grain) -> Span:
    """A rolling window that is shown in buckets counts whole buckets: 近四周每周, 近三年每年."""
    if not isinstance(span, Relative) or span.within or span.to_date:
        return span
    if grain == "week" and span.unit == "day" and span.span % 7 == 0 and span.anchor == "data":
        return Relative("week", -1, span=span.span // 7)
    size = {"quarter": 3, "half": 6, "year": 12}.get(grain, 0)
    if size and span.unit == "month" and span.offset == -1 and span.span % size == 0:
        return Relative(grain, -1, span=span.span // size)  # type: ignore[arg-type]
    return span


def widened_note(text: str, spans: tuple[Span, ...], grain: Grain, note: str | None) -> str | None:
    """What the buckets made of the window: two whole years, not 24 months."""
    span = spans[0]
    if len(spans) > 1 or not isinstance(span, Relative) or span.unit == "month":
        return note
    counted = {"year": ("年", "本年"), "half": ("半年", "本半年"), "quarter": ("季度", "本季")}
    if span.unit != grain or grain not in counted or span.offset != -1:
        return note
    unit, now = counted[grain]
    return f"“{text}”按{span.span}个完整{unit}计,不含{now}"


def _ends(match: re.Match[str], as_of: date) -> Iterator[Piece]:
    """近四个季度末: the last day of each of them."""
    end = _END.match(match.string, match.end())
    for piece in _around(match, as_of) if end else ():
        span = piece.spans[0] if piece.spans else None
        grain = _END_GRAINS.get(UNIT_WORDS.get(match["unit"], "day"))
        if end and grain and isinstance(span, Relative) and span.offset < 0 and match["n"] != "半":
            size = 12 if (grain, span.unit) == ("year", "month") else 1
            whole = Relative(grain, -1, span=span.span // size)  # type: ignore[arg-type]
            note = f"“{match.group()}{end.group()}”按{span.span // size}个完整{_SAID[grain]}计"
            yield replace(piece, end=end.end(), spans=(whole,), grain=grain, note=note)


def _around(match: re.Match[str], as_of: date) -> Iterator[Piece]:
    lead, count = match["lead"], match["n"]
    if count in ("几", "多", "数", "若干", "好几") or _PAIR.fullmatch(count):
        if lead != "上":
            yield _some(match)
    elif lead in ("前", "上"):
        yield from _previous(match, as_of) if count != "半" else ()
    elif lead == "这":
        if count not in ("一", "1"):
            yield from _window(match, -1)
    else:
        yield from _window(match, 1 if lead in _FUTURE else -1)


def _window(match: re.Match[str], sign: int) -> Iterator[Piece]:
    word, unit = match["n"], match["unit"].removeprefix("个")
    if unit in ("小时", "分钟"):
        yield no_hours(match.end(), match.group())
        return
    length = _HALVES.get(unit) if word == "半" else _length(_number(word), unit)
    if length is None or not length[1]:
        return
    span = _ending_now(*length) if sign < 0 else Relative(length[0], length[1], span=length[1])
    note = _whole_note(match.group(), span) if sign < 0 else None
    yield Piece(match.end(), "rolling", spans=(span,), note=note)


def _number(word: str) -> int:
    return 100 if word in ("百", "一百") else small_int(word)


def _length(count: int, unit: str) -> tuple[Unit, int] | None:
    """Weeks are counted in days, years and half years in whole months."""
    if unit == "年半":
        return "month", count * 12 + 6
    if unit not in UNIT_WORDS:
        return None
    base = UNIT_WORDS[unit]
    return _COUNTED_AS.get(base, base), count * _SIZES.get(base, 1)


def _ending_now(unit: Unit, count: int) -> Relative:
    if unit in _DAY_UNITS:
        return Relative(unit, span=count, anchor="data")
    return Relative(unit, -1, span=count)


def _whole_note(text: str, span: Relative) -> str | None:
    if span.unit == "month":
        return f"“{text}”按{span.span}个完整月计,不含本月"
    if span.unit == "quarter":
        return f"“{text}”按{span.span}个完整季度计,不含本季"
    return None


def _previous(match: re.Match[str], as_of: date) -> Iterator[Piece]:
    """前两个月 is the two before this one, or January and February."""
    unit = UNIT_WORDS.get(match["unit"])
    if unit is None:
        return
    count = _number(match["n"])
    if count < 2 or (match["lead"] == "前" and unit == "quarter"):
        return
    if unit in _DAY_UNITS:
        note = f"“{match.group()}”按截至数据日的近{count}天理解" if unit == "day" else None
        yield of_span(match.end(), _ending_now(unit, count), "rolling", note)
        return
    before = Relative(unit, -1, span=count)
    if match["lead"] == "前" and unit == "month" and match["unit"] != "月" and count <= 12:
        if count == as_of.month - 1:
            yield of_span(match.end(), before, "rolling")
        else:
            yield _before_or_first(match, before, count)
    elif match["lead"] == "上" or match["unit"] != "月":
        yield of_span(match.end(), before, "rolling")


def _before_or_first(match: re.Match[str], before: Relative, count: int) -> Piece:
    first = Relative("year", 0, within=(Part("month", 1, count),))
    last = "1月" if count == 1 else f"1—{count}月"
    options = (TimeOption(f"近{count}个月", (before,)), TimeOption(f"今年{last}", (first,)))
    text = match.group()
    problem = Problem(
        "ambiguous_time", f"“{text}”可以指最近{count}个完整月,也可以指今年{last},请选择。",
        "scope.period", text, tuple(Candidate(o.label, o.label) for o in options),
    )  # fmt: skip
    return Piece(match.end(), "vague", problem=problem, options=options)


def _some(match: re.Match[str]) -> Piece:
    unit = match["unit"].removeprefix("个")
    options = {
        "天": (days(3), days(7)), "日": (days(3), days(7)), "周": (days(14), days(28)),
        "星期": (days(14), days(28)), "月": (months(3), months(6)),
        "年": (TimeOption("近3年", (Relative("month", -1, span=36),)),
               TimeOption("近5年", (Relative("month", -1, span=60),))),
        "季度": (TimeOption("近2个季度", (Relative("quarter", -1, span=2),)),
                 TimeOption("近4个季度", (Relative("quarter", -1, span=4),))),
    }.get(unit, (days(7), days(30)))  # fmt: skip
    piece = vague(match.group(), *options)
    return Piece(match.end(), "vague", problem=piece.problem, options=piece.options)


_AROUND_STARTS = frozenset("最过近滚之往前上未今后接这")
_NOT_BEFORE_WITHIN = frozenset("0123456789一二两三四五六七八九十半后起第每")
"""首购后30天内 counts from an event, not from today."""
_WITHIN_STARTS = frozenset("0123456789一二两三四五六七八九十半")
ROLLING_STARTS = _AROUND_STARTS | _WITHIN_STARTS
