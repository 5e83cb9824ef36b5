"""How a conversation moves on, stops, and is asked again another day; no server needed."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any, cast

import pytest

from assistant import Assistant
from assistant.answer import Answer
from assistant.outcomes import AnswerCode
from assistant.state import Conversation, PastConversation, PastTurn
from assistant.trail import Event, OnEvent
from semantic_layer.engines import CancelToken
from tests.ui.page.conftest import PATIENCE_S
from ui.page import conversing
from ui.page.conversing import finish, move_on
from ui.page.job import Job
from ui.page.link import GONE, address_of, linked
from ui.page.past import by_day
from ui.page.progress import progress_html
from ui.page.replay import reopened, replayed, unfinished
from ui.page.session import Chat, Pending
from ui.page.under_way import UnderWay


class SlowAssistant:
    """Answers when it is let go, or when it is cancelled; writes down what it was given."""

    def __init__(self) -> None:
        self.begun, self.go = threading.Event(), threading.Event()
        self.asked: list[tuple[object, ...]] = []

    def ask(
        self, text: str, user: str, session: str | None, on_event: OnEvent, cancel: CancelToken
    ) -> Answer:
        self.asked.append(("ask", text, user, session))
        return self._answer(text, on_event, cancel)

    def run(
        self,
        query: Mapping[str, Any],
        user: str,
        session: str | None,
        *,
        question: str | None,
        on_event: OnEvent,
        cancel: CancelToken,
    ) -> Answer:
        self.asked.append(("run", query, user, session, question))
        return self._answer(question or "", on_event, cancel)

    def conversation(self, session: str, user: str) -> Conversation:
        return Conversation(user, session)

    def _answer(self, text: str, on_event: OnEvent, cancel: CancelToken) -> Answer:
        on_event(Event("run", ended=False))
        self.begun.set()
        cancel.subscribe(self.go.set)
        self.go.wait(PATIENCE_S)
        return Answer(code="cancelled" if cancel.is_cancelled else "answered", headline=text)


def begun(*texts: str) -> tuple[Chat, SlowAssistant, Assistant]:
    slow = SlowAssistant()
    return Chat("张三", queue=[Pending(t, t) for t in texts]), slow, cast("Assistant", slow)


@pytest.fixture
def be_patient(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """From then on everything counts as answered soon, however slow the machine is."""
    return lambda: monkeypatch.setattr(conversing, "QUIET_S", PATIENCE_S)


def test_a_quick_answer_is_there_at_once(be_patient: Callable[[], None]):
    be_patient()
    chat, slow, assistant = begun("一", "二")
    slow.go.set()
    assert move_on(assistant, chat)
    assert [turn.question for turn in chat.turns] == ["一", "二"]
    assert chat.job is None


def test_a_slow_answer_stays_under_way_and_can_be_stopped():
    chat, slow, assistant = begun("慢")
    assert not move_on(assistant, chat)
    assert slow.begun.wait(PATIENCE_S)
    assert chat.job is not None
    assert chat.job.station == "run"
    chat.job.stop()
    finish(chat)
    assert [turn.answer.code for turn in chat.turns] == ["cancelled"]


def test_another_question_stops_the_one_that_is_under_way(be_patient: Callable[[], None]):
    chat, _, assistant = begun("慢")
    move_on(assistant, chat)
    chat.pending = Pending("快", "快")
    be_patient()
    move_on(assistant, chat)
    assert [turn.question for turn in chat.turns] == ["慢", "快"]
    assert chat.turns[0].answer.code == "cancelled"


def test_a_reloaded_page_goes_on_waiting_for_the_same_answer():
    chat, slow, assistant = begun("慢")
    move_on(assistant, chat)
    running = UnderWay()
    running.hold(chat)
    assert running.of("李四", chat.id) is None
    found = running.of("张三", chat.id)
    assert found is not None
    reloaded = Chat("张三", chat.id, queue=[found])
    move_on(assistant, reloaded)
    assert reloaded.job is chat.job
    slow.go.set()
    finish(reloaded)
    assert [turn.answer.headline for turn in reloaded.turns] == ["慢"]
    assert len(slow.asked) == 1
    assert running.of("张三", chat.id) is None


def test_a_question_can_be_found_again_from_its_first_moment():
    chat, slow, assistant = begun("慢")
    running, found = UnderWay(), []

    def note(of: Chat) -> None:
        running.hold(of)
        found.append(running.of("张三", chat.id))
        slow.go.set()

    move_on(assistant, chat, note)
    (held,) = found
    assert held is not None
    assert held.text == "慢"


def test_a_page_reloaded_while_it_asks_again_does_not_ask_twice():
    slow, running = SlowAssistant(), UnderWay()
    chat = reopened("张三", "早会", [turn("存款", {"q": 1})])
    move_on(cast("Assistant", slow), chat, running.hold)
    assert chat.job is not None
    assert running.of("张三", "早会") is None
    slow.go.set()


def test_what_was_never_answered_says_so_and_can_be_asked_again():
    told = unfinished("慢").known
    assert told is not None
    assert (told.code, told.question) == ("cancelled", "慢")
    assert "没有做完" in (told.message or "")


def test_a_failure_in_the_thread_reaches_whoever_waits():
    def fail(on_event: OnEvent, cancel: CancelToken) -> Answer:
        raise ZeroDivisionError

    job = Job(fail)
    assert job.is_done_within(PATIENCE_S)
    try:
        job.answer()
    except ZeroDivisionError:
        return
    raise AssertionError


def test_what_is_only_asked_again_is_not_written_down_again(be_patient: Callable[[], None]):
    be_patient()
    slow = SlowAssistant()
    slow.go.set()
    past = [turn("存款", {"v": 1}), turn("什么是存款", None, "definition")]
    chat = reopened("张三", "早会", past)
    move_on(cast("Assistant", slow), chat)
    assert chat.id == "早会"
    assert slow.asked == [
        ("run", {"v": 1}, "张三", None, "存款"), ("ask", "什么是存款", "张三", None),
    ]  # fmt: skip


def turn(
    question: str | None, query: Mapping[str, Any] | None, code: AnswerCode = "answered"
) -> PastTurn:
    return PastTurn(question, code, "请选择" if code == "ambiguous_metric" else None, query)


def test_a_choice_goes_into_the_question_it_answers():
    told = replayed([turn("余额", None, "ambiguous_metric"), turn("1", {"q": 1})])
    assert [(p.shown, p.query, p.known) for p in told] == [("余额", {"q": 1}, None)]


def test_a_click_changes_the_card_before():
    told = replayed([turn("存款", {"q": 1}), turn(None, {"q": 2}), turn("贷款", {"q": 3})])
    assert [(p.shown, p.query) for p in told] == [("存款", {"q": 2}), ("贷款", {"q": 3})]


def test_a_question_that_had_no_number_says_what_was_said_then():
    told = replayed([turn("余额", None, "ambiguous_metric"), turn("存款", {"q": 1})])
    assert told[0].known is not None
    assert (told[0].known.outcome, told[0].known.message) == ("clarification", "请选择")
    assert told[1].shown == "存款"


def test_of_a_long_conversation_the_last_questions_are_asked():
    chat = reopened("张三", "早会", [turn(f"第{n}问", {"q": n}) for n in range(30)], most=12)
    assert (chat.folded, chat.queue[0].shown, chat.queue[-1].shown) == (18, "第18问", "第29问")


def test_a_link_asks_the_shared_query_with_its_words():
    token = "0f" * 16
    shared = linked(token, turn("上月存款", {"q": 1}))
    assert (shared.shown, shared.query, shared.is_replay) == ("上月存款", {"q": 1}, False)
    assert linked(token, None).known == GONE
    assert linked(token[:9], None).known == GONE
    assert linked('{"kind": "metric_query"}', None).query == '{"kind": "metric_query"}'
    assert linked("2026年10月 · 存款", None).query == "2026年10月 · 存款"


def test_a_link_leads_to_the_page_of_questions():
    assert address_of("ab", "https://bank.example/wenshu/ask?x=1") == (
        "https://bank.example/wenshu/?q=ab"
    )


def test_conversations_stand_under_their_day():
    noon = datetime(2026, 11, 20, 4, tzinfo=UTC)
    days = (0, 1, 2, 8)
    past = [PastConversation(f"s{n}", f"{n}天前", noon - timedelta(days=n), 1) for n in days]
    today = noon.astimezone().date()
    assert [(name, len(some)) for name, some in by_day(past, today)] == [
        ("今天", 1), ("昨天", 1), ("近7天", 1), ("更早", 1),
    ]  # fmt: skip
    assert today >= date(2026, 11, 20)


def test_progress_names_the_station_and_the_time_it_takes():
    early = progress_html("understand", 0, is_stopped=False)
    assert '<li class="now" aria-current="step">理解</li>' in early
    assert "已用" not in early
    late = progress_html("run", 6, "还有2个问题。", is_stopped=False)
    assert '<li class="passed">计划</li>' in late
    assert "还有2个问题。已用6秒,数据量较大" in late
    assert "正在停止" in progress_html("run", 6, is_stopped=True)
