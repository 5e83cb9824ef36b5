"""When is a table the table that was asked for?"""

from datetime import date
from decimal import Decimal

import pytest

from evals.case import Gold
from evals.scoring.rows import same_cell, score_rows, score_totals

SAME, DIFFERENT = True, False


@pytest.mark.parametrize(
    ("got", "gold", "verdict"),
    [
        (39, 39, SAME),
        (191984589.42, Decimal("191984589.42"), SAME),
        (0.0123, Decimal("0.0123"), SAME),
        (1.0000000001, 1, SAME),  # 1e-10 apart
        (1.00000001, 1, DIFFERENT),  # 1e-8 apart
        (5.55e-17, 0, SAME),  # 0.3 - 0.1 - 0.2 in floats
        (0.000001, 0, DIFFERENT),
        (None, 0, DIFFERENT),  # 无法计算 is not 零
        (0, None, DIFFERENT),
        (None, None, SAME),
        (19198.458942, Decimal("191984589.42"), DIFFERENT),  # 万元 where 元 is due
        (1.23, 0.0123, DIFFERENT),  # percent where a fraction is due
        (-12, 12, DIFFERENT),
        ("39", 39, DIFFERENT),
        (True, 1, DIFFERENT),
        ("银川分行", "银川分行", SAME),
        ("2026-10-31", date(2026, 10, 31), SAME),
        ("未知", None, DIFFERENT),
    ],
)
def test_a_cell_is_the_same_when_a_bank_would_sign_for_it(got, gold, verdict):
    assert same_cell(got, gold) is verdict


def score(answer, rows, names=("branch", "new_cust"), *, ordered=False):
    return score_rows(answer, Gold("", ordered=ordered), names, rows)


def test_order_counts_only_where_it_was_asked(answer):
    rows = [("固原分行", 187), ("银川分行", 1203)]
    assert score(answer(), rows).passed
    assert not score(answer(), rows, ordered=True).passed
    assert score(answer(), rows[::-1], ordered=True).passed


def test_columns_are_matched_by_id_not_by_place(answer):
    assert score(answer(), [(1203, "银川分行"), (187, "固原分行")], ("new_cust", "branch")).passed


def test_a_missing_row_a_doubled_row_and_another_row_are_wrong(answer):
    one = ("银川分行", 1203)
    assert score(answer(), [one]).reason == "应有 1 行,实有 2 行"
    assert not score(answer(), [one, one]).passed
    other = score(answer(), [one, ("固原分行", 188)])
    assert other.reason == "第 2 行应为 (固原分行, 188),实为 (固原分行, 187)"


def test_a_metric_that_was_not_asked_for_is_wrong_a_comparison_beside_is_not(answer):
    columns = answer()["columns"]
    closed = {"id": "closed_cust", "name": "销户客户数", "kind": "metric"}
    share = {"id": "new_cust.share", "name": "占比", "kind": "comparison"}
    rows = [["银川分行", 1203, 0.9], ["固原分行", 187, 0.1]]
    gold = [("银川分行", 1203), ("固原分行", 187)]
    assert score(answer(columns=[*columns, closed], rows=rows), gold).reason == "多出列 closed_cust"
    assert score(answer(columns=[*columns, share], rows=rows), gold).passed


def test_a_column_that_was_asked_for_must_be_there(answer):
    layer = score(answer(), [], ("branch", "new_cust", "new_cust.yoy.rate"))
    assert layer.reason == "缺少列 new_cust.yoy.rate,实有 branch、new_cust"


def test_a_truncated_table_is_not_the_answer(answer):
    gold = [("银川分行", 1203), ("固原分行", 187)]
    assert not score(answer(truncated=True), gold).passed


def test_the_total_is_checked_apart_from_the_rows(answer):
    assert score_totals(answer(), ("new_cust",), [(1390,)]).passed
    summed = score_totals(answer(), ("new_cust",), [(1389,)])
    assert summed.reason == "合计不对:new_cust 应为 1389,实为 1390"
    assert not score_totals(answer(totals=None), ("new_cust",), [(1390,)]).passed
