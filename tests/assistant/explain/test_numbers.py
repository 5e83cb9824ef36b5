"""How values are printed (CONVENTIONS 26-32)."""

from __future__ import annotations

from decimal import Decimal

import pytest

from assistant.explain.numbers import display_of
from semantic_layer.model import Format
from semantic_layer.result import Cell, Column


def column(unit: str, show: str = "value", scale: str | None = None) -> Column:
    format_ = Format("currency", scale, 2) if scale else None
    return Column("x", "某指标", "metric", unit=unit, show=show, format=format_)  # type: ignore[arg-type]


SHOWN: list[tuple[str, str, Cell, str]] = [
    ("CNY", "value", Decimal("123456000000.00"), "1,234.56亿元"),
    ("CNY", "value", Decimal("12345.00"), "1.23万元"),
    ("CNY", "value", Decimal("999.50"), "999.50元"),
    ("CNY", "value", Decimal("-123000000.00"), "-1.23亿元"),
    ("户", "value", 12346, "12,346户"),
    ("户", "value", 2.5, "2.50户"),
    ("percent", "value", 0.0123, "1.23%"),
    ("percent", "value", Decimal("0.000050"), "0.01%"),
    ("percent", "pp", 0.0005, "0.05个百分点"),
    ("permyriad", "pp", -0.0000029, "-0.03个基点"),
    ("CNY", "rate", 0.0821, "8.21%"),
    ("permyriad", "value", 0.00025, "2.50‱"),
    ("times", "value", 1.5, "1.50倍"),
    ("天", "value", 2.34, "2.3天"),
    ("CNY", "value", None, "—"),
    ("CNY", "value", float("nan"), "nan"),
    ("户", "value", 0, "0户"),
    ("USD", "value", Decimal("25000.00"), "2.50万美元"),
    ("CZK", "value", Decimal("204304091.00"), "2.04亿CZK"),
]


@pytest.mark.parametrize(("unit", "show", "value", "text"), SHOWN)
def test_value_is_printed_with_its_unit(unit: str, show: str, value: Cell, text: str) -> None:
    assert display_of(column(unit, show), [value]).text(value) == text


def test_one_column_has_one_unit() -> None:
    values = [Decimal(250_000_000), Decimal(30_000), Decimal(0)]
    display = display_of(column("CNY"), values)
    assert [display.text(v) for v in values] == ["2.50亿元", "0.00亿元", "0.00亿元"]


def test_definition_may_fix_the_scale() -> None:
    display = display_of(column("CNY", scale="万元"), [Decimal(250_000_000)])
    assert display.text(Decimal(250_000_000)) == "25,000.00万元"


def test_half_is_rounded_up_and_never_printed_as_minus_zero() -> None:
    display = display_of(column("percent"), [0.00005])
    assert display.number(0.00005) == "0.01"
    assert display.number(-0.000001) == "0.00"
