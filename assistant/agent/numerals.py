"""Numbers as sentences write them, held against the cells of results: 1.35亿元, -0.29%, 1,204户.

>>> [numeral_of(found).text for found in NUMBER.finditer("增加1,204.5万元(0.29%)")]
['1,204.5万元', '0.29%']
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from assistant.agent.directions import FALLS
from assistant.explain.numbers import currency_of, display_of, is_change, unit_of
from semantic_layer.result import Cell, Column

SCALES = {"亿": Decimal(10) ** 8, "万": Decimal(10) ** 4, "": Decimal(1)}
NUMBER = re.compile(
    r"(?P<sign>[+\-−])?(?P<digits>\d[\d,]*(?:\.\d+)?)\s*(?P<scale>万亿|亿|万)?"
    r"(?P<unit>个百分点|百分点|%|‱|人民币|美元|欧元|港元|英镑|日元|元|户|笔|张|件|个|次|人|家|台|单|倍|天|分|名)?"
)
CLOSE = Decimal("0.005")
"""A rounding to fewer places than answers show is believed up to here."""


@dataclass(frozen=True, slots=True)
class Numeral:
    """One number of a sentence."""

    text: str
    value: Decimal
    """Without its sign, in the unit written."""
    sign: str
    scale: str
    unit: str
    decimals: int

    def shows(self, cell: Cell, column: Column, direction: str) -> bool:
        """Whether the cell may be written like this, rising or falling as the words say."""
        exact = Decimal(str(cell))
        return self._is_signed_like(exact, column, direction) and self._is_rounded_from(
            abs(exact), column
        )

    def _is_signed_like(self, exact: Decimal, column: Column, direction: str) -> bool:
        if not is_change(column):
            return (self.sign == "-") == (exact < 0)
        if direction:
            return not self.sign and (exact < 0) == (direction in FALLS)
        return (self.sign == "-") == (exact < 0)

    def _is_rounded_from(self, exact: Decimal, column: Column) -> bool:
        divide_by = self._divisor(column)
        if divide_by is None:
            return False
        shown = exact / divide_by
        if shown.quantize(Decimal(1).scaleb(-self.decimals), rounding=ROUND_HALF_UP) != self.value:
            return False
        own = display_of(column, (exact,))
        is_shown_so = own.divide_by == divide_by and self.decimals >= own.decimals
        return is_shown_so or abs(shown - self.value) <= CLOSE * shown

    def _divisor(self, column: Column) -> Decimal | None:
        """What the cell is divided by to be written in this unit; None: it never is."""
        own = display_of(column, ())
        if own.unit in ("%", "‱", "个百分点"):
            same = self.unit.removeprefix("个") == own.unit.removeprefix("个")
            return own.divide_by if same and not self.scale else None
        if self.scale not in SCALES:
            return None
        currency = currency_of(unit_of(column))
        unit = currency if currency is not None else own.unit
        return SCALES[self.scale] if self.unit in (unit, "") else None


def numeral_of(found: re.Match[str]) -> Numeral:
    """The number that was found."""
    digits = found["digits"].rstrip(",").replace(",", "")
    return Numeral(
        found.group(),
        Decimal(digits),
        "-" if found["sign"] in ("-", "−") else found["sign"] or "",
        found["scale"] or "",
        found["unit"] or "",
        len(digits.partition(".")[2]),
    )
