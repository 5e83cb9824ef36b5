"""A case whose gold a wrong query would also give proves nothing."""

import pytest

from evals.discrimination import perturbed, weaknesses

SIBLINGS = {"new_cust": "closed_cust"}
NAMES = ("branch", "new_cust")
GOLD = [("银川分行", 1203), ("固原分行", 187)]


class Fixed:
    """A product that answers every query with the same rows, whatever is asked."""

    def __init__(self, answer):
        self.answer = answer

    def run(self, query):
        self.query = query
        return self

    def to_dict(self):
        return self.answer


def test_a_case_is_told_apart_when_each_wrong_query_gives_other_rows(answer):
    other = Fixed(answer(rows=[["银川分行", 1], ["固原分行", 2]]))
    assert weaknesses(answer(), NAMES, GOLD, SIBLINGS, other) == []


def test_a_case_that_a_wrong_query_passes_is_weak(answer):
    found = weaknesses(answer(), NAMES, GOLD, SIBLINGS, Fixed(answer()))
    assert found == [
        "换一个时间后结果不变", "只看海原分行后结果不变", "换成closed_cust后结果不变",
    ]  # fmt: skip


def test_a_dropped_filter_is_tried_when_there_is_one(answer):
    where = {"kind": "condition", "dimension": "gender", "op": "in", "values": ["女"]}
    filtered = answer()
    filtered["query"]["scope"] = {"where": where}
    tried = dict(perturbed(filtered, {}))
    assert list(tried) == ["换一个时间", "去掉筛选"]
    assert "where" not in tried["去掉筛选"]["scope"]
    assert filtered["query"]["scope"] == {"where": where}


@pytest.mark.parametrize(
    ("start", "end", "before"),
    [
        ("2026-10-01", "2026-10-31", ("2026-09-01", "2026-09-30")),
        ("2026-07-01", "2026-09-30", ("2026-06-01", "2026-06-30")),
        ("2026-10-31", "2026-10-31", ("2026-09-01", "2026-09-30")),
        ("2026-11-13", "2026-11-19", ("2026-11-06", "2026-11-12")),
    ],
)
def test_the_other_time_is_the_one_before(answer, start, end, before):
    period = {"role": "current", "start": start, "end": end}
    (_, query), *_ = perturbed(answer(periods=[period]), {})
    (span,) = query["scope"]["period"]["spans"]
    assert (span["start"], span["end"]) == before


@pytest.mark.parametrize("gold", [[], [("银川分行", 0)], [("银川分行", None)]])
def test_an_empty_or_zero_gold_proves_nothing(answer, gold):
    found = weaknesses(answer(), NAMES, gold, SIBLINGS, Fixed(answer()))
    assert found == ["标准答案为空或全为零"]
