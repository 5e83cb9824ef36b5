"""Who may keep the system, apart from who may see which rows: roles with a fixed name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, get_args

from semantic_layer.principal import Principal

Duty = Literal["owner", "evaluator", "operator"]
DUTIES: tuple[Duty, ...] = get_args(Duty)
_WORDS: Mapping[Duty, str] = {"owner": "口径负责人", "evaluator": "评测人", "operator": "运维人"}


def has_duty(principal: Principal, duty: Duty) -> bool:
    """Whether one of the user's roles is the duty's own name."""
    return duty in principal.roles


def duties_of(principal: Principal) -> tuple[str, ...]:
    """What the user keeps, in words."""
    return tuple(_WORDS[duty] for duty in DUTIES if has_duty(principal, duty))


def lacking(principal: Principal, duty: Duty, instead: str = "只能查看") -> str:
    """Why the user may not, as a sentence."""
    return (
        f"当前用户“{principal.name}”不是{_WORDS[duty]},{instead}。"
        f"需要时请管理员在 wenshu.toml 里给这个用户加上角色 {duty}"
    )
