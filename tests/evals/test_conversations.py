"""Turns of a conversation: asked in one session, scored each, a mistake counted where it began."""

from datetime import date

import pytest

from evals.case import Layer, Result
from evals.runner import run_suite
from evals.suite import SuiteError, load_suite
from evals.units import causes, judged_together, units

HEAD = "suite: s\ntitle: 对话\nas_of: 2026-11-20\n"
TALK = """\
conversations:
  - id: places
    domain: 存款
    split: sealed
    turns:
      - ask: 10月末银川分行存款余额是多少
        shape: 首问
        any_of:
          - slots: {metrics: [deposit], groups: []}
            sql: &branch >-
              SELECT sum(end_balance) AS deposit FROM fact_balance
              JOIN dim_customer AS c USING (customer_id) JOIN dim_org AS o ON o.org_id = c.org_id
              WHERE month_end = '2026-10-31' AND product_line = '存款' AND branch = '银川分行'
      - ask: 上个月全行投诉量是多少
        shape: 换话题
        fresh: true
        any_of:
          - sql: >-
              SELECT count(*) AS complaints FROM fact_service
              WHERE create_date BETWEEN '2026-10-01' AND '2026-10-31' AND kind = '投诉'
"""


def load(folder, text):
    (folder / "s.yml").write_text(HEAD + text, "utf-8")
    return load_suite("s", folder)


@pytest.fixture
def turn(case):
    def make(number, verdict, sql="", **changes):
        layers = (Layer("rows", verdict == "right"),)
        given = {"id": f"t/{number}", "unit": "t", "turn": number, "fresh": number == 1}
        asked = case(**{**given, **changes})
        return Result(asked, verdict, layers, "answer", "answered", "", sql, 1.0)

    return make


def test_turns_are_read_as_cases_of_one_unit(tmp_path):
    first, second = load(tmp_path, TALK).cases
    assert (first.id, second.id) == ("places/1", "places/2")
    assert (first.evidence, first.turn, second.turn) == ("places", 1, 2)
    assert (first.fresh, second.fresh, second.split, second.line) == (True, True, "sealed", 5)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (TALK.split("      - ask: 上个月", maxsplit=1)[0], "turns 写得不对"),
        (TALK.replace("shape: 换话题", "shapes: 换话题"), "turns.1.shape 写得不对"),
        ("cases: []\n", "里没有题"),
        ("intents:\n  - {id: i, domain: 客户, ways: [甲, 乙, 丙, 丁]}\n", "ways 写得不对"),
    ],
)
def test_a_broken_conversation_is_one_sentence(tmp_path, text, message):
    with pytest.raises(SuiteError, match=message):
        load(tmp_path, text)


def test_turns_share_a_session_that_no_other_run_sees(tmp_path, bank_assistant):
    text = TALK.replace("上个月全行投诉量是多少", "那吴忠分行呢").replace(
        "        fresh: true\n", ""
    )
    text = text.split("          - sql: >-")[0] + "          - sql: *branch\n"
    suite = load(tmp_path, text)
    for _ in range(2):
        first, second = run_suite(suite, bank_assistant).results
        assert first.verdict == "right"
        assert "吴忠分行" in second.reading
        assert (second.verdict, second.cause) == ("wrong", "")


def test_a_later_turn_is_a_consequence_of_the_first_mistake(turn):
    results = judged_together(
        [turn(1, "right"), turn(2, "wrong"), turn(3, "wrong"), turn(4, "abstained")]
    )
    assert [r.cause for r in results] == ["", "", "t/2", "t/2"]
    assert causes(results) == ("t/2",)


def test_a_wrong_answer_after_an_abstention_began_with_the_abstention(turn):
    results = judged_together([turn(1, "abstained"), turn(2, "wrong"), turn(3, "wrong")])
    assert [r.cause for r in results] == ["", "t/1", "t/1"]
    assert causes(results) == ("t/1",)


def test_a_whole_question_starts_afresh(turn):
    talk = [turn(1, "wrong"), turn(2, "right"), turn(3, "wrong", fresh=True), turn(4, "wrong")]
    assert [r.cause for r in judged_together(talk)] == ["", "", "", "t/3"]


def test_a_conversation_is_as_good_as_its_worst_turn(turn):
    talk = [turn(1, "right"), turn(2, "abstained")]
    other = [turn(1, "right", id="u/1", unit="u"), turn(2, "wrong", id="u/2", unit="u")]
    assert [(u.id, u.verdict) for u in units([*talk, *other])] == [
        ("t", "abstained"), ("u", "wrong"),
    ]  # fmt: skip


def test_ways_of_one_meaning_are_held_to_one_query(turn):
    def way(number, verdict, sql):
        return turn(number, verdict, sql, turn=0, fresh=True)

    ways = judged_together(
        [
            way(1, "right", "SELECT 1 /* 上个月 */ AS a"),
            way(2, "right", "SELECT 1 /* 10月 */ AS a"),
            way(3, "right", "SELECT 2 / 2 AS a"),
            way(4, "abstained", ""),
        ]
    )
    assert [r.verdict for r in ways] == ["right", "right", "wrong", "abstained"]
    assert ways[2].layers[-1].name == "same"


def test_conversations_of_the_bank_are_many_and_none_is_a_single_question():
    talks = {case.unit: case for case in load_suite("talks").cases}
    assert len(talks) >= 40
    assert {case.as_of for case in talks.values()} >= {None, date(2026, 3, 2)}


def test_meanings_are_many_and_none_is_said_twice_the_same():
    cases = load_suite("sayings").cases
    assert len({case.unit for case in cases}) >= 60
    assert len({case.ask for case in cases}) == len(cases)
