"""Set phrases: 年初, 年末, 目前, 历年, YTD, 最近."""

from __future__ import annotations

import re
from dataclasses import replace

from assistant.language.time.frame import Frame
from assistant.language.time.patterns import one_of
from assistant.language.time.piece import Piece, of_span
from assistant.language.time.token import TimeOption
from semantic_layer.problem import Candidate, Problem
from semantic_layer.query import Edge, Everything, Latest, Part, Relative, Unit

_THIS_YEAR = Frame("year", Relative("year", 0))
_THIS_QUARTER = Frame("quarter", Relative("quarter", 0))
_THIS_MONTH = Frame("month", Relative("month", 0))


def fixed_at(text: str, pos: int) -> Piece | None:
    """The set phrase that begins here."""
    match = _PATTERN.match(text, pos) if text[pos] in FIXED_STARTS else None
    if match is None or _glued(text, match):
        return None
    piece = replace(_PHRASES[match.group()], end=match.end())
    if piece.side == "end" and piece.frame and _AHEAD.search(text, max(pos - 4, 0), pos):
        frame = replace(piece.frame, base=Relative(piece.frame.root, 0))
        return replace(piece, frame=frame)
    return piece


def _glued(text: str, match: re.Match[str]) -> bool:
    """Part of a longer Latin word, or of one of the words that begin alike."""
    before = text[match.start() - 1] if match.start() else ""
    after = text[match.end() : match.end() + 1]
    if match.group().isascii():
        return (before + after).isascii() and any(c.isalnum() for c in before + after)
    if before and before in _NOT_AFTER.get(match.group()[0], ""):
        return True
    if match.group()[-1] in "末底终初" and text.endswith(_EVERY, 0, match.start()):
        return True
    if match.group().endswith("累计") and text.endswith((*_EVERY, *_BY), 0, match.start()):
        return True
    return after in _NOT_BEFORE.get(match.group(), "") and bool(after)


def vague(word: str, *options: TimeOption) -> Piece:
    """An expression without a definite meaning: the asker chooses."""
    candidates = tuple(Candidate(option.label, option.label) for option in options)
    message = f"“{word}”没有明确的起止,请选择一个时间段。"
    problem = Problem("vague_term", message, "scope.period", word, candidates)
    return Piece(0, "vague", problem=problem, options=options)


def days(count: int) -> TimeOption:
    """近7天."""
    return TimeOption(f"近{count}天", (Relative("day", span=count, anchor="data"),))


def months(count: int) -> TimeOption:
    """近3个月, whole months."""
    return TimeOption(f"近{count}个月", (Relative("month", -1, span=count),))


def _to_date(unit: Unit) -> Piece:
    return of_span(0, Relative(unit, 0, to_date=True), "to_date")


def _point(frame: Frame, side: str, note: str | None = None) -> Piece:
    return Piece(0, "point", frame=frame, side="end" if side == "end" else "opening", note=note)


def _recently(word: str) -> Piece:
    return vague(word, days(7), days(30), months(3))


