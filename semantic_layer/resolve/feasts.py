"""What a reader must know about days off: other lengths, two feasts in one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from semantic_layer.calendar import Calendar
from semantic_layer.calendars.feasts import OFFICIAL, feast_name
from semantic_layer.query import Holiday, Latest, Period, Relative
from semantic_layer.resolve.labels import range_label
from semantic_layer.resolve.periods import Resolved
from semantic_layer.resolve.units import Days
from semantic_layer.resolved import ResolvedSpan

CODE = "feast_length"
GUESSED = "guessed_calendar"
_COUNTED_DAYS = ("workday", "trading_day")


def guessed_warnings(
    period: Period, spans: tuple[Resolved, ...], calendar: Calendar
) -> Iterator[tuple[str, str]]:
    """Days off of years for which none were announced: they are only worked out."""
    for span, resolved in zip(period.spans, spans, strict=True):
        counted = isinstance(span, Relative | Latest) and span.unit in _COUNTED_DAYS
        if isinstance(span, Relative):
            counted = counted or any(part.unit in _COUNTED_DAYS for part in span.within)
        on_holiday = resolved.raw is not None and resolved.raw.feast is not None
        if counted or on_holiday or period.days is not None:
            yield from _guessed(Days(resolved.span.first_day, resolved.span.end), calendar)


def _guessed(days: Days, calendar: Calendar) -> Iterator[tuple[str, str]]:
    for year in range(days.start.year, days.end.year + 1):
        if not calendar.is_certain(year):
            text = f"{year}年的放假安排没有官方日期,节假日、工作日和交易日是推算的,可能与实际不符。"
            yield GUESSED, text


def feast_warnings(spans: tuple[Resolved, ...], calendar: Calendar) -> Iterator[tuple[str, str]]:
    """Feasts side by side of different length, and those that another one shares."""
    feasts = [(feast, _whole(resolved.span)) for resolved in spans if (feast := _feast(resolved))]
    yield from _unequal([days for _, days in feasts])
    for feast, days in feasts:
        yield from _merged(feast.name, days, calendar)


def base_warnings(
    resolved: Resolved, base: ResolvedSpan, calendar: Calendar
) -> Iterator[tuple[str, str]]:
    """A feast compared with one of another length, or with one that another shares."""
    feast = _feast(resolved)
    if feast is None or base.is_point:
        return
    days = Days(base.start, base.end)
    yield from _guessed(days, calendar)
    yield from _unequal([_whole(resolved.span), days])
    yield from _merged(feast.name, days, calendar)


def _feast(resolved: Resolved) -> Holiday | None:
    feast = resolved.raw.feast if resolved.raw is not None else None
    return feast if feast is not None and feast.side == "during" else None


def _whole(span: ResolvedSpan) -> Days:
    return Days(span.first_day, span.natural_end or span.end)


def _unequal(spans: Iterable[Days]) -> Iterator[tuple[str, str]]:
    found = list(spans)
    if len({days.length for days in found}) > 1:
        lengths = ",".join(f"{range_label(days)}共{days.length}天" for days in found)
        yield CODE, f"假期天数不同,合计不宜直接比较:{lengths}。"


def _merged(name: str, days: Days, calendar: Calendar) -> Iterator[tuple[str, str]]:
    own = feast_name(name)
    for other in OFFICIAL:
        if other != own and calendar.feast(other, days.start.year) == tuple(days):
            text = f"{range_label(days)}是{own}与{other}的连休,共{days.length}天,分不开。"
            yield CODE, text
