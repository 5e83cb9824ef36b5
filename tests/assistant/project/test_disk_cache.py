"""What is kept on disk is read back equal, and nothing in the folder can do harm."""

from __future__ import annotations

import pickle
from datetime import date
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType

import pytest

from assistant import Assistant
from assistant.disk_cache import KEPT, DiskCache, cache_key, files_digest
from metrics.content_hash import manifest_hash
from semantic_layer.query import MetricQuery, MetricRef


@pytest.mark.parametrize(
    "value",
    [
        {"shop": ("东店", "西店")},
        (date(2026, 10, 31), Decimal("1.50"), frozenset({1})),
        MappingProxyType({"a": MetricQuery((MetricRef("deposit"),))}),
    ],
)
def test_values_come_back_equal(tmp_path: Path, value: object) -> None:
    cache = DiskCache(tmp_path)
    cache.put("kind", "key", value)
    assert cache.get("kind", "key") == value
    assert cache.get("kind", "other") is None


def test_a_manifest_comes_back_as_it_was(shop: Assistant, tmp_path: Path) -> None:
    cache = DiskCache(tmp_path)
    cache.put("manifest", "key", shop.manifest)
    known = cache.get("manifest", "key")
    assert (known.hash, manifest_hash(known)) == (shop.manifest.hash,) * 2
    assert known.metrics == shop.manifest.metrics


@pytest.mark.parametrize("content", [b"", b"garbage", b"\x80\x05.", pickle.dumps(print)])
def test_foreign_files_count_as_absent(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "kind-key.cache").write_bytes(content)
    assert DiskCache(tmp_path).get("kind", "key") is None


def test_a_file_cannot_run_code(tmp_path: Path) -> None:
    class Evil:
        def __reduce__(self) -> object:
            return Path.touch, (tmp_path / "harm",)

    (tmp_path / "kind-key.cache").write_bytes(pickle.dumps(Evil()))
    assert DiskCache(tmp_path).get("kind", "key") is None
    assert not (tmp_path / "harm").exists()


@pytest.mark.parametrize(
    "reach",
    [
        b"csemantic_layer.model.expression\nre.sys.modules\n.",
        b"csemantic_layer.model.expression\nparse_scalar\n(V1+1\ntR.",
        b"csemantic_layer.model.expression\nsqlglot\n.",
    ],
)
def test_only_our_own_values_are_built(tmp_path: Path, reach: bytes) -> None:
    (tmp_path / "kind-key.cache").write_bytes(reach)
    assert DiskCache(tmp_path).get("kind", "key") is None


def test_a_folder_that_cannot_be_written_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    DiskCache(tmp_path / "file").put("kind", "key", 1)
    assert DiskCache(tmp_path / "file").get("kind", "key") is None


def test_old_entries_are_forgotten(tmp_path: Path) -> None:
    cache = DiskCache(tmp_path)
    for number in range(KEPT + 3):
        cache.put("kind", str(number), number)
    assert len(list(tmp_path.iterdir())) == KEPT
    assert cache.get("kind", str(KEPT + 2)) == KEPT + 2


def test_keys_follow_content(tmp_path: Path) -> None:
    file = tmp_path / "a.yml"
    file.write_text("1", encoding="utf-8")
    before = cache_key(files_digest(tmp_path, [file]))
    file.write_text("2", encoding="utf-8")
    assert cache_key(files_digest(tmp_path, [file])) != before


def test_a_cached_start_answers_the_same(shop_folder: Path) -> None:
    first = Assistant.open(shop_folder, environment={}).ask("上个月各门店销售额")
    assert list((shop_folder / ".wenshu" / "cache").glob("manifest-*"))
    again = Assistant.open(shop_folder, environment={}).ask("上个月各门店销售额")
    assert (again.rows, again.sql, again.snapshot, again.data_dates) == (
        first.rows,
        first.sql,
        first.snapshot,
        first.data_dates,
    )
