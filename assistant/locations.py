"""Which folder is the project, and where it may write."""

from __future__ import annotations

import os
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

from assistant.errors import ProjectError
from assistant.settings import FILE_NAME


def find_project(given: str | Path | None, environment: Mapping[str, str], here: Path) -> Path:
    """The folder asked for, else WENSHU_PROJECT, else this folder, else the demonstration."""
    wanted = given or environment.get("WENSHU_PROJECT")
    if wanted:
        folder = Path(wanted).expanduser()
        if folder.name == FILE_NAME:
            folder = folder.parent
        if not (folder / FILE_NAME).is_file():
            raise ProjectError(
                f"文件夹 {folder} 里没有 {FILE_NAME}。请用 --project 指向项目文件夹,"
                "或不写 --project 使用自带的演示项目"
            )
        return folder.resolve()
    return here.resolve() if (here / FILE_NAME).is_file() else demo_project()


def demo_project() -> Path:
    """The bundled demonstration, in a checkout or an installed wheel."""
    found = find_spec("demo")
    if found is None or found.origin is None:
        raise ProjectError("安装里缺少自带的演示项目,请重新安装 wenshu")
    return Path(found.origin).resolve().parent / "project"


def writable_path(path: str, project: Path, environment: Mapping[str, str]) -> Path:
    """A file of the project; for the bundled one in a read-only place, in the user's folder."""
    wanted = Path(path).expanduser()
    inside = wanted if wanted.is_absolute() else project / wanted
    if wanted.is_absolute() or project != demo_project() or inside.exists():
        return inside
    return inside if os.access(project, os.W_OK) else user_folder(environment) / "demo" / wanted


def user_folder(environment: Mapping[str, str]) -> Path:
    """Where programs keep their data for this user."""
    base = environment.get("XDG_DATA_HOME") or environment.get("LOCALAPPDATA")
    return (Path(base) if base else Path.home() / ".local" / "share") / "wenshu"
