"""Big numbers and what is said beside them."""

from __future__ import annotations

from decimal import Decimal

from semantic_layer.result import Column
from tests.ui.page.written_answers import DEPOSIT, NEW, NPL, bars, single
from ui.page.number_card import Change, number_cards, number_cards_html


def compared(metric: Column, show: str, direction: str = "up_is_good") -> Column:
    return Column(
        f"{metric.id}.ytd_open.{show}", "较年初", "comparison", unit=metric.unit,
        metric=metric.id, show=show, base="ytd_open", direction=direction,
    )  # fmt: skip


def test_a_number_shows_its_unit_period_and_change():
    diff, rate = compared(DEPOSIT, "diff"), compared(DEPOSIT, "rate")
    answer = single(DEPOSIT, Decimal(123456000000), (diff, Decimal(1230000000)), (rate, 0.0101))
    (card,) = number_cards(answer)
    assert (card.name, card.number, card.unit, card.period) == (
        "存款余额", "1,234.56", "亿元", "2026年10月末",
    )  # fmt: skip
    assert card.changes == (Change("较年初", "2025年末", "▲", "+12.30亿元(+1.01%)", "good"),)


def test_a_falling_bad_rate_is_good():
    pp = compared(NPL, "pp", "down_is_good")
    (card,) = number_cards(single(NPL, 0.0123, (pp, -0.0011)))
    assert card.changes == (Change("较年初", "2025年末", "▼", "-0.11个百分点", "good"),)
    assert "好于基期" in number_cards_html((card,))


def test_no_visible_change_is_flat():
    (card,) = number_cards(single(NPL, 0.0123, (compared(NPL, "pp", "down_is_good"), 0.0000001)))
    assert card.changes == (Change("较年初", "2025年末", "", "持平", "plain"),)


def test_no_value_has_no_unit():
    (card,) = number_cards(single(NEW, None))
    assert (card.number, card.unit) == ("—", "")


def test_a_grouped_answer_has_no_big_number():
    assert number_cards(bars((("甲", 5), ("乙", 3)))) == ()
