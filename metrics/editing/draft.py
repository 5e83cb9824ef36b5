"""What somebody is about to write about one metric or dimension; nothing on disk knows of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from difflib import unified_diff
from typing import Any

from metrics.editing.block import Block, block_of, with_new_metric
from metrics.editing.change import NotEditableError, Path, changed
from metrics.editing.files import FileText
from metrics.editing.nodes import newline_of
from metrics.editing.subject import Subject, entry_of
from metrics.editing.written import Plain


@dataclass(frozen=True, slots=True)
class Draft:
    """One entry's lines on the way to their file."""

    subject: Subject
    file: str
    """Path within the folder of definitions."""
    base: FileText
    """The file that the draft was begun from."""
    block: Block
    """The file as the draft has it."""

    @property
    def text(self) -> str:
        """The whole file as it would be saved."""
        return self.block.whole

    @property
    def is_changed(self) -> bool:
        """Whether there is anything to save."""
        return self.text != self.base.text

    @property
    def is_new(self) -> bool:
        """Whether the file does not know the entry yet."""
        return block_of(self.base.text, self.subject) is None

    def entry(self) -> Mapping[str, Any] | None:
        """The entry's keys and values; None while the text is no YAML."""
        return entry_of(self.text, self.subject)

    def with_value(self, path: Path, value: Plain | None) -> Draft:
        """The draft with one key set, or taken away."""
        return self._of(changed(self.text, self.subject, path, value))

    def with_lines(self, lines: str) -> Draft:
        """The draft with the entry's lines as typed."""
        newline = newline_of(self.base.text)
        typed = lines.replace("\r\n", "\n").rstrip("\n")
        text = typed.replace("\n", newline) + newline if typed.strip() else ""
        return replace(self, block=self.block._replace(text=text))

    def begun_from(self, now: FileText) -> Draft | None:
        """The same draft on a newer file; None when the entry itself was changed there."""
        before, after = block_of(self.base.text, self.subject), block_of(now.text, self.subject)
        if (before and before.text) != (after and after.text):
            return None
        return self.over(now)

    def over(self, now: FileText) -> Draft:
        """These lines in a newer file, instead of what it says about the entry."""
        place = block_of(now.text, self.subject)
        if place is None:
            place = _place_for(now.text, self.subject)
        return replace(self, base=now, block=place._replace(text=self.block.text))

    def diff(self) -> str:
        """What saving would change, line by line."""
        return diff_of(self.base.text, self.text, self.file)

    def _of(self, text: str) -> Draft:
        before, after = self.block.before, self.block.after
        inner = text[len(before) : len(text) - len(after)]
        return replace(self, block=Block(before, inner, after))


def draft_of(subject: Subject, file: str, base: FileText) -> Draft:
    """An unchanged draft of an entry that the file has."""
    block = block_of(base.text, subject)
    if block is None:
        raise NotEditableError(
            f"{file} 里的{subject.word} {subject.name} 不能单独编辑,请直接修改文件"
        )
    return Draft(subject, file, base, block)


def new_draft(values: Mapping[str, Plain], file: str, base: FileText) -> Draft:
    """A draft of a metric that no file has yet; `values` begin with its name."""
    metric = Subject(str(values["name"]))
    block = block_of(with_new_metric(base.text, values), metric)
    if block is None:
        raise NotEditableError(f"{file} 里不能新增指标,请直接修改文件")
    return Draft(metric, file, base, block)


def diff_of(before: str, after: str, file: str) -> str:
    """The changed lines with a little of what stands around them."""
    lines = unified_diff(before.splitlines(), after.splitlines(), file, file, lineterm="", n=2)
    return "\n".join(lines)


def _place_for(text: str, subject: Subject) -> Block:
    """The end of the list; a dimension stands only where its dataset has it."""
    new = None if subject.home else block_of(with_new_metric(text, {"name": subject.name}), subject)
    if new is None:
        raise NotEditableError(f"文件里找不到{subject.word} {subject.name} 的位置")
    return new
