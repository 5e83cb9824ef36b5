"""One owner at work on the definitions: open, check, try, save."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.duties import has_duty, lacking
from assistant.editing.preview import Preview, Try, by_members, preview
from assistant.errors import AuditError
from assistant.state import Edit, Store
from semantic_layer.engines import Schema
from semantic_layer.model import Dimension, Manifest, Metric
from semantic_layer.principal import Principal

if TYPE_CHECKING:
    from metrics import Finding
    from metrics.editing.draft import Draft
    from metrics.editing.files import FileText
    from metrics.editing.subject import Subject
    from metrics.editing.written import Plain


class NotSavedError(Exception):
    """Why nothing was written, one sentence."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What a draft would do to the definitions."""

    manifest: Manifest | None
    """None while anything keeps it from coming into force."""
    findings: tuple[Finding, ...]
    """What the owner should know: every error, and what is said about the entry's lines."""

    @property
    def errors(self) -> tuple[Finding, ...]:
        """What must be mended before saving."""
        return tuple(f for f in self.findings if f.level == "error")


@dataclass(frozen=True, slots=True)
class Saved:
    """What was written."""

    file: str
    hash_before: str
    hash_after: str


@dataclass(frozen=True, slots=True)
class Editor:
    """The definitions of one project in the hands of one user."""

    catalog: Path
    project: str
    principal: Principal
    in_force: Manifest
    schema: Schema
    store: Store
    attempt: Try
    now: Callable[[], datetime] = lambda: datetime.now(UTC)

    @property
    def refusal(self) -> str:
        """Why this user may only look; empty for an owner."""
        return "" if has_duty(self.principal, "owner") else lacking(self.principal, "owner")

    def files(self) -> Mapping[str, str]:
        """File within the folder → its domain, of files that hold metrics."""
        found: dict[str, str] = {}
        for metric in self.in_force.metrics.values():
            if metric.at:
                found.setdefault(self._inside(metric.at.file), metric.domain)
        return dict(sorted(found.items(), key=lambda item: item[1]))

    def open(self, entry: Metric | Dimension) -> Draft:
        """An unchanged draft of a metric or dimension in force."""
        from metrics.editing.change import NotEditableError
        from metrics.editing.draft import draft_of

        at = entry.field.at if isinstance(entry, Dimension) else entry.at
        subject = subject_of(entry)
        if at is None:
            raise NotEditableError(f"不知道{subject.word} {subject.name} 写在哪个文件里")
        file = self._inside(at.file)
        return draft_of(subject, file, self.read(file))

    def begin(self, file: str, values: Mapping[str, Plain]) -> Draft:
        """A draft of a new metric in a file; `values` begin with its name."""
        from metrics.editing.draft import new_draft

        return new_draft(values, file, self.read(file))

    def read(self, file: str) -> FileText:
        """A file of definitions as it is now."""
        from metrics.editing.files import read_file

        return read_file(self.catalog / file)

    def is_writable(self, file: str) -> bool:
        """Whether the file can be saved at all."""
        from metrics.editing.files import is_writable

        return is_writable(self.catalog / file)

    def check(self, draft: Draft) -> Checked:
        """Read, linted and held against the database, as if it were saved."""
        manifest, found = self.examined(draft.file, draft.text)
        known = _said_before(self, draft.file, draft.base)
        shown = tuple(
            f for f in found if (f.code, f.message) not in known or self._is_about(f, draft)
        )
        if any(f.level == "error" and (f.code, f.message) not in known for f in found):
            manifest = None
        return Checked(manifest, shown)

    def obstacle(self, draft: Draft, checked: Checked) -> str:
        """Why the draft can not be saved, one sentence; empty when it can."""
        if self.refusal:
            return self.refusal
        if checked.manifest is None:
            return f"草稿没有读成,不能保存:{next(iter(checked.errors), '')}"
        if not _holds(checked.manifest, draft.subject):
            return _vanished(draft.subject)
        if not self.is_writable(draft.file):
            return f"{draft.file} 或它所在的文件夹是只读的,可以试改和预览,不能保存"
        version = self.due_version(draft, checked)
        if version and self.in_force.metrics[draft.subject.name].status != "draft":
            return f"口径的含义变了:请先写明改了什么,版本升为第{version}版"
        return "" if draft.is_changed else "没有改动"

    def due_version(self, draft: Draft, checked: Checked) -> int | None:
        """The version that the draft gets for meaning something else; None: it keeps its own."""
        from assistant.editing.version import due_version

        if checked.manifest is None or draft.subject.home:
            return None
        return due_version(draft.subject.name, self.in_force, checked.manifest)

    def noted(
        self, draft: Draft, version: int, note: str, since: date | None, *, restates: bool
    ) -> Draft:
        """The draft as another version, with what was changed today."""
        from assistant.editing.version import noted

        day = self.now().astimezone().date()
        return noted(draft, version, day, note, since, restates=restates)

    def preview(self, draft: Draft, checked: Checked) -> Preview | None:
        """A metric's last twelve periods, or a dimension's members, before and after."""
        drafted = checked.manifest
        if drafted is None or not _holds(drafted, draft.subject):
            return None
        if draft.subject.home:
            return by_members(drafted.dimensions[draft.subject.name], drafted, self.attempt)
        metric = drafted.metrics[draft.subject.name]
        return preview(metric, drafted, metric.name not in self.in_force.metrics, self.attempt)

    def save(self, draft: Draft) -> Saved:
        """Writes file and audit entry, both or neither; ConflictError when the file changed."""
        from metrics.editing.files import hash_of, replace_file

        checked = self.check(draft)
        obstacle = self.obstacle(draft, checked)
        if obstacle or checked.manifest is None:
            raise NotSavedError(obstacle)
        after = hash_of(draft.text, draft.base.has_bom)
        edit = Edit(
            at=self.now(),
            user=self.principal.name,
            file=draft.file,
            kind=draft.subject.kind,
            name=draft.subject.name,
            hash_before=draft.base.hash,
            hash_after=after,
            manifest_before=self.in_force.hash,
            manifest_after=checked.manifest.hash,
            diff=draft.diff(),
        )
        try:
            replace_file(
                self.catalog / draft.file,
                draft.base,
                draft.text,
                lambda publish: self._written_down(edit, draft, publish),
            )
        except OSError as error:
            raise NotSavedError(
                f"文件 {draft.file} 写不进去({error.strerror}),没有保存。"
                "请检查定义文件夹是否可写、磁盘是否已满"
            ) from error
        return Saved(draft.file, draft.base.hash, after)

    def edits(self, file: str) -> tuple[Mapping[str, Any], ...]:
        """Who changed the file here, newest first."""
        return self.store.edits(file)

    def author_of(self, file: str, now: FileText) -> str:
        """Who brought the file to what it says now; empty when it was not done here."""
        last = next(iter(self.edits(file)), None)
        return str(last["user"]) if last and last["hash_after"] == now.hash else ""

    def _written_down(self, edit: Edit, draft: Draft, publish: Callable[[], None]) -> None:
        from metrics.editing.files import restore_file

        published = False

        def last_step() -> None:
            nonlocal published
            try:
                publish()
            except OSError as error:
                raise NotSavedError(f"文件 {edit.file} 写不进去({error.strerror})") from error
            published = True

        try:
            self.store.add_edit(edit, last_step)
        except AuditError:
            if published:
                restore_file(self.catalog / draft.file, draft.base)
            raise

    def examined(self, file: str, text: str) -> tuple[Manifest | None, tuple[Finding, ...]]:
        """The definitions with this text in the file, and everything to know about them."""
        from metrics import check_against
        from metrics.editing.check import load_with

        manifest, found = load_with(self.catalog, {file: text}, self.project)
        if manifest is None:
            return None, found
        return manifest, (*found, *check_against(manifest, self.schema))

    def _is_about(self, finding: Finding, draft: Draft) -> bool:
        at = finding.at
        if at is None or self._inside(at.file) != draft.file:
            return False
        first = draft.block.first_line
        return first <= at.line < first + max(1, draft.block.text.count("\n"))

    def _inside(self, file: str) -> str:
        """catalog/loan/loan.yml → loan/loan.yml."""
        return file.partition("/")[2]


def subject_of(entry: Metric | Dimension) -> Subject:
    """Where a file defines it."""
    from metrics.editing.subject import Subject

    return Subject(entry.name, entry.home if isinstance(entry, Dimension) else "")


def _holds(manifest: Manifest, subject: Subject) -> bool:
    if not subject.home:
        return subject.name in manifest.metrics
    dimension = manifest.dimensions.get(subject.name)
    return dimension is not None and dimension.home == subject.home


def _vanished(subject: Subject) -> str:
    instead = "" if subject.home else ";不再使用的指标,状态改为“已停用”"
    return f"标识永不改变,{subject.word}也不能在这里删除:请把 name 写回 {subject.name}{instead}"


_SAID: dict[tuple[str, str, str], frozenset[tuple[str, str]]] = {}
_MOST_SAID = 64


def _said_before(editor: Editor, file: str, base: FileText) -> frozenset[tuple[str, str]]:
    """What is to be said about the definitions as they are, whoever changes them."""
    key = (str(editor.catalog), file, base.hash)
    if key not in _SAID:
        if len(_SAID) >= _MOST_SAID:
            _SAID.clear()
        found = editor.examined(file, base.text)[1]
        _SAID[key] = frozenset((f.code, f.message) for f in found)
    return _SAID[key]
