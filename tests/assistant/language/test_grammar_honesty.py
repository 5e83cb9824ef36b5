"""What must hold for every question, whatever it says."""

import string
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.language.normalise import normalise
from assistant.language.words import closed_words

STRANGE = ("薇薇", "哈尔滨", "xyzq", "磷酸铁锂")


@pytest.fixture(scope="session")
def answered(bank, read_cases):
    """Questions of the fixture that are answered; free text in them may be anything."""
    return [
        question
        for question, expected in read_cases("questions_bank.txt")
        if not expected.startswith(("#", "!")) and " product " not in expected
    ]


def test_an_unknown_word_is_never_dropped(bank, answered):
    dropped = []
    for question in answered[::5]:
        reading = bank.read(question)
        for place in {0, len(question), *(token.end for token in reading.tokens)}:
            word = STRANGE[place % len(STRANGE)]
            changed = question[:place] + word + question[place:]
            if bank.read(changed).query is not None:
                dropped.append(changed)
    assert not dropped, dropped


def test_a_loose_number_is_never_dropped(bank, answered):
    dropped = []
    for question in answered[1::5]:
        for place in {token.end for token in bank.read(question).tokens}:
            changed = question[:place] + "大约37" + question[place:]
            if bank.read(changed).query == bank.read(question).query:
                dropped.append(changed)
    assert not dropped, dropped


def test_every_character_of_an_answered_question_belongs_to_a_slot(bank, answered):
    for question in answered:
        reading = bank.read(question)
        covered = "".join(token.text for token in reading.tokens)
        assert covered == normalise_away(question, covered), question
        assert not [token.text for token in reading.tokens if token.slot == "unowned"], question


def normalise_away(question, covered):
    """The question without characters that the normaliser leaves out."""
    return "".join(char for char in question if char in covered or normalise(char).text)


def test_reading_twice_gives_the_same(bank, answered):
    for question in answered:
        assert bank.read(question) == bank.read(question)


def test_confidence_is_high_for_exact_names_and_lower_for_repaired_ones(bank):
    assert bank.read("上个月各分行新增客户数是多少").confidence >= 0.95
    assert 0.6 <= bank.read("存款余鄂是多少").confidence < 0.85


def test_a_repaired_word_is_said_aloud(bank):
    reading = bank.read("贷宽余额是多少")
    assert any("贷宽" in assumption.text for assumption in reading.assumptions)


def test_a_governed_default_is_said_aloud(bank):
    reading = bank.read("上个月活跃客户有多少")
    assert [a.text for a in reading.assumptions] == ["“活跃客户”按默认口径理解为月活跃客户数"]


def test_a_wish_for_a_chart_is_kept(bank):
    reading = bank.read("用柱状图看各分行存款余额")
    assert (reading.chart, bank.compact(reading.query)) == ("bar", "deposit by branch")


def test_a_remembered_choice_settles_the_word(bank):
    reading = bank.read("各分行余额", choices=(("余额", "loan_bal"),))
    assert bank.compact(reading.query) == "loan_bal by branch"


@pytest.mark.parametrize(
    ("question", "choice"),
    [
        ("各分行余额", ("余额", "loan_bal")),
        ("宁波的新增客户数", ("宁波", "branch=宁波分行")),
        ("最近交易金额", ("最近", "近7天")),
    ],
)
def test_a_remembered_choice_is_said(bank, question, choice):
    reading = bank.read(question, choices=(choice,))
    assert reading.query is not None
    assert any(f"“{choice[0]}”按您之前的选择" in said.text for said in reading.assumptions)


def test_suggestions_are_answered(bank):
    for question in ("同业的存款利率是多少", "为什么10月存款余额下降了", "今天天气怎么样"):
        reading = bank.read(question)
        assert reading.suggestions, question
        assert all(bank.read(s).query is not None for s in reading.suggestions)


@pytest.mark.parametrize("text", ["", "   ", "\x00", "😀😀", "???", "存" * 10_000, "的" * 499])
def test_odd_input_gets_a_problem_not_a_crash(bank, text):
    assert bank.read(text).problem is not None


PIECES = [
    *sorted(closed_words())[::3],
    "存款余额", "分行", "上海分行", "上个月", "10%", "100万", "超过", "新增客户数", "近7天", "薇",
]  # fmt: skip


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=7))
def test_any_sequence_of_words_is_read_without_a_crash(bank, words):
    reading = bank.read("".join(words))
    assert (reading.query is None) != (reading.problem is None and reading.request == "query")


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.text(alphabet=string.printable + "存款余额分行的上月%。,、", max_size=60))
def test_any_text_is_read_without_a_crash(bank, text):
    bank.read(text)


def calls_made(work):
    """How many functions of Python were called: the same on every machine, however busy."""
    made = 0

    def note(frame, event, given):
        nonlocal made
        made += event == "call"

    sys.setprofile(note)
    try:
        work()
    finally:
        sys.setprofile(None)
    return made


def test_reading_takes_few_steps(bank, answered):
    """Five times of what it took when this was written, and a hundredth of a second then."""
    made = sorted(
        calls_made(lambda question=question: bank.read(question)) for question in answered
    )
    assert made[int(len(made) * 0.95)] < 25_000
