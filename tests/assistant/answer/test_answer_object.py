"""The answer object as outside programs rely on it."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

import pytest
from jsonschema import Draft202012Validator

from assistant.answer import Answer, AnswerPeriod, Option
from assistant.answer_schema import answer_schema
from assistant.outcomes import CODES
from semantic_layer.resolved import Assumption
from semantic_layer.result import Column, Notice

KEYS = [
    "schema", "id", "session", "turn", "as_of", "user", "scope", "snapshot", "outcome", "code",
    "message", "question", "reading", "confidence", "canonical", "query", "resolved_query", "sql", "periods",
    "columns", "rows", "row_count", "total_rows", "truncated", "totals", "others",
    "subtotals", "small", "headline", "chart", "definitions", "certified", "data_dates",
    "assumptions", "warnings", "options", "suggestions", "planner", "model_use", "steps",
    "findings", "timings_ms",
]  # fmt: skip

ANSWER = Answer(
    id="a1",
    as_of=date(2026, 11, 20),
    query={"kind": "metric_query"},
    periods=(AnswerPeriod("current", date(2026, 10, 1), date(2026, 10, 31), True),),
    columns=(Column("branch", "分行", "dimension"), Column("deposit", "存款余额", "metric", "CNY")),
    rows=(("银川分行", Decimal("12345678901234567890.10")), ("固原分行", None)),
    row_count=2,
    totals={"deposit": Decimal("0.30")},
    data_dates={"balances": date(2026, 10, 31)},
    assumptions=(Assumption("period", "最新"),),
    warnings=(Notice("incomplete_period", "本月未满"),),
    options=(Option(1, "存款余额", "2026年10月末 · 存款余额", {"kind": "metric_query"}),),
    timings_ms={"total": 8.9},
)


def test_every_key_is_there_in_the_order_of_the_contract() -> None:
    assert list(json.loads(Answer().to_json())) == KEYS


def test_absent_scalars_and_objects_are_null_and_absent_lists_empty() -> None:
    answer = json.loads(Answer(code="out_of_scope").to_json())
    lists = {"periods", "columns", "rows", "definitions", "assumptions", "warnings", "options"}
    lists |= {"subtotals", "small", "suggestions", "steps", "findings"}
    given = {"schema", "id", "outcome", "code"}
    assert {k for k, v in answer.items() if v == []} == lists
    assert {k for k, v in answer.items() if v is None} == set(KEYS) - lists - given


def test_decimals_keep_all_their_digits() -> None:
    assert '["银川分行", 12345678901234567890.10]' in ANSWER.to_json()
    assert '"totals": {"deposit": 0.30}' in ANSWER.to_json()


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        (0.1 + 0.2, "0.30000000000000004"),
        (float("nan"), "null"),
        (float("-inf"), "null"),
        (2**53, "9007199254740992"),
        (2**53 + 1, '"9007199254740993"'),
        (date(2026, 10, 31), '"2026-10-31"'),
        (Decimal("1E+3"), "1000"),
        (True, "true"),
        ("“引号”\n", '"“引号”\\n"'),
    ],
)
def test_cells_are_written_exactly(cell: object, written: str) -> None:
    assert f'"rows": [[{written}]]' in Answer(rows=((cell,),)).to_json()


def test_the_python_object_holds_plain_values() -> None:
    as_dict = ANSWER.to_dict()
    assert json.loads(json.dumps(as_dict)) == json.loads(ANSWER.to_json())
    assert as_dict["periods"][0]["start"] == "2026-10-01"


@pytest.mark.parametrize("answer", [ANSWER, Answer(), Answer(code="ambiguous_metric")])
def test_the_json_schema_describes_what_is_written(answer: Answer) -> None:
    schema = answer_schema()
    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema).validate(json.loads(answer.to_json()))
    assert set(schema["required"]) == set(KEYS)


@pytest.mark.parametrize("code", sorted(CODES))
def test_the_outcome_follows_from_the_code(code: str) -> None:
    assert Answer(code=code).outcome == CODES[code].outcome
