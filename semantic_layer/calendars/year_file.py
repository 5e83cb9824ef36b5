"""A project's own days off, for years the built-in calendar does not know yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from semantic_layer.calendars.feasts import OFFICIAL, feast_name


class CalendarFileError(ValueError):
    """The file cannot be read; the text is one Chinese sentence."""


@dataclass(frozen=True)
class YearPlan:
    """Days off by feast, and the weekend days that are worked instead."""

    feasts: Mapping[str, tuple[date, date]]
    workdays: frozenset[date]

    @cached_property
    def days_off(self) -> frozenset[date]:
        """Every day off of every feast."""
        return frozenset(
            first + timedelta(days=n)
            for first, last in self.feasts.values()
            for n in range((last - first).days + 1)
        )

    def is_workday(self, day: date) -> bool:
        """Make-up workdays included."""
        return day in self.workdays or (day.weekday() < 5 and day not in self.days_off)


class _Year(BaseModel):
    model_config = ConfigDict(extra="forbid")

    feasts: dict[str, tuple[date, date]]
    workdays: list[date] = []


class _Years(BaseModel):
    model_config = ConfigDict(extra="forbid")

    years: dict[int, _Year]


def read_years(path: Path) -> Mapping[int, YearPlan]:
    """The years of a file such as

    ```yaml
    years:
      2027:
        feasts: {元旦: [2027-01-01, 2027-01-03], 春节: [2027-02-05, 2027-02-12]}
        workdays: [2027-02-14, 2027-02-20]
    ```
    """
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
        years = _Years.model_validate(content).years
    except FileNotFoundError as error:
        raise CalendarFileError(f"找不到日历文件 {path},请核对路径") from error
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise CalendarFileError(f"日历文件 {path} 读不懂,请核对 YAML 的写法") from error
    except ValidationError as error:
        place = ".".join(str(part) for part in error.errors()[0]["loc"]) or "最外层"
        raise CalendarFileError(
            f"日历文件 {path} 的 {place} 写得不对,每年写 feasts(节日: [首日, 末日])和 workdays"
        ) from error
    return MappingProxyType({year: _plan(path, year, given) for year, given in years.items()})


def _plan(path: Path, year: int, given: _Year) -> YearPlan:
    feasts = {_official(path, word): days for word, days in given.feasts.items()}
    for name, (first, last) in feasts.items():
        if last < first:
            raise CalendarFileError(f"日历文件 {path} 里{year}年{name}的末日早于首日,请改正")
    return YearPlan(MappingProxyType(feasts), frozenset(given.workdays))


def _official(path: Path, word: Any) -> str:
    name = feast_name(str(word))
    if name not in OFFICIAL:
        raise CalendarFileError(
            f"日历文件 {path} 里的节日“{word}”没有法定假期,可用:{'、'.join(OFFICIAL)}"
        )
    return name
