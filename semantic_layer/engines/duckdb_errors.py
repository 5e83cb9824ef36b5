"""Turns what DuckDB says into our error tree, in Chinese."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from semantic_layer.engines.errors import (
    DatabaseCorruptError,
    DatabaseError,
    DatabaseLockedError,
    DatabaseMissingError,
    DatabaseUnreadableError,
    DatabaseVersionError,
    EngineClosedError,
    EngineError,
    NotADatabaseError,
    QueryFailedError,
)

_OPENING: tuple[tuple[str, type[DatabaseError], str], ...] = (
    (
        r"Conflicting lock is held|Could not set lock",
        DatabaseLockedError,
        "数据库 {where} 正被另一个程序以写方式打开{pid},请等它结束后重试",
    ),
    (
        r"different configuration|Unique file handle conflict",
        DatabaseLockedError,
        "数据库 {where} 正在本程序里以写方式打开,请等写入结束后重试",
    ),
    (
        r"version number|storage version|newer version",
        DatabaseVersionError,
        "数据库 {where} 由更新版本的 DuckDB 写成,请升级 duckdb 后重试",
    ),
    (
        r"does not exist|No files found|No such file",
        DatabaseMissingError,
        "找不到数据文件 {where},请核对 wenshu.toml 里 [database] 的路径",
    ),
    (
        r"Permission denied|Is a directory",
        DatabaseUnreadableError,
        "没有权限读取数据文件 {where},请为当前用户开放读权限",
    ),
    (
        r"not a valid DuckDB|No magic bytes|too small to be a Parquet",
        NotADatabaseError,
        "文件 {where} 不是可读的数据文件,请核对 wenshu.toml 里 [database] 的路径",
    ),
    (
        r"",
        DatabaseCorruptError,
        "数据文件 {where} 已损坏,无法读取,请从备份恢复或重新生成",
    ),
)
_RUNNING: tuple[tuple[str, str], ...] = (
    (
        r'Table with name "?([^"\n]+?)"? does not exist',
        "数据库里没有表“{0}”,请核对定义文件的 source 与数据库是否一致",
    ),
    (
        r'(?:Referenced column|does not have a column named) "([^"]+)"',
        "数据库里没有字段“{0}”,请核对定义文件与数据库是否一致",
    ),
    (
        r"^Out of Memory",
        "这个问题需要的内存超过上限,请缩小时间范围或减少分组",
    ),
    (
        r"^Conversion Error",
        "数据里有无法转换的值,请核对定义文件中字段的类型与数据是否一致",
    ),
    (
        r"pytz",
        "结果含带时区的时间,请在定义文件中把该字段转换为日期或不带时区的时间",
    ),
)
_CORRUPT = re.compile(r"Corrupt database file|Could not read enough bytes|Checksum", re.IGNORECASE)


@contextmanager
def duckdb_errors(where: str) -> Iterator[None]:
    """Raises a DatabaseError that names the file when opening it fails."""
    import duckdb

    try:
        yield
    except duckdb.Error as error:
        raise _opening_error(str(error), where) from error


def running_error(error: Exception, where: str) -> EngineError:
    """What a statement's failure means to the user."""
    text = str(error)
    if _CORRUPT.search(text):
        return DatabaseCorruptError(
            f"数据文件 {where} 已损坏,无法读取,请从备份恢复或重新生成", text
        )
    if "Connection already closed" in text or "Connection Error" in text:
        return EngineClosedError("数据库连接已关闭,请重新提问", text)
    for pattern, sentence in _RUNNING:
        match = re.search(pattern, text, re.IGNORECASE)
        if match:
            names = [name for name in match.groups() if name]
            return QueryFailedError(sentence.format(*names), text)
    return QueryFailedError("数据库没有执行成功,请换一种问法;如仍出现,请联系管理员查看日志", text)


def _opening_error(text: str, where: str) -> DatabaseError:
    holder = re.search(r"\(PID (\d+)\)", text)
    pid = f"(进程号 {holder[1]})" if holder else ""
    for pattern, kind, sentence in _OPENING:
        if re.search(pattern, text, re.IGNORECASE):
            return kind(sentence.format(where=where, pid=pid), text)
    raise AssertionError(text)  # the last pattern matches everything
