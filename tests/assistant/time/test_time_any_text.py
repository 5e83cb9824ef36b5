"""No text makes the readers fail, and every token lies where it says."""

from __future__ import annotations

import random
import time
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.language.normalise import normalise
from assistant.language.number import find_comparators, find_numbers
from assistant.language.time import describe, find_grains, find_times
from semantic_layer.calendars import bank_calendar
from semantic_layer.resolve.spans import Anchors, span_dates

PIECES = st.sampled_from(
    [
        *"年月日号周旬季度天上下本去今前后近最第末底初到至和、的每各按以内从自起截同期0123459一二三十半几%万亿",
        "季度", "上半年", "去年", "今年", "上个月", "以来", "至今", "截至", "同期", "春节", "2024",
        "工作日", "交易日", "最后", "前三", "每月", "近30天", "10月", "8号", "周五", "之间", "超过", "不到",
        "2024-05-08", "202405", "q3", "ytd", "以上", "介于", "百分之", "bp", "分之",
    ]
)  # fmt: skip
TEXTS = st.lists(PIECES, max_size=14).map("".join)
DAYS = st.dates(date(2015, 1, 1), date(2035, 12, 31))


@settings(max_examples=500, deadline=None)
@given(TEXTS, DAYS)
def test_times_of_any_text(text, as_of):
    for token in find_times(text, as_of):
        assert text[token.start : token.end] == token.text != ""
        assert (token.spans is None) == (token.kind in ("vague", "invalid", "days"))
        assert (token.problem is not None) == (token.kind in ("vague", "invalid"))
        assert all(describe(span) for span in token.spans or ())


@settings(max_examples=500, deadline=None)
@given(TEXTS)
def test_numbers_and_grains_of_any_text(text):
    for token in (*find_numbers(text), *find_comparators(text), *find_grains(text)):
        assert text[token.start : token.end] == token.text != ""


def _said() -> list[str]:
    """Every phrase and sentence of the tables."""
    folder = Path(__file__).parent
    tables = [*sorted(folder.glob("*.tsv")), *sorted((folder.parent / "number").glob("*.tsv"))]
    lines = [line for table in tables for line in table.read_text("utf-8").splitlines()[1:]]
    return [line.split("\t")[0] for line in lines]


def _garbled(rng: random.Random, said: list[str]) -> str:
    """Phrases run together, one character wrong, characters at random, any code point."""
    characters = "".join(said[:400])
    way = rng.randrange(4)
    if way == 0:
        return "".join(rng.choices(said, k=rng.randint(1, 3)))
    if way == 1:
        phrase, at = rng.choice(said), rng.randrange(4)
        return phrase[:at] + rng.choice(characters) + phrase[at + rng.randint(0, 1) :]
    if way == 2:
        return "".join(rng.choices(characters, k=rng.randint(1, 15)))
    return "".join(chr(rng.randrange(1, 0xD7FF)) for _ in range(rng.randint(1, 20)))


@pytest.mark.parametrize("seed", range(6))
def test_garbled_questions_are_read_and_dated_without_an_exception(seed: int) -> None:
    rng, said = random.Random(seed), _said()
    for _ in range(150):
        text = normalise(_garbled(rng, said)).text
        as_of = date(1950, 1, 1) + timedelta(days=rng.randrange(60_000))
        anchors = Anchors(as_of, as_of, date(2019, 1, 1), "day", False, False, bank_calendar())
        found = find_times(text, as_of)
        for token in (*found, *find_numbers(text), *find_comparators(text), *find_grains(text)):
            assert text[token.start : token.end] == token.text != ""
        for span in (span for token in found for span in token.spans or ()):
            assert describe(span)
            span_dates(span, anchors)


def test_a_question_of_sixty_characters_is_read_in_a_moment() -> None:
    question = (
        "去年11月到今年2月和近三年一季度,春节前最后一个交易日各分行存款余额在五百到八百万之间"
        "或不低于三成五的贵宾客户有多少户,按月看走势吧"
    )
    assert len(question) >= 60
    spent = []
    for day in range(1, 21):
        started = time.process_time()
        find_times(question, date(2026, 11, day))
        find_numbers(f"{question}{day}")
        find_comparators(f"{question}{day}")
        find_grains(question)
        spent.append(time.process_time() - started)
    assert min(spent) < 0.005


@pytest.mark.parametrize("piece", ["1月、", "今年和", "一万", "1-", "万", "超过", "3月到", "每"])
def test_long_questions_take_no_more_than_their_length(piece):
    started = time.process_time()
    text = piece * 1000
    find_times(text, date(2026, 11, 20))
    find_numbers(text)
    find_comparators(text)
    assert time.process_time() - started < 5
