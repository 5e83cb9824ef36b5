"""How a conversation moves on: one input after the other, each worked out beside the page."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from uuid import uuid4

from assistant import Assistant
from assistant.errors import AuditError
from ui.page.explore.change import changed_turn
from ui.page.job import Job, Work
from ui.page.session import Chat, Pending, Turn

QUIET_S = 0.3
"""What is answered sooner is shown at once, without any sign of waiting."""
DELETED = "这段对话已在另一个页面里删除;接着问时请把问题说完整。"
BRANCHED = "这段对话在另一个页面里问过新的问题;这里接着本页的内容,另成一段对话。"


def move_on(
    assistant: Assistant, chat: Chat, begun: Callable[[Chat], None] = lambda _: None
) -> bool:
    """Takes in what was asked and answered; whether there are new answers.

    What takes longer stays under way, and whoever draws the page waits for it visibly;
    `begun` is told of all that is set going.
    """
    _take_in(chat)
    until = time.monotonic() + QUIET_S
    answered = False
    while begin_next(assistant, chat):
        begun(chat)
        if chat.job is None or not chat.job.is_done_within(max(0.0, until - time.monotonic())):
            break
        asked = chat.under_way
        finish(chat)
        answered = answered or (asked is not None and asked.change is None)
    return answered


def changed_at_once(assistant: Assistant, chat: Chat) -> bool:
    """Whether a click on the latest answer is carried out, with nothing to wait for or to tell."""
    session, note = chat.id, chat.note
    move_on(assistant, chat)
    return chat.job is None and (chat.id, chat.note) == (session, note)


def begin_next(assistant: Assistant, chat: Chat) -> bool:
    """Sets the next input going when none is under way; False when there is nothing to do."""
    if chat.job is None and chat.queue:
        chat.under_way = _here(assistant, chat, chat.queue.pop(0))
        chat.job = chat.under_way.job or Job(_work(assistant, chat, chat.under_way))
    return chat.job is not None


def finish(chat: Chat) -> None:
    """The answer under way becomes part of the conversation."""
    job, asked = chat.job, chat.under_way
    chat.job = chat.under_way = None
    if job is None or asked is None:
        return
    answer = job.answer()
    if answer.session == chat.id:
        chat.last_turn = answer.turn or chat.last_turn
    if asked.change is None:
        chat.turns.append(Turn(asked.shown, answer, note=asked.note))
    elif chat.turns:
        chat.turns[-1] = changed_turn(chat.turns[-1], answer, asked.shown, asked.back_to)


def _take_in(chat: Chat) -> None:
    """Whoever asks something else no longer waits for the question before."""
    if chat.pending is None:
        return
    chat.queue.append(chat.pending)
    chat.pending = None
    if chat.job and chat.under_way and not chat.under_way.is_replay:
        chat.job.stop()


def _here(assistant: Assistant, chat: Chat, asked: Pending) -> Pending:
    """The input on top of what this tab shows, wherever the conversation went elsewhere."""
    if asked.is_replay or asked.job:
        return asked
    with suppress(AuditError):  # the answer itself will tell that the state cannot be read
        known, chat.last_turn = chat.last_turn, assistant.conversation(chat.id, chat.user).turn
        if chat.last_turn == known:
            return asked
        told = DELETED
        if chat.last_turn:
            told, branch = BRANCHED, uuid4().hex
            assistant.history(chat.user).branch(chat.id, known, branch)
            chat.id, chat.last_turn = branch, known
        if asked.change is None:
            return asked._replace(note=told)
        chat.note = told
    return asked


def _work(assistant: Assistant, chat: Chat, asked: Pending) -> Work:
    known = asked.known
    if known is not None:
        return lambda *_: known
    user, session = chat.user, None if asked.is_replay else chat.id
    query = asked.change or asked.query
    if query is not None:
        return lambda on_event, cancel: assistant.run(
            query, user, session, question=asked.asked, on_event=on_event, cancel=cancel
        )
    return lambda on_event, cancel: assistant.ask(
        asked.text, user, session=session, on_event=on_event, cancel=cancel
    )
