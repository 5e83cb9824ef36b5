"""What an endpoint can do, found out with two small requests."""

from __future__ import annotations

import time
from dataclasses import dataclass

from assistant.planners.llm.budget import Allowance, Budget
from assistant.planners.llm.draft import draft_schema
from assistant.planners.llm.failure import Kind, ModelError
from assistant.planners.llm.ladder import Ladder, Rung

QUESTION = (
    (
        "system",
        "把问题拆成 JSON 草稿:metrics 的 id 只能是 sales,words 照抄问题里的字;没有的项留空。",
    ),
    ("user", "<metrics>\nsales | 销售额\n</metrics>\n<question>\n上个月卖了多少\n</question>"),
)
RUNG_NAMES: dict[Rung, str] = {
    "json_schema": "按给定结构(json_schema)",
    "tool": "按指定工具(tool)",
    "json_object": "JSON 模式(json_object)",
    "text": "从文字里取 JSON(较慢,容易出错)",
}
MENDED: dict[Kind, str] = {
    "down": "请检查地址、网络,以及服务是否已启动",
    "slow": "请换更快的模型,或在 wenshu.toml 调大 model.wait_s",
    "busy": "请稍后再试,或提高服务的限额",
    "broken": "请查看模型服务的日志",
    "denied": "请检查密钥所在的环境变量",
    "refused": "请检查 base_url 是否以 /v1 结尾、model 是否写对",
    "unusable": "它不会按要求给出 JSON,请换一个模型",
    "spent": "请在 wenshu.toml 调大 model.max_calls",
    "cancelled": "",
}


@dataclass(frozen=True, slots=True)
class Examined:
    """A model server as it was found."""

    rung: Rung | None = None
    seconds: float = 0.0
    """Of one small draft."""
    streams: bool = False
    failure: ModelError | None = None

    @property
    def told(self) -> str:
        """One sentence; after a failure also how to mend it."""
        if self.failure is not None:
            return f"{self.failure}。{MENDED[self.failure.kind]}"
        assert self.rung is not None
        streams = "支持流式" if self.streams else "不支持流式(不影响使用)"
        return f"可用,{RUNG_NAMES[self.rung]},{streams},应答 {self.seconds:.1f} 秒"


def examine(ladder: Ladder, allowance: Allowance) -> Examined:
    """Which rung holds, whether it streams, how long it takes."""
    ladder.chat.warm_up()
    budget = Budget(allowance)
    schema = draft_schema(["sales"], [], [])
    try:
        ladder.ask(QUESTION, schema, budget)
        started = time.monotonic()
        ladder.ask(QUESTION, schema, budget)
        seconds = time.monotonic() - started
    except ModelError as error:
        return Examined(failure=error)
    return Examined(ladder.rung, seconds, _streams(ladder, allowance))


def _streams(ladder: Ladder, allowance: Allowance) -> bool:
    try:
        return ladder.chat.pieces(QUESTION, Budget(allowance)) > 1
    except ModelError:
        return False
