"""How a value is shown: 亿元 and 万元, 百分点, 笔, with one unit per column.

Values stay in base units everywhere else; only what is printed is scaled and rounded
(half up). Conventions: money ≥ 1亿 in 亿元, ≥ 1万 in 万元, two decimals; counts whole.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from semantic_layer.result import Cell, Column

MISSING = "—"
_MONEY = {
    "CNY": "元",
    "元": "元",
    "人民币": "元",
    "USD": "美元",
    "EUR": "欧元",
    "HKD": "港元",
    "GBP": "英镑",
    "JPY": "日元",
}
"""Currency code → what it is called; other codes of three capitals stand for themselves."""
_WHOLE = {"户", "笔", "张", "件", "个", "次", "人", "家", "台", "单"}
_FRACTIONS = {
    "percent": (Decimal("0.01"), "%", 2),
    "%": (Decimal("0.01"), "%", 2),
    "permyriad": (Decimal("0.0001"), "‱", 2),
    "‱": (Decimal("0.0001"), "‱", 2),
    "pp": (Decimal("0.01"), "个百分点", 2),
    "bp": (Decimal("0.0001"), "个基点", 2),
    "times": (Decimal(1), "倍", 2),
    "倍": (Decimal(1), "倍", 2),
    "天": (Decimal(1), "天", 1),
    "days": (Decimal(1), "天", 1),
    "分": (Decimal(1), "分", 1),
}
PERMYRIAD = ("permyriad", "‱")
"""Of such a rate 0.03 is a change that 百分点 would not show."""
_MONEY_SCALES = {"亿": Decimal(10) ** 8, "万": Decimal(10) ** 4, "": Decimal(1)}


@dataclass(frozen=True, slots=True)
class Display:
    """Scale, unit and decimals that one column is shown with."""

    divide_by: Decimal
    unit: str
    decimals: int
    is_fraction: bool = False

    def text(self, value: Cell, signed: bool = False) -> str:
        """The value with its unit: 1,234.56亿元, 8.21%, 12,346户."""
        return self.number(value, signed) + (self.unit if is_number(value) else "")

    def number(self, value: Cell, signed: bool = False) -> str:
        """The value without unit: 1,234.56; — when there is none."""
        if not is_number(value):
            return MISSING if value is None else str(value)
        rounded = self.rounded(value)
        sign = "+" if signed and rounded > 0 else ""
        return f"{sign}{rounded:,f}"

    def rounded(self, value: Cell) -> Decimal:
        """The number as it is printed."""
        exact = Decimal(str(value)) / self.divide_by
        step = Decimal(1).scaleb(-self.decimals)
        rounded = exact.quantize(step, rounding=ROUND_HALF_UP)
        return abs(rounded) if rounded == 0 else rounded

    def is_flat(self, value: Cell) -> bool:
        """A change that is printed as zero: 持平."""
        return is_number(value) and self.rounded(value) == 0


def is_number(value: Cell) -> bool:
    """A finite number, not a flag."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return False
    try:
        return Decimal(str(value)).is_finite()
    except InvalidOperation:
        return False


def display_of(column: Column, values: Iterable[Cell]) -> Display:
    """One display for all values of a column."""
    unit = unit_of(column)
    if unit in _FRACTIONS:
        scale, suffix, decimals = _FRACTIONS[unit]
        return Display(scale, suffix, _decimals(column, decimals), scale != 1)
    currency = currency_of(unit)
    if currency is not None:
        return _money(column, currency, values)
    numbers = [Decimal(str(v)) for v in values if is_number(v)]
    whole = all(n == n.to_integral_value() for n in numbers)
    decimals = 0 if unit in _WHOLE and whole else (0 if whole else 2)
    return Display(Decimal(1), unit or "", _decimals(column, decimals))


def unit_of(column: Column) -> str | None:
    """The unit of what a column shows: a rate of change is a percentage, whatever changed."""
    if column.show == "share" and column.base is not None:
        return "pp"
    if column.show in ("rate", "share"):
        return "percent"
    if column.show == "pp":
        return "bp" if column.unit in PERMYRIAD else "pp"
    if column.show == "rank":
        return "名"
    return column.unit


def cell_text(value: Cell, column: Column, display: Display) -> str:
    """A table cell without unit, dimension members and dates included."""
    if column.kind == "dimension":
        return "未知" if value is None else str(value)
    if column.kind == "time":
        return str(value) if not isinstance(value, date) else value.isoformat()
    return display.number(value, signed=is_change(column))


def is_change(column: Column) -> bool:
    """Whether a column shows how much something rose or fell: its numbers have a sign."""
    if column.base == "target" and column.show == "rate":
        return False
    return column.show in ("diff", "rate", "pp") or (
        column.show == "share" and column.base is not None
    )


def currency_of(unit: str | None) -> str | None:
    """What a currency is called; None when the unit is no money."""
    if unit in _MONEY:
        return _MONEY[unit]
    is_code = unit is not None and len(unit) == 3 and unit.isascii() and unit.isupper()
    return unit if is_code else None


def _money(column: Column, currency: str, values: Iterable[Cell]) -> Display:
    declared = column.format.scale if column.format else None
    scale = declared.removesuffix("元") if declared else None
    if scale not in _MONEY_SCALES:
        largest = max((abs(Decimal(str(v))) for v in values if is_number(v)), default=Decimal(0))
        scale = "亿" if largest >= 10**8 else "万" if largest >= 10**4 else ""
    return Display(_MONEY_SCALES[scale], f"{scale}{currency}", _decimals(column, 2))


def _decimals(column: Column, default: int) -> int:
    wished = column.format.decimals if column.format and column.show == "value" else None
    return default if wished is None else wished
