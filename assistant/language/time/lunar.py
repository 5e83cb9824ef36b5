"""Solar dates of the lunar feasts; official days off are the calendar's business."""

from __future__ import annotations

from datetime import date

_NEW_YEAR = """
2010 0214 2011 0203 2012 0123 2013 0210 2014 0131 2015 0219 2016 0208 2017 0128 2018 0216
2019 0205 2020 0125 2021 0212 2022 0201 2023 0122 2024 0210 2025 0129 2026 0217 2027 0206
2028 0126 2029 0213 2030 0203 2031 0123 2032 0211 2033 0131 2034 0219 2035 0208
"""
_DRAGON_BOAT = """
2010 0616 2011 0606 2012 0623 2013 0612 2014 0602 2015 0620 2016 0609 2017 0530 2018 0618
2019 0607 2020 0625 2021 0614 2022 0603 2023 0622 2024 0610 2025 0531 2026 0619 2027 0609
2028 0528 2029 0616 2030 0605 2031 0624 2032 0612 2033 0601 2034 0620 2035 0610
"""
_MID_AUTUMN = """
2010 0922 2011 0912 2012 0930 2013 0919 2014 0908 2015 0927 2016 0915 2017 1004 2018 0924
2019 0913 2020 1001 2021 0921 2022 0910 2023 0929 2024 0917 2025 1006 2026 0925 2027 0915
2028 1003 2029 0922 2030 0912 2031 1001 2032 0919 2033 0908 2034 0927 2035 0916
"""


def _table(text: str) -> dict[int, tuple[int, int]]:
    words = text.split()
    return {
        int(year): (int(day[:2]), int(day[2:]))
        for year, day in zip(words[::2], words[1::2], strict=True)
    }


_LUNAR = {
    "春节": _table(_NEW_YEAR), "端午": _table(_DRAGON_BOAT), "中秋": _table(_MID_AUTUMN),
}  # fmt: skip
_SOLAR = {
    "元旦": (1, 1), "清明": (4, 4), "劳动节": (5, 1), "国庆": (10, 1), "双十一": (11, 11),
    "618": (6, 18), "双十二": (12, 12),
}  # fmt: skip
_EARLIEST = {"春节": (1, 21), "端午": (5, 28), "中秋": (9, 8)}


def feast_day(name: str, year: int) -> date:
    """The feast's own day; beyond the table the earliest that it can be.

    >>> feast_day("春节", 2026)
    datetime.date(2026, 2, 17)
    """
    month, day = _SOLAR.get(name) or _LUNAR[name].get(year, _EARLIEST[name])
    return date(year, month, day)
