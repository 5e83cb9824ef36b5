"""`wenshu demo build`: one sentence and the right code for every wish that cannot be met."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

import demo

Run = Callable[..., tuple[int, str, str]]


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (("--size", "huge"), "large"),
        (("--seed", "-1"), "种子"),
        (("--seed", "99999999999"), "种子"),
        (("--seed", "eins"), "整数"),
        (("--as-of", "1999-01-01"), "演示日期"),
    ],
)
def test_a_wish_that_does_not_exist_is_wrong_usage(
    run: Run, tmp_path: Path, arguments: tuple[str, ...], named: str
) -> None:
    folder = tmp_path / "new"
    code, out, err = run("demo", "build", "--output", str(folder / "bank.duckdb"), *arguments)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert named in err
    assert not folder.exists()


def test_a_place_that_cannot_be_written_ends_with_1_and_one_sentence(
    run: Run, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    for output in (tmp_path / "file" / "bank.duckdb", tmp_path):
        code, out, err = run("demo", "build", "--size", "small", "--output", str(output))
        assert (code, out, err.count("\n")) == (1, "", 1)
        assert str(output) in err


def test_what_was_built_is_told_as_text_and_as_json(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    output = tmp_path / "bank.duckdb"

    def build_few(path: Path, *wishes: object) -> demo.BuildReport:
        return build(path, *wishes, customers=60)

    build = demo.build
    monkeypatch.setattr(demo, "build", build_few)
    code, out, _ = run(
        "demo", "build", "--size", "small", "--seed", "5", "--output", str(output),
        "--format", "json",
    )  # fmt: skip
    told = json.loads(out)
    assert code == 0
    assert (told["size"], told["seed"], told["as_of"]) == ("small", 5, "2026-11-20")
    assert told["rows"]["dim_customer"] == 60
    code, out, err = run(
        "demo", "build", "--size", "small", "--seed", "5", "--output", str(output)
    )  # fmt: skip
    assert (code, told["row_hash"] in out) == (0, True)
    assert "完成" in err
    code, out, _ = run("demo", "build", "--if-missing", "--output", str(output))
    assert (code, out) == (0, "")
