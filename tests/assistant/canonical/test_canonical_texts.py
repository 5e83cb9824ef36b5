"""What the canonical text of each slot is, over the names of a small bank."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path
from typing import Any, get_args

import pytest
import yaml
from small_bank_names import small_bank

from assistant.language.canonical import NotCanonicalError, canonical, read_canonical
from assistant.language.canonical.text import DEEPEST
from metrics import load
from semantic_layer import query as q
from semantic_layer.model import Aggregate, Dataset, Dimension, Field, Join, Manifest, Metric
from semantic_layer.query import (
    And,
    Arithmetic,
    ColumnRef,
    Condition,
    DimensionGroup,
    EntityQuery,
    Having,
    MetricCondition,
    MetricQuery,
    MetricRef,
    Not,
    Number,
    Or,
    Query,
    Scope,
    Set,
    canonical_text,
    query_from_json,
)

HERE = Path(__file__).parent
ROWS = yaml.safe_load((HERE / "canonical_texts.yml").read_text(encoding="utf-8"))
BANK = small_bank()


@pytest.mark.parametrize("row", ROWS, ids=[row["text"] for row in ROWS])
def test_a_query_and_its_text(row: dict[str, Any]) -> None:
    query = query_from_json(row["query"])
    assert canonical(query, BANK) == row["text"]
    assert read_canonical(row["text"], BANK) == query


def test_the_texts_say_every_slot_there_is() -> None:
    said = {key for row in ROWS for key in keys_of(row["query"])}
    types = {getattr(q, name) for name in q.__all__}
    of_queries = [t for t in types if dataclasses.is_dataclass(t) and t not in PATCHES]
    slots = {slot.name for of in of_queries for slot in dataclasses.fields(of)}
    assert slots - said == {"v"}
    assert {t.__name__ for t in get_args(Query)} == {
        type(query_from_json(row["query"])).__name__ for row in ROWS
    }


PATCHES = {q.Patch, q.Change, q.Flag, q.Indices}


def keys_of(value: object) -> set[str]:
    if isinstance(value, dict):
        return set(value).union(*map(keys_of, value.values()))
    return set().union(*map(keys_of, value)) if isinstance(value, list) else set()


def test_queries_of_all_suites_survive() -> None:
    manifest = load(Path(__file__).resolve().parents[3] / "metrics" / "catalog").manifest
    assert manifest is not None
    for line in (HERE / "suite_queries.jsonl").read_text(encoding="utf-8").splitlines():
        query = query_from_json(line)
        text = canonical(query, manifest)
        assert text is not None
        assert canonical_text(read_canonical(text, manifest)) == canonical_text(query), text


def catalogue(metrics: tuple[str, ...], dimensions: tuple[str, ...] = ()) -> Manifest:
    """Metrics m0, m1 … and dimensions d0, d1 … of these names, reached by the role r."""
    fields = tuple(Field(f"d{n}", label) for n, label in enumerate(dimensions))
    data = Dataset("a", "表", "a", ("id",), fields, joins=(Join("a", "r", (), label="交易机构"),))
    return Manifest(
        "",
        {"a": data},
        {
            f"m{n}": Metric(f"m{n}", name, Aggregate("a", "count"), "户")
            for n, name in enumerate(metrics)
        },
        {f.name: Dimension(f.name, "a", f, ("a",)) for f in fields},
    )


@pytest.mark.parametrize(
    ("metrics", "text"),
    [
        (("存款余额",), "存款余额"),
        (("同比",), "「同比」"),
        (("存款同比",), "「存款同比」"),
        (("存款", "存款不"), "存款"),
        (("存款不", "存款"), "「存款不」"),
        (("户均存款", "存款"), "「户均存款」"),
        (("其他收入",), "「其他收入」"),
        (("90天以上逾期率",), "「90天以上逾期率」"),
        (("存款、余额",), "「存款、余额」"),
        (("存款」余额",), "「存款」」余额」"),
        (("余额", "余额"), "「余额」『m0』"),
        (("",), "「」"),
    ],
)
def test_a_name_that_could_be_misread_stands_in_quotes(metrics: tuple[str, ...], text: str) -> None:
    manifest, query = catalogue(metrics), MetricQuery((MetricRef("m0"),))
    assert canonical(query, manifest) == f"默认期间,{text}"
    assert read_canonical(f"默认期间,{text}", manifest) == query


def test_what_is_not_governed_is_its_id() -> None:
    query = MetricQuery((MetricRef("存款"),), (DimensionGroup("x.d0"), DimensionGroup("r.d0")))
    manifest = catalogue(("存款",), ("分行",))
    text = "默认期间,按『x』的分行、交易机构的分行,『存款』"
    assert canonical(query, manifest) == text
    assert read_canonical(text, manifest) == query


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("上海分行", "上海分行"),
        ("上海、北京", "“上海、北京”"),
        ("说“好”", "“说“好”””"),
        ("同比", "同比"),
        ("甲或乙", "“甲或乙”"),
        ("空", "“空”"),
        ("是", "“是”"),
        (True, "是"),
        (1, "1"),
        ("1", "“1”"),
        (0.5, "0.5"),
        ("2026-10-31", "2026年10月31日"),
        ("2026-02-30", "“2026-02-30”"),
        ("5万以下", "“5万以下”"),
        ("", "“”"),
    ],
)
def test_values_are_told_apart_by_how_they_are_written(value: q.Value, text: str) -> None:
    manifest = catalogue(("存款",), ("分行", "支行"))
    query = MetricQuery((MetricRef("m0"),), scope=Scope(where=Condition("d0", "in", (value,))))
    assert canonical(query, manifest) == f"默认期间,只看分行为{text},存款"
    back = read_canonical(f"默认期间,只看分行为{text},存款", manifest)
    assert canonical_text(back) == canonical_text(query)


@pytest.mark.parametrize(
    ("unit", "number", "text"),
    [
        ("CNY", 10**6, "100万元"), ("CNY", 123_450_000, "12345万元"), ("CNY", 12_345, "12345元"),
        ("CNY", 150_000_000, "1.5亿元"), ("户", -20_000, "-2万户"), ("percent", 0.155, "15.5%"),
        ("percent", 1, "100%"), ("CNY", 1e-7, "0.0000001元"), ("times", 1.1, "1.1"),
    ],
)  # fmt: skip
def test_amounts_are_exact_in_the_unit_of_the_metric(unit: str, number: float, text: str) -> None:
    manifest = Manifest("", {}, {"m": Metric("m", "余额", Aggregate("a", "count"), unit)}, {})
    query = MetricQuery((MetricRef("m"),), having=(Having(ColumnRef(), "gt", number),))
    assert canonical(query, manifest) == f"默认期间,余额,只留余额大于{text}"
    assert read_canonical(f"默认期间,余额,只留余额大于{text}", manifest) == query


def test_a_metric_and_a_dimension_of_one_name_are_told_apart() -> None:
    manifest = catalogue(("金额",), ("金额",))
    texts = {
        canonical(MetricQuery((MetricRef("m0"),), scope=Scope(where=where)), manifest)
        for where in (Condition("d0", "gt", (5,)), MetricCondition("m0", "gt", 5))
    }
    assert texts == {"默认期间,只看金额大于5,金额", "默认期间,只看其金额大于5户,金额"}


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("", 0),
        ("上个月", 3),
        ("上个月,按分行的,新增客户数", 7),
        ("上个月,按分行,没有的指标", 8),
        ("上个月,新增客户数,", 10),
        ("上个月,新增客户数 ", 9),
        ("上个月,「新增客户数」", 4),
        ("上个月,新增客户数,取前010名", 12),
        ("上个月,只看分行为上海分行、上海分行,新增客户数", 13),
        ("2026年10月1日至2026年10月31日,新增客户数", 8),
        ("上个月各分行的新增客户数", 3),
    ],
)
def test_any_other_text_is_refused_with_the_place(text: str, at: int) -> None:
    with pytest.raises(NotCanonicalError) as refused:
        read_canonical(text, BANK)
    assert refused.value.at == at


@pytest.mark.parametrize("depth", [1, DEEPEST, DEEPEST + 1, 3000])
def test_a_query_is_said_up_to_a_depth_that_is_read(depth: int) -> None:
    text = f"默认期间,只看{'不满足(' * depth}年龄为空{')' * depth},新增客户数"
    if depth > DEEPEST:
        with pytest.raises(NotCanonicalError):
            read_canonical(text, BANK)
    else:
        assert canonical(read_canonical(text, BANK), BANK) == text


def test_brackets_in_a_value_are_not_counted() -> None:
    value = "((“" * 60
    query = MetricQuery(
        (MetricRef("aum"),), scope=Scope(where=Condition("occupation", "in", (value,)))
    )
    text = canonical(query, BANK)
    assert text is not None
    assert read_canonical(text, BANK) == query


@pytest.mark.parametrize(
    ("opening", "closing"), [("(从", "起)"), ("(从", "到今天)"), ("(从今天到", ")")]
)
def test_reading_takes_no_longer_than_the_text(opening: str, closing: str) -> None:
    text = f"{opening * 40}上个月{closing * 40}末,新增客户数"
    assert canonical(read_canonical(text, BANK), BANK) == text


def test_words_that_could_be_values_are_read_once() -> None:
    names = ("branch", "sub_branch", "occupation", "campaign", "os", "age")
    empty = And(tuple(Condition(name, op) for name in names for op in ("is_null", "not_null")))
    query = EntityQuery(Set("customer", Not(Or((empty, Not(empty))))))
    text = canonical(query, BANK)
    assert text is not None
    assert read_canonical(text, BANK) == query


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Number(3), Number(3.0)),
        (Number(0), Number(-0.0)),
        (
            Arithmetic("*", MetricRef("aum"), Number(10**6)),
            Arithmetic("*", MetricRef("aum"), Number(1e6)),
        ),
    ],
)
def test_equal_queries_have_one_text(one: q.Measure, other: q.Measure) -> None:
    assert canonical(MetricQuery((one,)), BANK) == canonical(MetricQuery((other,)), BANK)


def test_the_examples_of_the_guide_are_canonical() -> None:
    guide = (HERE.parents[2] / "docs" / "canonical.md").read_text(encoding="utf-8")
    examples = re.findall(r"^\| [^|]+ \| `([^`]+)` \|$", guide, flags=re.MULTILINE)
    examples += re.findall(r"^echo '([^']+)'", guide, flags=re.MULTILINE)
    assert len(examples) > 10
    for text in examples:
        assert canonical(read_canonical(text, BANK), BANK) == text
