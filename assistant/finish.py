"""Who asked, when, with which definitions: what every answer carries whatever its outcome."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import date

from assistant.answer import Answer, PlannerName
from assistant.context import Context
from assistant.errors import ProjectError
from assistant.outcomes import AnswerCode
from assistant.state import Purpose
from assistant.world import World, snapshot_id
from semantic_layer.engines import EngineError
from semantic_layer.principal import Principal

INTERNAL = Answer(
    code="internal",
    message="程序内部出错,这个问题没有回答。请换一种问法;如仍出现,"
    "请把问题原文交给管理员(命令行加 --debug 可看详情)",
)
MODEL_MISSING = Answer(
    code="model",
    message="还没有配置大模型。请在 wenshu.toml 的 [model] 写 base_url 和 model,"
    "或去掉 --planner llm 使用内置规则",
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What came in."""

    question: str | None
    principal: Principal
    as_of: date
    session: str | None = None
    planner: PlannerName | None = "grammar"
    purpose: Purpose = ""


def finished(answer: Answer, asked: Asked, context: Context, world: World) -> Answer:
    """The answer with everything around it filled in."""
    snapshot = context.snapshot
    return replace(
        addressed(answer, asked),
        snapshot=snapshot_id(snapshot),
        warnings=(*answer.warnings, *world.notices),
        data_dates=answer.data_dates or dict(snapshot.data_dates),
        timings_ms=context.trail.timings_ms(),
    )


def addressed(answer: Answer, asked: Asked) -> Answer:
    """The answer with asker, day and a new id."""
    return replace(
        answer,
        id=uuid.uuid4().hex,
        session=asked.session,
        as_of=asked.as_of,
        user=asked.principal.name or None,
        question=asked.question,
        planner=answer.planner or asked.planner,
        message=as_sentence(answer.message),
    )


def failure(error: Exception) -> Answer:
    """One sentence about what went wrong; of the unexpected only that it happened."""
    if isinstance(error, ProjectError | EngineError):
        return Answer(code=error.code, message=error.message)
    return INTERNAL


def failure_answer(error: Exception | AnswerCode, message: str = "") -> Answer:
    """A failure before there was any assistant to answer."""
    failed = failure(error) if isinstance(error, Exception) else Answer(code=error, message=message)
    return replace(failed, message=as_sentence(failed.message))


def as_sentence(message: str | None) -> str | None:
    """Closed with a full stop, whoever wrote it."""
    if not message or message[-1] in "。?!?!…":
        return message
    return message + "。"