_SAME_END = Piece(0, "same_period", spans=(Latest(),))
_SAME_OPENING = Piece(
    0, "same_period", spans=(Edge(Relative("year", 0, to_date=True), "opening"),),
    note="“期初”按上年末理解",
)  # fmt: skip
_SEASONS = (
    TimeOption("今年一季度", (Relative("year", 0, within=(Part("quarter", 1),)),)),
    TimeOption("今年四季度", (Relative("year", 0, within=(Part("quarter", 4),)),)),
)
_LATEST = """
最新 当前 目前 现在 眼下 如今 现时 当下 最新时点 最近一个时点 最新一期 最近一期 最新数据日 最新日期
截至目前 截止目前 截至现在 截止现在 截至当前 截止当前 截至最新 截止最新 截至到目前 截止到目前
截止到现在 到目前为止 截至目前为止 迄今为止 至今为止
"""
_LATEST_UNITS: dict[Unit, str] = {
    "day": "最新完整天 最新一天 最新一日 最近完整日",
    "week": "最新完整周 最近完整周 最近一个完整周 最新一周",
    "xun": "最新完整旬 最新一旬",
    "month": "最新完整月 最近完整月 最近一个完整月 最新一个月 最新一月 最新月份 最新月",
    "quarter": "最新完整季度 最近完整季度 最近一个完整季度 最新一个季度 最新一季度 最新季度",
    "half": "最新完整半年",
    "year": "最新完整年 最近完整年 最近一个完整年 最近一个完整年度 最新年度 最新一年",
}
_EVERYTHING = """
有数据以来 有史以来 有记录以来 历史以来 成立以来 开业以来 一直以来 全部时间 所有时间 全部历史
整个历史 历史上 历史累计 全时段 全部期间
"""
_YEAR_TO_DATE = """
ytd 年初至今 年初以来 年初到现在 年初到今天 年初到目前 年初迄今 开年以来 开年至今 年内 今年内
今年ytd 本年ytd 今年开年以来 今年开年至今
年累计 年度累计 本年累计 今年累计 当年累计 本年度累计 全年累计 年初至今累计
"""
_QUARTER_TO_DATE = "qtd 季初至今 季初以来 季内 季累计 季度累计 本季累计 本季度累计"
_MONTH_TO_DATE = "mtd 月初至今 月初以来 月初到现在 月初到今天 月内 月累计 本月累计 当月累计"
_GROUPS: tuple[tuple[str, Piece], ...] = (
    ("年初 今年年初 今年初 本年初 本年年初 当年年初", _point(_THIS_YEAR, "opening")),
    ("月初 本月初 当月初 本月月初", _point(_THIS_MONTH, "opening")),
    ("季初 季度初 本季初 本季度初", _point(_THIS_QUARTER, "opening")),
    ("年末 年底 年终 岁末", _point(Frame("year"), "end")),
    ("月末 月底", _point(Frame("month"), "end")),
    ("季末 季度末 季底 季度底", _point(Frame("quarter"), "end")),
    ("半年末 半年底 半年度末", _point(Frame("half"), "end")),
    ("年中", _point(Frame("year").inside(Part("half", 1)), "end")),
    ("上半月 上半个月 前半月 前半个月", Piece(0, frame=Frame("month"), side="early")),
    ("下半月 下半个月 后半月 后半个月", Piece(0, frame=Frame("month"), side="late")),
    ("期末", _SAME_END),
    ("期初", _SAME_OPENING),
    (_LATEST, of_span(0, Latest(), "point")),
    *((words, of_span(0, Latest(unit))) for unit, words in _LATEST_UNITS.items()),
    ("历年 历年来", Piece(0, spans=(Everything(),), grain="year")),
    (_EVERYTHING, of_span(0, Everything())),
    (_YEAR_TO_DATE, _to_date("year")),
    (_QUARTER_TO_DATE, _to_date("quarter")),
    (_MONTH_TO_DATE, _to_date("month")),
    ("wtd", _to_date("week")),
    ("全年 整年", Piece(0, frame=_THIS_YEAR)),
    ("旺季", vague("旺季", *_SEASONS)),
)
_VAGUE = (
    "最近 近期 近来 近日 最近一段时间 近段时间 近一段时间 这段时间 这阵子 前段时间 前一段时间 "
    "前阵子 前一阵 前些天 前些日子 这些天 这段日子 最近这段时间 不久前 "
    "过去一段时间 一段时间以来 近年来 近些年 近年 往年 这些年 前些年"
)
_YEARS = (
    TimeOption("近3年", (Relative("month", -1, span=36),)),
    TimeOption("近5年", (Relative("month", -1, span=60),)),
)
_PHRASES: dict[str, Piece] = {
    **{word: piece for words, piece in _GROUPS for word in words.split()},
    **{word: vague(word, *_YEARS) if "年" in word else _recently(word) for word in _VAGUE.split()},
}
_COUNTS = "0123456789一二两三四五六七八九十个半几"
_NOT_AFTER = {
    "年": _COUNTS, "月": f"{_COUNTS}正腊", "半": f"{_COUNTS}上下前后近去",
    "上": "年季度内月的", "下": "年季度内月的", "前": "年季度内月的", "后": "年季度内月的",
    "季": _COUNTS, "期": f"{_COUNTS}定活分长短", "全": "安健齐",
    "现": "实体兑", "目": "项题数科", "近": "临附接靠将",
}  # fmt: skip
"""期限3年|内, 项|目前, 安|全年: the phrase is cut out of other words."""
_EVERY = ("每", "各", "每个", "各个", "逐", "每年", "每月", "每季", "每季度", "各年", "历年")
"""每季末 are many points, a grain."""
_BY = ("按", "按照", "分")
"""按月|累计 are buckets that add up, not the month to date."""
_NOT_BEFORE = {
    "最近": "0123456789一二三四五六七八九十两半几多数若这", "年内": "部", "月内": "部",
    "季内": "部", "年中": "国", "最新": "鲜", "年终": "奖端", "月初": "始次", "年初": "始次",
    "全年": "龄", "期末": "考", "近日": "均",
}  # fmt: skip
_AHEAD = re.compile(
    "(?:预计|预测|预估|估计|推算|测算|预期|有望|(?<!截)(?<!截[至止])到|距|离|(?<!截)至)$"
)
"""预计年底 looks forward: the end of this year, not of the last."""
_PATTERN = re.compile(one_of(_PHRASES))
FIXED_STARTS = frozenset(phrase[0] for phrase in _PHRASES)
