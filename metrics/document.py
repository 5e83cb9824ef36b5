"""One YAML file as plain data that remembers the line of everything in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from metrics.finding import Findings
from metrics.scalar import ScalarError, read_scalar
from semantic_layer.model import Location

Loc = tuple[int | str, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """Plain data of a file, and where each part of it stands."""

    file: str
    root: yaml.MappingNode
    data: dict[Any, Any]

    def at(self, *loc: int | str) -> Location:
        """Line of the deepest part of `loc` that the file has."""
        node: yaml.Node = self.root
        line = 1
        for part in loc:
            step = _step(node, part)
            if step is None:
                break
            line, node = step
        return Location(self.file, line)

    def existing(self, loc: Loc) -> Loc:
        """The leading part of `loc` that the file has."""
        node: yaml.Node = self.root
        for depth, part in enumerate(loc):
            step = _step(node, part)
            if step is None:
                return loc[:depth]
            node = step[1]
        return loc


def read_document(path: Path, file: str, findings: Findings) -> Document | None:
    """The file as a document; None with findings when it cannot be read."""
    text = _text(path, file, findings)
    return None if text is None else document_of(text, file, findings)


def document_of(text: str, file: str, findings: Findings) -> Document | None:
    """The text of a file as a document; None with findings when it cannot be read."""
    node = _compose(text, file, findings)
    if node is None:
        return None
    if not isinstance(node, yaml.MappingNode):
        findings.add(
            "M011",
            Location(file, _line(node)),
            "文件最外层应是“键: 值”的映射。",
            "请以 metrics:、datasets: 等键开头。",
        )
        return None
    plain = _Plain(file, findings)
    data = plain.value(node)
    return Document(file, node, data)


def _text(path: Path, file: str, findings: Findings) -> str | None:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        findings.add(
            "M003", Location(file, 1), f"文件读不出来({error.strerror})。", "请检查文件权限。"
        )
    except UnicodeDecodeError:
        findings.add("M003", Location(file, 1), "文件不是 UTF-8 编码。", "请另存为 UTF-8 编码。")
    return None


def _compose(text: str, file: str, findings: Findings) -> yaml.Node | None:
    try:
        node = yaml.compose(text, Loader=yaml.CSafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        findings.add("M004", Location(file, line), *_syntax_sentence(text, line, error))
        return None
    except (yaml.YAMLError, RecursionError):
        findings.add(
            "M004",
            Location(file, 1),
            "文件里有 YAML 不允许的字符,或嵌套太深。",
            "请用文本编辑器检查,去掉控制字符。",
        )
        return None
    if node is None:
        findings.add(
            "M005", Location(file, 1), "文件是空的,没有任何定义。", "请补上定义或删除文件。"
        )
    return node


def _syntax_sentence(text: str, line: int, error: yaml.MarkedYAMLError) -> tuple[str, str]:
    lines = text.splitlines()
    source = lines[line - 1] if line <= len(lines) else ""
    problem = f"{error.context or ''} {error.problem or ''}"
    if source.startswith("\t") or "\\t" in problem:
        return "缩进里有制表符(Tab)。", "YAML 只能用空格缩进,请把 Tab 换成两个空格。"
    if "mapping values are not allowed" in problem:
        return "一行里出现了第二个“: ”。", "值里有冒号时请给整个值加引号。"
    if "single document" in problem:
        return "一个文件里有多份文档(---)。", "请拆成多个文件。"
    if "alias" in problem:
        return "引用了不存在的锚点(*)。", "请直接写出内容;值以 * 开头时请加引号。"
    if "quoted scalar" in problem:
        return "引号没有成对。", "请补上缺少的引号。"
    if "flow" in problem:
        return "括号 [] 或 {} 没有成对,或里面少了逗号。", "请检查本行和上一行的括号与逗号。"
    if "block" in problem:
        return "缩进不一致,这一行接不上前面的内容。", "请与同级的键左对齐,并检查上一行。"
    return "YAML 写法不对。", "请检查本行及上一行的缩进、冒号(后面要有空格)和引号。"


@dataclass(slots=True)
class _Plain:
    """Turns nodes into plain data, noting what YAML would read differently than meant."""

    file: str
    findings: Findings
    visited: set[int] = field(default_factory=set)

    def value(self, node: yaml.Node) -> Any:
        if isinstance(node, yaml.ScalarNode):
            return self._scalar(node)
        if id(node) in self.visited:
            self._note("M008", node, "不支持锚点(&)与引用(*)。", "请直接写出内容。")
            return None
        self.visited.add(id(node))
        if not node.tag.startswith("tag:yaml.org,2002:"):
            self._note("M008", node, f"不支持标签 {node.tag}。", "请去掉标签。")
        if isinstance(node, yaml.SequenceNode):
            return [self.value(item) for item in node.value]
        return self._mapping(node)

    def _mapping(self, node: yaml.Node) -> dict[Any, Any]:
        data: dict[Any, Any] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                self._note("M011", key_node, "键必须是一个词。", "请检查这一行的写法。")
                continue
            key = self._key(key_node)
            if key in data:
                self._note(
                    "M006", key_node, f"键 {key} 在同一层写了两次。", "请只留一个,或合并内容。"
                )
            data[key] = self.value(value_node)
        return data

    def _key(self, node: yaml.ScalarNode) -> object:
        """on, yes and no are words where a key stands."""
        return node.value if node.tag.endswith(":bool") else self._scalar(node)

    def _scalar(self, node: yaml.ScalarNode) -> object:
        try:
            return read_scalar(node.tag, node.value)
        except ScalarError as error:
            self._note(error.code, node, error.message, error.fix)
            return node.value

    def _note(self, code: str, node: yaml.Node, message: str, fix: str) -> None:
        self.findings.add(code, Location(self.file, _line(node)), message, fix)


def _step(node: yaml.Node, part: int | str) -> tuple[int, yaml.Node] | None:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == str(part):
                return _line(key), value
    if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
        return _line(node.value[part]), node.value[part]
    return None


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1
