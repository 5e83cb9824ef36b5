"""Whatever is wrong with a project: one sentence, the right code, and no traceback."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from assistant import Answer, Assistant, ProjectError

QUESTION = "上个月销售额"
SALES = ((Decimal("350.75"),),)


def ask(folder: Path) -> Answer:
    assistant = Assistant.open(folder, environment={})
    try:
        return assistant.ask(QUESTION)
    finally:
        assistant.close()


def write_rows(folder: Path, *statements: str) -> None:
    """A new database file put in the place of the old one, as a nightly load does."""
    fresh = folder / "fresh.duckdb"
    with duckdb.connect(str(fresh)) as connection:
        connection.execute((folder / "shop.sql").read_text("utf-8"))
        for statement in statements:
            connection.execute(statement)
    fresh.replace(folder / "shop.duckdb")


def break_definitions(folder: Path, old: str, new: str) -> None:
    file = folder / "catalog" / "shop.yml"
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    os.utime(file, ns=(0, file.stat().st_mtime_ns + 1_000_000))


def test_a_folder_without_settings_is_no_project(tmp_path: Path) -> None:
    with pytest.raises(ProjectError, match=r"wenshu\.toml") as caught:
        Assistant.open(tmp_path)
    assert caught.value.code == "project_missing"


def test_a_missing_database_says_which_file(shop_folder: Path) -> None:
    (shop_folder / "shop.duckdb").unlink()
    answer = ask(shop_folder)
    assert (answer.code, answer.exit_code) == ("database_missing", 1)
    assert "shop.duckdb" in answer.message


@pytest.mark.parametrize("content", [b"", b"not a database" * 100, b"\0" * 5000])
def test_a_file_that_is_no_database_is_corrupt(shop_folder: Path, content: bytes) -> None:
    (shop_folder / "shop.duckdb").write_bytes(content)
    answer = ask(shop_folder)
    assert (answer.code, answer.exit_code) == ("database_corrupt", 1)


def test_a_truncated_database_is_corrupt(shop_folder: Path) -> None:
    file = shop_folder / "shop.duckdb"
    file.write_bytes(file.read_bytes()[:6000])
    assert ask(shop_folder).code in ("database_corrupt", "engine")


def test_a_folder_in_the_place_of_the_database(shop_folder: Path) -> None:
    (shop_folder / "shop.duckdb").unlink()
    (shop_folder / "shop.duckdb").mkdir()
    assert ask(shop_folder).code == "database_corrupt"


def test_a_database_that_is_being_written_is_locked(shop_folder: Path) -> None:
    script = (
        "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print('open', flush=True);"
        "sys.stdin.read()"
    )
    command = [sys.executable, "-c", script, str(shop_folder / "shop.duckdb")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as writer:
        assert writer.stdout is not None
        writer.stdout.readline()
        answer = ask(shop_folder)
        writer.communicate(b"")
    assert (answer.code, answer.exit_code) == ("database_locked", 1)
    assert ask(shop_folder).rows == SALES


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("synonyms: [营业额]", "synonims: [营业额]", "synonims"),
        ("metrics:", "metrics: [", "shop.yml"),
        ("agg: sum", "agg: summe", "summe"),
        ("dataset: sales", "dataset: sale", "sale"),
        ("version: 1", "version: 1\n\tx: 1", "shop.yml"),
    ],
)
def test_definitions_that_do_not_load_name_file_and_line(
    shop_folder: Path, old: str, new: str, named: str
) -> None:
    break_definitions(shop_folder, old, new)
    answer = ask(shop_folder)
    assert (answer.code, answer.exit_code) == ("definitions_invalid", 1)
    assert named in answer.message
    assert "shop.yml:" in answer.message


def test_an_empty_catalogue_folder(shop_folder: Path) -> None:
    (shop_folder / "catalog" / "shop.yml").unlink()
    assert ask(shop_folder).code == "definitions_invalid"


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("source: sales", "source: sale_lines", "sale_lines"),
        ("expr: amount", "expr: amountt", "amountt"),
        ("time: day", "time: dayy", "dayy"),
    ],
)
def test_tables_that_do_not_match_name_the_definition(
    shop_folder: Path, old: str, new: str, named: str
) -> None:
    break_definitions(shop_folder, old, new)
    answer = ask(shop_folder)
    assert (answer.code, answer.exit_code) == ("tables_mismatch", 1), answer.message
    assert named in answer.message


def test_other_metrics_go_on_when_one_does_not_match(shop: Assistant) -> None:
    break_definitions(shop.folder, "expr: refund", "expr: refundd")
    assert shop.ask("上个月退款额").code == "tables_mismatch"
    assert shop.ask(QUESTION).rows == SALES


class TestWhileRunning:
    """The conversation goes on while files change beneath it."""

    def test_new_definitions_take_effect_at_once(self, shop: Assistant) -> None:
        assert shop.ask("上个月营收").outcome != "answer"
        break_definitions(shop.folder, "[营业额]", "[营业额, 营收]")
        assert shop.ask("上个月营收").rows == SALES

    def test_the_last_good_definitions_stay_and_say_so(self, shop: Assistant) -> None:
        assert shop.ask(QUESTION).warnings == ()
        break_definitions(shop.folder, "label: 销售额", "lable: 销售额")
        for _ in range(2):
            answer = shop.ask(QUESTION)
            assert answer.rows == SALES
            assert [w.code for w in answer.warnings] == ["definitions_not_loaded"]
            assert "shop.yml:" in answer.warnings[0].message
        break_definitions(shop.folder, "lable: 销售额", "label: 销售额")
        assert shop.ask(QUESTION).warnings == ()

    def test_new_data_is_read_at_once(self, shop: Assistant) -> None:
        before = shop.ask("本月销售额")
        write_rows(shop.folder, "INSERT INTO sales VALUES (6, '2026-11-20', 3, '茶叶', 7, 0, '')")
        after = shop.ask("本月销售额")
        assert (before.rows, after.rows) == (((Decimal("100.00"),),), ((Decimal("107.00"),),))
        assert before.snapshot != after.snapshot

    def test_new_values_are_known_at_once(self, shop: Assistant) -> None:
        assert shop.ask("上个月北店销售额").outcome != "answer"
        write_rows(
            shop.folder,
            "INSERT INTO shops VALUES (4, '北店', '北京')",
            "INSERT INTO sales VALUES (6, '2026-10-20', 4, '茶叶', 7, 0, '')",
        )
        assert shop.ask("上个月北店销售额").rows == ((Decimal("7.00"),),)

    def test_a_database_that_goes_away_and_comes_back(self, shop: Assistant) -> None:
        assert shop.ask(QUESTION, session="早会").rows == SALES
        (shop.folder / "shop.duckdb").rename(shop.folder / "away.duckdb")
        assert shop.ask(QUESTION, session="早会").code == "database_missing"
        (shop.folder / "away.duckdb").rename(shop.folder / "shop.duckdb")
        assert shop.ask(QUESTION, session="早会").rows == SALES


def test_an_answer_that_cannot_be_audited_is_not_shown(shop: Assistant) -> None:
    shop.ask(QUESTION)
    store = shop.store()

    def refuse(*_: object) -> None:
        from assistant.errors import AuditError

        raise AuditError("磁盘已满。")

    store.record = refuse  # type: ignore[method-assign]
    answer = shop.ask(QUESTION)
    assert (answer.code, answer.exit_code, answer.rows) == ("audit", 1, ())


def test_a_state_file_that_cannot_be_written(make_shop: Callable[..., Path]) -> None:
    folder = make_shop()
    shutil.rmtree(folder / ".wenshu")
    (folder / ".wenshu").write_text("a file where the folder should be", encoding="utf-8")
    answer = ask(folder)
    assert (answer.code, answer.rows) == ("audit", ())
    assert "[state] path" in answer.message


def test_an_unexpected_error_is_told_without_a_traceback(
    shop_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("secret detail")

    monkeypatch.setattr("assistant.pipeline.compiled_once", broken)
    answer = ask(shop_folder)
    assert (answer.code, answer.exit_code) == ("internal", 1)
    assert "secret" not in answer.to_json()


def test_every_manifest_is_kept_for_replay(shop: Assistant) -> None:
    shop.ask(QUESTION)
    sources = shop.store().manifest_sources(shop.manifest.hash)
    assert sources is not None
    assert list(sources) == ["shop.yml"]
