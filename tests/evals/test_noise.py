"""Noise is the same for a seed, and never makes another question of the one asked."""

from random import Random

import pytest

from evals.noise import HARMLESS, KINDS, garbled, noise_report, questions, run_noise
from evals.suite import load_suite

ASK = "10月末各分行AUM同比增速"


class Reader:
    """Reads the letters it knows; anything else changes its SQL or is not read."""

    def __init__(self, **sql):
        self.known = sql

    def sql(self, text, user=None, as_of=None):
        self.last = self.known.get(text, "")
        return type("Told", (), {"sql": self.last})


def test_each_kind_says_the_same_for_a_seed_and_leaves_time_and_negation_alone(case):
    asked = case(id="x", ask=ASK)
    assert dict(garbled(asked, 1)) == dict(garbled(asked, 1))
    for seed in range(20):
        for kind, said in garbled(asked, seed):
            assert said != ASK
            if kind not in ("全角", "繁体", "多打空格"):
                assert "10月末各" in said.replace(",", ""), (kind, said)


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("全角", "１０月末各分行ＡＵＭ同比增速"),
        ("大小写", "10月末各分行aum同比增速"),
        ("繁体", "10月末各分行AUM同比增速"),
        ("同音错字", "10月末各分行AUM同比曾速"),
    ],
)
def test_what_a_kind_does(kind, said):
    assert KINDS[kind](ASK, Random(0)) == said


def test_another_query_is_a_change_and_none_is_an_abstention(case):
    asked = case(id="x", ask="aum")
    reader = Reader(aum="SELECT 1", AUM="SELECT 2")
    found = {g.kind: g.outcome for g in run_noise([(asked, None)], reader, 0)}
    assert (found["大小写"], found["全角"]) == ("changed", "abstained")
    reader = Reader(aum="SELECT 1 /* a */", AUM="SELECT 1 /* b */")
    found = {g.kind: g.outcome for g in run_noise([(asked, None)], reader, 0)}
    assert found["大小写"] == "same"


def test_what_is_not_read_without_noise_is_no_measure(case):
    assert run_noise([(case(), None)], Reader(), 0) == ()


def test_the_report_names_what_was_read_as_another(case):
    found = run_noise([(case(id="x", ask="aum"), None)], Reader(aum="1", AUM="2"), 0)
    assert "| 大小写 | 0 | 0 | 1 |" in noise_report(found)
    assert "x“AUM”(原为“aum”)" in noise_report(found)


@pytest.mark.parametrize("seed", [1, 2])
def test_harmless_noise_changes_no_query_on_the_bank(bank_assistant, seed):
    asked = list(questions([load_suite("sayings")]))[seed::15]
    found = run_noise(asked, bank_assistant, seed)
    changed = [g for g in found if g.kind in HARMLESS and g.outcome == "changed"]
    assert [f"{g.said}({g.ask})" for g in changed] == []
