"""wenshu.toml: what it may say, and one sentence for everything it may not."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from pydantic import BaseModel

from assistant.errors import ProjectError, SettingsError
from assistant.settings import Settings, load_settings

DOCUMENT = Path(__file__).resolve().parents[3] / "docs" / "settings.md"


def load(folder: Path, text: str, **environment: str) -> Settings:
    (folder / "wenshu.toml").write_text(text, encoding="utf-8")
    return load_settings(folder, environment)


def sentence(folder: Path, text: str, **environment: str) -> str:
    with pytest.raises(SettingsError) as caught:
        load(folder, text, **environment)
    return caught.value.message.replace(str(folder), "…")


def test_an_empty_file_is_a_project_with_defaults(tmp_path: Path) -> None:
    assert load(tmp_path, "") == Settings()


def test_a_missing_file_says_where_to_look(tmp_path: Path) -> None:
    with pytest.raises(ProjectError, match="--project") as caught:
        load_settings(tmp_path, {})
    assert caught.value.code == "project_missing"


def test_users_carry_roles_and_attributes(tmp_path: Path) -> None:
    settings = load(
        tmp_path,
        '[project]\ndefault_user = "张三"\n[[users]]\nname = "张三"\nroles = ["analyst"]\n'
        'attributes = { branch = "银川分行", line = ["存款", "理财"] }\n',
    )
    principal = settings.user(None)
    assert principal.roles == ("analyst",)
    assert principal.attribute("branch") == ("银川分行",)
    assert principal.attribute("line") == ("存款", "理财")


def test_an_unknown_user_has_no_roles(tmp_path: Path) -> None:
    assert load(tmp_path, "").user("王五").roles == ()


@pytest.mark.parametrize("day", ['"2026-11-20"', "2026-11-20"])
def test_today_may_be_text_or_a_toml_date(tmp_path: Path, day: str) -> None:
    assert load(tmp_path, f"[project]\nas_of = {day}\n").as_of == date(2026, 11, 20)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            '[project]\nnme = "x"\n',
            "…/wenshu.toml 里有不认识的键 project.nme。您是不是想写 name?请改名或删掉",
        ),
        (
            '[projct]\nname = "x"\n',
            "…/wenshu.toml 里有不认识的节 projct。您是不是想写 project?请改名或删掉",
        ),
        (
            '[limits]\ntimeout_s = "30"\n',
            "…/wenshu.toml 里的 limits.timeout_s 应是数字(不加引号,如 30),现在是 '30'。请改正后再试",
        ),
        (
            "[limits]\nmax_result_rows = 0\n",
            "…/wenshu.toml 里的 limits.max_result_rows 应不小于 1,现在是 0。请改正后再试",
        ),
        (
            '[project]\nas_of = "2026-02-30"\n',
            "…/wenshu.toml 里的 project.as_of 应是日期(如 2026-11-20),现在是 '2026-02-30'。请改正后再试",
        ),
        (
            '[database]\nengine = "oracle"\n',
            "…/wenshu.toml 里的 database.engine 只能是 'duckdb',现在是 'oracle'。请改正后再试",
        ),
        (
            '[[users]]\nroles = ["a"]\n',
            "…/wenshu.toml 里的 [[users]] 第 1 个 name 必须写,现在没有。请改正后再试",
        ),
        (
            '[[users]]\nname = "a"\nattributes = { branch = 3 }\n',
            '…/wenshu.toml 里的 [[users]] 第 1 个 attributes branch 应是文字(加引号,如 "bank.duckdb"),现在是 3。请改正后再试',
        ),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence(tmp_path: Path, text: str, expected: str) -> None:
    assert sentence(tmp_path, text) == expected


@pytest.mark.parametrize("text", ["a = ", "[project", 'name = "x'])
def test_broken_toml_names_the_file(tmp_path: Path, text: str) -> None:
    assert sentence(tmp_path, text).startswith("…/wenshu.toml 读不出来")


def test_a_file_in_another_encoding_names_the_file(tmp_path: Path) -> None:
    (tmp_path / "wenshu.toml").write_bytes('[project]\nname = "示例"\n'.encode("gb18030"))
    with pytest.raises(SettingsError, match="UTF-8"):
        load_settings(tmp_path, {})


def test_the_environment_overrides_the_file(tmp_path: Path) -> None:
    settings = load(
        tmp_path,
        "[limits]\ntimeout_s = 30\n",
        WENSHU_LIMITS_TIMEOUT_S="2.5",
        WENSHU_PROJECT_NAME="别名",
        WENSHU_MODEL_FREE_SQL="true",
        WENSHU_PROJECT="elsewhere",
    )
    assert settings.limits.timeout_s == 2.5
    assert settings.project.name == "别名"
    assert settings.model.free_sql is True


def test_a_wrong_environment_value_names_the_variable(tmp_path: Path) -> None:
    wrong = sentence(tmp_path, "", WENSHU_LIMITS_MAX_RESULT_ROWS="many")
    assert wrong.startswith("环境变量 WENSHU_LIMITS_MAX_RESULT_ROWS 应是整数")


def documented() -> set[str]:
    return set(re.findall(r"^\| `([\w.]+)` \|", DOCUMENT.read_text("utf-8"), re.MULTILINE))


def existing() -> set[str]:
    found = {"users"}
    for section, field in Settings.model_fields.items():
        model = field.annotation
        if not (isinstance(model, type) and issubclass(model, BaseModel)):
            model = model.__args__[0]
        found |= {f"{section}.{key}" for key in model.model_fields}
    return found


def test_every_setting_is_documented_and_nothing_else() -> None:
    assert documented() == existing()


def test_the_documented_example_loads(tmp_path: Path) -> None:
    example = re.search(r"```toml\n(.+?)```", DOCUMENT.read_text("utf-8"), re.DOTALL)
    assert example
    assert load(tmp_path, example[1]).project.name == "示例银行"
