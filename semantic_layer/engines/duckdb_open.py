"""Opens a DuckDB file, or views over Parquet files, and locks the connection down.

A file is attached to a private in-memory instance instead of being connected to: DuckDB
hands out one shared instance per path, so a replaced file would go on showing old rows.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from pathlib import Path
from tempfile import gettempdir
from typing import TYPE_CHECKING
from uuid import uuid4

from sqlglot import exp

from semantic_layer.engines.duckdb_errors import duckdb_errors
from semantic_layer.engines.errors import (
    DatabaseMissingError,
    DatabaseUnreadableError,
    NotADatabaseError,
)

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

CATALOG = "warehouse"
"""The name under which the data is attached."""
ROLLUPS = "rollups"
"""The name under which sums made beforehand are attached."""
logger = logging.getLogger(__name__)
_ENTER = "USE warehouse"
_ATTACH_EMPTY = "ATTACH ':memory:' AS warehouse"
_DATABASE_MAGIC = b"DUCK"
_MAGIC_OFFSET = 8
_STARTING_CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "allow_community_extensions": False,
    "python_enable_replacements": False,
}


def open_file(
    path: Path, settings: dict[str, str], rollups: Path | None = None
) -> DuckDBPyConnection:
    """A locked connection to a database file; DatabaseError otherwise."""
    _check_is_database(path)
    connection = private_instance(settings)
    with duckdb_errors(str(path)):
        connection.execute(attach(path, CATALOG, read_only=True))
    enter_catalog(connection)
    connection.execute("DETACH memory")
    _attach_rollups(connection, rollups)
    _lock(connection)
    return connection


def open_parquet(
    files: tuple[Path, ...], settings: dict[str, str], rollups: Path | None = None
) -> DuckDBPyConnection:
    """A locked connection with one view per file, named like the file."""
    connection = open_parquet_unlocked(files, settings)
    _attach_rollups(connection, rollups)
    connection.execute("SET allowed_paths = ?", [[str(file) for file in files]])
    _lock(connection)
    return connection


def open_parquet_unlocked(files: tuple[Path, ...], settings: dict[str, str]) -> DuckDBPyConnection:
    """A connection with one view per file, for building beside them."""
    connection = private_instance(settings)
    connection.execute(_ATTACH_EMPTY)
    enter_catalog(connection)
    for file in files:
        view = exp.Create(
            this=exp.Table(this=exp.to_identifier(file.stem, quoted=True)),
            kind="VIEW",
            expression=exp.select("*").from_(
                exp.Table(this=exp.func("read_parquet", exp.Literal.string(str(file))))
            ),
        )
        with duckdb_errors(str(file)):
            connection.execute(view.sql(dialect="duckdb"))
    return connection


def attach(path: Path, name: str, *, read_only: bool) -> str:
    """The statement that attaches a file under a name."""
    option = [exp.AttachOption(this=exp.var("READ_ONLY"))] if read_only else []
    this = exp.alias_(exp.Literal.string(str(path)), name)
    return exp.Attach(this=this, expressions=option).sql(dialect="duckdb")


def _attach_rollups(connection: DuckDBPyConnection, rollups: Path | None) -> None:
    """Beside the data, when they can be read; else the rows answer alone."""
    import duckdb

    if rollups is None or not rollups.is_file():
        return
    try:
        connection.execute(attach(rollups, ROLLUPS, read_only=True))
    except duckdb.Error as error:
        logger.info("rollups %s cannot be read: %s", rollups, error)


def matching_files(pattern: str) -> tuple[Path, ...]:
    """The files a pattern matches, sorted; maybe none."""
    wanted = Path(pattern)
    found = Path(wanted.anchor or ".").glob(str(wanted.relative_to(wanted.anchor)))
    return tuple(sorted(match.resolve() for match in found))


def parquet_files(pattern: str) -> tuple[Path, ...]:
    """The files a pattern matches, each with a name of its own; DatabaseError otherwise."""
    files = matching_files(pattern)
    if not files:
        raise DatabaseMissingError(
            f"没有找到符合 {pattern} 的 Parquet 文件,"
            "请核对 wenshu.toml 里 [database] parquet 的路径"
        )
    _check_names_differ(files)
    return files


def enter_catalog(connection: DuckDBPyConnection) -> None:
    """Makes the data the place where plain table names are looked up."""
    connection.execute(_ENTER)


def _check_is_database(path: Path) -> None:
    if path.is_dir():
        raise DatabaseUnreadableError(
            f"数据库路径 {path} 是一个文件夹,请在 wenshu.toml 的 [database] path 写到具体文件"
        )
    try:
        with path.open("rb") as file:
            head = file.read(_MAGIC_OFFSET + len(_DATABASE_MAGIC))
    except FileNotFoundError as error:
        raise DatabaseMissingError(
            f"找不到数据库文件 {path},请核对 wenshu.toml 里 [database] path,"
            "示例银行可用 wenshu demo build 生成"
        ) from error
    except OSError as error:
        raise DatabaseUnreadableError(
            f"没有权限读取数据库文件 {path},请为当前用户开放读权限", str(error)
        ) from error
    if head[_MAGIC_OFFSET:] != _DATABASE_MAGIC:
        raise NotADatabaseError(
            f"文件 {path} 不是 DuckDB 数据库,请核对 wenshu.toml 里 [database] path"
        )


def _check_names_differ(files: Iterable[Path]) -> None:
    seen: dict[str, Path] = {}
    for file in files:
        other = seen.setdefault(file.stem.lower(), file)
        if other is not file:
            raise DatabaseUnreadableError(
                f"Parquet 文件 {other} 与 {file} 同名,会成为同一张表,请改名或缩小 parquet 的路径"
            )


def private_instance(settings: dict[str, str]) -> DuckDBPyConnection:
    """A private instance; what does not fit into memory spills to a folder of its own."""
    import duckdb

    spill = Path(gettempdir()) / f"wenshu-{uuid4().hex}"
    config = {**_STARTING_CONFIG, "temp_directory": str(spill), **settings}
    connection = duckdb.connect(":memory:", config=config)
    connection.execute("SET GLOBAL TimeZone = 'Asia/Shanghai'")
    # without a script file DuckDB takes the process for a console and draws on its output
    connection.execute("SET enable_progress_bar = false")
    return connection


def _lock(connection: DuckDBPyConnection) -> None:
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")
