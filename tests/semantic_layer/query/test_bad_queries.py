"""JSON that is no query is refused with one Chinese sentence that names the place."""

import copy
import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from semantic_layer.query import (
    Absolute,
    Comparison,
    Condition,
    DimensionGroup,
    Having,
    InvalidQueryError,
    Limit,
    MetricQuery,
    MetricRef,
    Patch,
    Period,
    Scope,
    canonical_text,
    patch_from_json,
    query_from_json,
    to_json,
    value_from_json,
)
from semantic_layer.query.metric_query import ColumnRef
from semantic_layer.resolved import ResolvedQuery, ResolvedSpan

CASES = json.loads((Path(__file__).parent / "bad_queries.json").read_text(encoding="utf-8"))
QUERY = MetricQuery(
    measures=(MetricRef("deposit"),),
    group_by=(DimensionGroup("branch"),),
    scope=Scope(
        Period((Absolute(date(2026, 1, 1), date(2026, 10, 31)),)),
        Condition("branch", "in", ("银川分行", "固原分行")),
    ),
    having=(Having(ColumnRef(), "gt", 5),),
    compare=(Comparison("yoy"),),
    limit=Limit(10),
)
LIBRARY_ENGLISH = re.compile(r"[Ii]nput|[Ff]ield|[Ee]xpected|should|valid|Unable|pydantic|type=")


@pytest.mark.parametrize(("message", "data"), CASES, ids=[case[0] for case in CASES])
def test_the_sentence_names_place_and_remedy(message: str, data: object) -> None:
    with pytest.raises(InvalidQueryError) as caught:
        query_from_json(data)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "查询不是合法的 JSON(第 1 行第 1 个字符附近),请改正后重试"),
        ('{"kind": \n oops}', "查询不是合法的 JSON(第 2 行第 2 个字符附近),请改正后重试"),
        ('{"kind": "a", "kind": "b"}', "查询的 JSON 里“kind”在同一层写了两次,请只留一个"),
        ('{"limit": NaN}', "查询的 JSON 里不能有 NaN,请写成数字"),
        (b"\xff\xfe\x00", "查询不是 UTF-8 编码的文字,请改正后重试"),
        ("[" * 100_000, "查询嵌套太深,请拆开写"),
    ],
)
def test_text_that_is_no_json_is_refused(text: str | bytes, message: str) -> None:
    with pytest.raises(InvalidQueryError) as caught:
        query_from_json(text)
    assert str(caught.value) == message


def test_content_that_json_cannot_say_is_refused() -> None:
    with pytest.raises(InvalidQueryError, match="JSON 写不出"):
        query_from_json({"kind": "metric_query", "measures": {1, 2}})


def test_a_condition_nested_beyond_reason_is_refused() -> None:
    child: dict[str, Any] = {"kind": "segment", "segment": "a"}
    for _ in range(3000):
        child = {"kind": "not", "child": child}
    data = to_json(QUERY) | {"scope": {"where": child}}
    with pytest.raises(InvalidQueryError, match="嵌套太深"):
        query_from_json(data)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({}, "修改最外层缺少“changes”"),
        (
            {"changes": [{"op": "put", "slot": "where"}]},
            "修改的 changes.0.op 不能是“put”,应为set、add、drop、replace、clear 之一",
        ),
        (
            {"changes": [{"op": "set", "slot": "where", "valeu": None}]},
            "修改的 changes.0 没有“valeu”这一项,您是不是想写“value”",
        ),
    ],
)
def test_a_bad_patch_is_called_a_patch(data: object, message: str) -> None:
    with pytest.raises(InvalidQueryError) as caught:
        patch_from_json(data)
    assert str(caught.value) == message


def test_dates_from_yaml_are_read_like_their_text() -> None:
    data = {"spans": [{"kind": "absolute", "start": date(2026, 1, 1), "end": "2026-01-31"}]}
    assert value_from_json(Period, data) == Period((Absolute(date(2026, 1, 1), date(2026, 1, 31)),))


def test_a_resolved_query_is_written_with_its_dates() -> None:
    resolved = ResolvedQuery(
        query=QUERY,
        spans=(ResolvedSpan(date(2026, 1, 1), date(2026, 10, 31)),),
        bases=(("yoy", (ResolvedSpan(date(2025, 1, 1), date(2025, 10, 31), role="yoy"),)),),
        data_dates=(("balances", date(2026, 10, 31)),),
        manifest_hash="abc",
    )
    written = json.loads(canonical_text(resolved))
    assert written["query"] == to_json(QUERY)
    assert written["spans"][0]["end"] == "2026-10-31"
    assert written["bases"][0][0] == "yoy"
    assert written["data_dates"] == [["balances", "2026-10-31"]]
    assert "as_of" not in written


def places(data: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inside = data.items() if isinstance(data, dict) else enumerate(data)
    found = []
    for key, value in inside:
        found.append((*path, key))
        if isinstance(value, dict | list):
            found += places(value, (*path, key))
    return found


WRITTEN = to_json(QUERY)
JUNK = st.sampled_from(
    [None, True, -1, 1.5, 10**400, "", "x", [], [1], {}, {"kind": "x"}, "' or 1"]
)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(places(WRITTEN)), JUNK, st.sampled_from(["put", "drop", "add"]))
def test_a_damaged_query_is_read_or_refused_in_chinese(
    path: tuple[Any, ...], junk: object, how: str
) -> None:
    data = copy.deepcopy(WRITTEN)
    owner: Any = data
    for part in path[:-1]:
        owner = owner[part]
    if how == "drop":
        del owner[path[-1]]
    elif how == "add" and isinstance(owner, dict):
        owner["extra"] = junk
    else:
        owner[path[-1]] = junk
    try:
        read = query_from_json(data)
    except InvalidQueryError as error:
        refused = str(error)
    else:
        assert query_from_json(to_json(read)) == read
        return
    assert re.search("[一-鿿]", refused)
    assert not LIBRARY_ENGLISH.search(refused), refused
    assert "\n" not in refused


def test_a_patch_without_changes_is_a_patch() -> None:
    assert patch_from_json({"changes": []}) == Patch(())
    assert patch_from_json(to_json(Patch(()))) == Patch(())
