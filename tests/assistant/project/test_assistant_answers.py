"""From question to answer object, on five sales that anybody can add up."""

from __future__ import annotations

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from assistant import Assistant
from semantic_layer.query import (
    Absolute,
    Change,
    DimensionGroup,
    MetricQuery,
    MetricRef,
    Patch,
    Period,
    Scope,
    to_json,
)

ROOT = Path(__file__).resolve().parents[3]
OCTOBER = Period((Absolute(date(2026, 10, 1), date(2026, 10, 31)),))
SALES_BY_SHOP = MetricQuery((MetricRef("sales_amount"),), (DimensionGroup("shop"),), Scope(OCTOBER))


def test_a_question_becomes_rows_with_everything_said_about_them(shop: Assistant) -> None:
    answer = shop.ask("上个月各门店销售额是多少")
    assert (answer.outcome, answer.code) == ("answer", "answered")
    assert answer.rows == (
        ("西店", Decimal("200.00")),
        ("东店", Decimal("150.75")),
        ("南店", Decimal("0.00")),
    )
    assert answer.totals == {"sales_amount": Decimal("350.75")}
    assert [(c.id, c.kind) for c in answer.columns] == [
        ("shop", "dimension"),
        ("sales_amount", "metric"),
    ]
    assert [(p.start, p.end, p.complete) for p in answer.periods] == [
        (date(2026, 10, 1), date(2026, 10, 31), True)
    ]
    assert (answer.row_count, answer.total_rows, answer.truncated) == (3, 3, False)
    assert answer.data_dates == {"sales": date(2026, 11, 19)}
    assert answer.reading
    assert answer.headline
    assert answer.chart is not None
    assert answer.chart.type == "bar"
    assert [d.id for d in answer.definitions] == ["sales_amount"]
    assert (answer.certified, answer.planner, answer.user) == (False, "grammar", "掌柜")
    assert answer.sql.startswith("WITH") or answer.sql.startswith("SELECT")
    assert set(answer.timings_ms) == {
        "understand", "retrieve", "plan", "resolve", "compile", "run", "explain", "total",
    }  # fmt: skip


def test_the_query_in_the_answer_gives_the_same_rows(shop: Assistant) -> None:
    asked = shop.ask("上个月各门店销售额是多少")
    again = shop.run(asked.query)
    assert (again.rows, again.sql, again.planner) == (asked.rows, asked.sql, None)


def test_a_query_runs_as_value_and_as_json(shop: Assistant) -> None:
    as_value = shop.run(SALES_BY_SHOP)
    as_json = shop.run(json.dumps(to_json(SALES_BY_SHOP)))
    assert as_value.rows == as_json.rows
    assert as_value.rows[0] == ("西店", Decimal("200.00"))


def test_a_patch_changes_the_last_query_of_its_session(shop: Assistant) -> None:
    shop.run(SALES_BY_SHOP, session="早会")
    patch = Patch((Change("set", "group_by", DimensionGroup("city")),))
    assert shop.run(patch, session="早会").rows == (("银川", Decimal("350.75")),)


def test_a_patch_without_a_query_before_it_asks_back(shop: Assistant) -> None:
    patch = Patch((Change("clear", "group_by"),))
    assert shop.run(patch, session="新会话").code == "nothing_to_change"


@pytest.mark.parametrize(
    "broken",
    ["{", "[]", '{"kind": "metric_query"}', '{"kind": "metric_query", "measures": [1], "x": 1}'],
)
def test_a_broken_query_is_refused_with_a_sentence(shop: Assistant, broken: str) -> None:
    answer = shop.run(broken)
    assert (answer.code, answer.exit_code) == ("invalid_query", 4)
    assert answer.message.endswith("。")
    assert "char" not in answer.message


def test_sql_is_shown_and_not_run(shop: Assistant) -> None:
    shown = shop.sql("上个月各门店销售额是多少")
    assert shown.sql == shop.ask("上个月各门店销售额是多少").sql
    assert (shown.code, shown.rows, shown.timings_ms["run"]) == ("sql_only", (), 0.0)


def test_as_of_moves_what_last_month_means(shop: Assistant) -> None:
    answer = shop.ask("本月销售额", as_of=date(2026, 10, 6))
    assert answer.rows == ((Decimal("300.50"),),)
    assert answer.data_dates == {"sales": date(2026, 10, 6)}


def test_the_same_question_is_the_same_in_another_process(shop_folder: Path) -> None:
    script = (
        "import sys; from assistant import Assistant;"
        "a = Assistant.open(sys.argv[1], environment={}).ask('上个月各门店销售额和退款额');"
        "d = a.to_dict(); print(a.sql, d['rows'], d['totals'], d['snapshot'])"
    )
    seen = {
        subprocess.run(
            [sys.executable, "-c", script, str(shop_folder)],
            cwd=ROOT,
            capture_output=True,
            check=True,
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"},
        ).stdout
        for seed in ("1", "2")
    }
    assert len(seen) == 1


def test_threads_share_an_assistant(shop: Assistant) -> None:
    def ask(number: int) -> tuple[object, int | None]:
        answer = shop.ask("上个月各门店销售额是多少", session=f"会话{number % 3}")
        return answer.rows, answer.turn

    with ThreadPoolExecutor(6) as pool:
        found = list(pool.map(ask, range(18)))
    assert len({rows for rows, _ in found}) == 1
    assert sorted(turn for _, turn in found) == sorted([1, 2, 3, 4, 5, 6] * 3)
    assert shop.store().first_broken_audit_row() is None


def test_importing_the_assistant_is_light() -> None:
    heavy = ("streamlit", "pandas", "langchain", "openai", "chromadb", "pypinyin", "rich")
    script = (
        "import sys; from assistant import Assistant, Answer;"
        f"print([m for m in {heavy} if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_the_cancel_handle_stops_a_query(shop: Assistant) -> None:
    from semantic_layer.engines import CancelToken

    cancel = CancelToken()
    cancel.cancel()
    assert shop.ask("上个月销售额", cancel=cancel).code == "cancelled"


def test_stations_are_told_as_they_happen(shop: Assistant) -> None:
    seen: list[str] = []
    shop.ask("上个月销售额", on_event=lambda event: event.ended and seen.append(event.station))
    assert seen == ["understand", "plan", "resolve", "compile", "run", "explain"]


def test_an_llm_that_is_not_configured_is_an_error_of_the_model(shop: Assistant) -> None:
    answer = shop.ask("上个月销售额", planner="llm")
    assert (answer.code, answer.exit_code) == ("model", 1)


def test_a_day_before_the_first_sale_is_refused_not_answered_with_zero(shop: Assistant) -> None:
    answer = shop.ask("上个月各门店销售额是多少", as_of=date(2001, 5, 9))
    assert (answer.outcome, answer.code, answer.rows) == ("refusal", "no_data_before", ())
