"""Why a model gave nothing usable.

ModelError (kind, one Chinese sentence)
├── RungRefusedError     this server knows no such response format; another rung may do
└── UnusableError        it answered, but not with a draft; another rung or a repair may do
"""

from __future__ import annotations

from typing import Literal

Kind = Literal[
    "down", "slow", "busy", "broken", "denied", "refused", "unusable", "cancelled", "spent",
]  # fmt: skip
SENTENCES: dict[Kind, str] = {
    "down": "大模型连接不上",
    "slow": "大模型没有在规定时间内应答",
    "busy": "大模型服务繁忙",
    "broken": "大模型服务出错",
    "denied": "大模型服务拒绝了密钥",
    "refused": "大模型服务不接受请求的格式",
    "unusable": "大模型的回答不能用",
    "cancelled": "已取消",
    "spent": "大模型的调用次数或字数用完了",
}
RETRIED: frozenset[Kind] = frozenset({"slow", "busy", "broken", "down"})


class ModelError(Exception):
    """No draft, for this reason."""

    def __init__(self, kind: Kind, detail: str = "", wait_s: float | None = None) -> None:
        super().__init__(f"{SENTENCES[kind]}({detail})" if detail else SENTENCES[kind])
        self.kind: Kind = kind
        self.sentence = SENTENCES[kind]
        self.detail = detail
        """For the log and `doctor`; never shown beside an answer."""
        self.wait_s = wait_s
        """What the server asked to wait."""


class RungRefusedError(ModelError):
    """The server does not do this rung."""

    def __init__(self, detail: str = "") -> None:
        super().__init__("refused", detail)


class UnusableError(ModelError):
    """Nothing that can be read as a draft."""

    def __init__(self, detail: str = "") -> None:
        super().__init__("unusable", detail)
