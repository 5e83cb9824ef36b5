"""A definition file is replaced in one step, never over somebody else's change."""

from __future__ import annotations

import os
from pathlib import Path
from threading import Barrier, Thread

import pytest

import metrics
from metrics.editing.check import load_with
from metrics.editing.draft import draft_of
from metrics.editing.files import (
    ConflictError,
    FileText,
    hash_of,
    is_writable,
    read_file,
    replace_file,
    restore_file,
)
from metrics.editing.subject import Subject

GOOD = "parameters: [{name: floor, label: 门槛, value: 1}]\n"
BETTER = "parameters: [{name: floor, label: 门槛, value: 2}]  # 新\n"


def at_once(publish):
    publish()


def test_a_saved_file_says_the_new_text_and_keeps_its_rights(tmp_path: Path):
    file = tmp_path / "a.yml"
    file.write_bytes(b"\xef\xbb\xbf" + GOOD.encode())
    file.chmod(0o640)
    replace_file(file, read_file(file), BETTER, at_once)
    assert file.read_bytes() == b"\xef\xbb\xbf" + BETTER.encode()
    assert file.stat().st_mode & 0o777 == 0o640
    assert [held.name for held in tmp_path.iterdir()] == ["a.yml"]


def test_a_change_of_somebody_else_is_never_overwritten(tmp_path: Path):
    file = tmp_path / "a.yml"
    file.write_text(GOOD, "utf-8")
    base = read_file(file)
    file.write_text(GOOD + "# 别人\n", "utf-8")
    with pytest.raises(ConflictError) as told:
        replace_file(file, base, BETTER, at_once)
    assert told.value.now.text == file.read_text("utf-8") == GOOD + "# 别人\n"
    assert [held.name for held in tmp_path.iterdir()] == ["a.yml"]


def test_what_can_not_be_written_down_is_not_saved(tmp_path: Path):
    file = tmp_path / "a.yml"
    file.write_text(GOOD, "utf-8")

    def full(_publish):
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        replace_file(file, read_file(file), BETTER, full)
    assert file.read_text("utf-8") == GOOD
    assert [held.name for held in tmp_path.iterdir()] == ["a.yml"]


def test_a_file_comes_back_as_it_was(tmp_path: Path):
    file = tmp_path / "a.yml"
    file.write_text(GOOD, "utf-8")
    base = read_file(file)
    replace_file(file, base, BETTER, at_once)
    restore_file(file, base)
    assert read_file(file) == base


def test_of_many_who_save_at_once_only_one_does(tmp_path: Path):
    file = tmp_path / "a.yml"
    file.write_text(GOOD, "utf-8")
    base = read_file(file)
    start, outcomes = Barrier(8), []

    def save(number: int) -> None:
        start.wait()
        try:
            replace_file(file, base, f"{GOOD}# {number}\n", at_once)
            outcomes.append(number)
        except ConflictError:
            outcomes.append(-1)

    threads = [Thread(target=save, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    winners = [number for number in outcomes if number >= 0]
    assert len(outcomes) == 8
    assert len(winners) == 1
    assert file.read_text("utf-8") == f"{GOOD}# {winners[0]}\n"


def test_a_folder_that_only_may_be_read_is_known_beforehand(tmp_path: Path, monkeypatch):
    file = tmp_path / "a.yml"
    file.write_text(GOOD, "utf-8")
    assert is_writable(file)
    monkeypatch.setattr(os, "access", lambda path, _mode: path != tmp_path)
    assert not is_writable(file)


def test_a_draft_is_read_as_if_it_were_saved_and_nothing_is_written(folder):
    catalog = folder(a=GOOD, b="version: 1\n")
    drafted = load_with(catalog, {"a.yml": BETTER}, "甲")
    assert drafted.manifest is not None
    assert drafted.manifest.parameters["floor"].value == 2
    assert (catalog / "a.yml").read_text("utf-8") == GOOD
    same = load_with(catalog, {}, "甲").manifest
    assert same is not None
    assert same.hash == metrics.load(catalog, "甲").manifest.hash


def test_a_draft_that_does_not_load_says_file_and_line(folder):
    catalog = folder(a=GOOD, b="version: 1\n")
    broken = load_with(catalog, {"a.yml": "version: 1\n" + GOOD.replace("value", "valu")})
    assert broken.manifest is None
    assert [str(f.at) for f in broken.findings if f.code == "M010"] == ["catalog/a.yml:2"]


def test_another_file_that_can_not_be_read_keeps_every_draft_from_loading(folder):
    catalog = folder(a=GOOD, b="version: 1\n")
    (catalog / "b.yml").write_bytes("label: 余额".encode("gbk"))
    drafted = load_with(catalog, {"a.yml": BETTER})
    assert drafted.manifest is None
    assert [f.code for f in drafted.findings] == ["M003"]


def test_a_draft_of_a_file_with_other_line_ends_keeps_them():
    text = "metrics:\r\n  - name: a\r\n    label: 甲\r\n  - name: b\r\n    label: 乙\r\n"
    draft = draft_of(Subject("a"), "x.yml", FileText(text, hash_of(text)))
    typed = draft.with_lines("  - name: a\n    label: 丙")
    assert typed.text == text.replace("甲", "丙")
    assert typed.with_lines(draft.block.text).text == text
    assert typed.entry() == {"name": "a", "label": "丙"}
    assert typed.with_lines("").entry() is None
    assert [line for line in typed.diff().splitlines() if line[:1] in "+-"][2:] == [
        "-    label: 甲",
        "+    label: 丙",
    ]
