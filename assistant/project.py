"""The composition root: a project folder becomes an `Assistant`.

Only here are wenshu.toml, environment and clock read; everything beneath is given its parts.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING, Any, Literal, Self

from sqlglot import exp

from assistant.agent.setup import analyst_of
from assistant.answer import Answer
from assistant.asking import Asking, ask_in, run_in
from assistant.catalogue import Entry, Kind, catalogue, catalogue_entry
from assistant.context import Context
from assistant.definitions import definition_paths
from assistant.discretion import discreet
from assistant.disk_cache import DiskCache
from assistant.errors import AuditError, ProjectError
from assistant.examples import answerable_examples, is_answerable
from assistant.explore import Explorer
from assistant.finish import INTERNAL, MODEL_MISSING, Asked, addressed, failure, finished
from assistant.follow_ups import FollowUps
from assistant.locations import demo_project, find_project, writable_path
from assistant.option_numbers import option_numbers
from assistant.pipeline import answer_query
from assistant.planners.llm.arbitrate import ModelAdviser
from assistant.planners.llm.setup import adviser_of
from assistant.question_text import cleaned
from assistant.reading import Reading
from assistant.reply import Reply
from assistant.retrieve import Index
from assistant.rollups import BuiltRollups, OnTable, build_rollups, rollup_file
from assistant.settings import Settings, load_settings
from assistant.sight import denied_to
from assistant.state import (
    Conversation,
    Export,
    Feedback,
    History,
    Purpose,
    SqliteStore,
    Store,
    Turn,
)
from assistant.trail import OnEvent, Trail, ignore
from assistant.vocabulary import Word, vocabulary
from assistant.world import World
from assistant.world_keeper import WorldKeeper
from semantic_layer.engines import CancelToken, Engine, EngineError, Limits
from semantic_layer.model import Manifest
from semantic_layer.problem import Problem
from semantic_layer.query import Patch, Query, query_from_json
from semantic_layer.result import Notice
from semantic_layer.run import Running
from semantic_layer.snapshot import Snapshot

if TYPE_CHECKING:
    from assistant.editing import Editor
    from assistant.replay import Replayed
    from metrics.live import LiveReport

logger = logging.getLogger(__name__)
PlannerWish = Literal["auto", "grammar", "llm"]


class Assistant:
    """Answers questions about one project; shared by all threads."""

    def __init__(
        self,
        folder: Path,
        settings: Settings,
        environment: Mapping[str, str],
        today: Callable[[], date],
        *,
        debug: bool = False,
    ) -> None:
        self.folder = folder
        self.settings = settings
        self._today = today
        self._debug = debug
        self.catalog = (folder / settings.project.catalog).resolve()
        self.database = (
            folder
            if settings.database.parquet
            else writable_path(settings.database.path, folder, environment)
        )
        self.state_file = writable_path(settings.state.path, folder, environment)
        cache = DiskCache(self.state_file.parent / "cache")
        self._keeper = WorldKeeper(
            self.catalog, self.database, settings, cache, self._keep_manifest,
            self.state_file.parent, environment.get(settings.embedding.api_key_env, ""),
        )  # fmt: skip
        self._model = adviser_of(settings.model, environment)
        self._analyst = analyst_of(settings.model, self._model)
        self._follow_ups = FollowUps()
        self._lock = RLock()
        self._store: Store | None = None

    @classmethod
    def open(
        cls,
        path: str | Path | None = None,
        *,
        environment: Mapping[str, str] = os.environ,
        today: Callable[[], date] = date.today,
        debug: bool = False,
    ) -> Self:
        """The project in a folder (default: WENSHU_PROJECT, this folder, the demonstration)."""
        folder = find_project(path, environment, Path.cwd())
        return cls(folder, load_settings(folder, environment), environment, today, debug=debug)

    @classmethod
    def demo(cls) -> Self:
        """The bundled demonstration bank."""
        return cls.open(demo_project())

    def ask(  # noqa: PLR0913
        self,
        text: str,
        user: str | None = None,
        as_of: date | None = None,
        session: str | None = None,
        choose: int | None = None,
        *,
        planner: PlannerWish = "auto",
        purpose: Purpose = "",
        on_event: OnEvent = ignore,
        cancel: CancelToken | None = None,
    ) -> Answer:
        """One question in Chinese, one answer; `choose` picks an option if it asks back."""
        question = cleaned(text)
        adviser = self._adviser(planner)
        asked = replace(self._asked(question, user, as_of, session), purpose=purpose)
        if planner == "llm" and adviser is None:
            return self._unanswered(MODEL_MISSING, asked)
        return self._answer(
            asked,
            lambda conversation, context: ask_in(
                question,
                choose,
                conversation,
                replace(context, adviser=adviser, analyst=self._analyst if adviser else None),
            ),
            Trail(on_event),
            cancel,
        )

    def run(  # noqa: PLR0913
        self,
        query: Query | Patch | Mapping[str, Any] | str,
        user: str | None = None,
        session: str | None = None,
        as_of: date | None = None,
        *,
        question: str | None = None,
        purpose: Purpose = "",
        on_event: OnEvent = ignore,
        cancel: CancelToken | None = None,
    ) -> Answer:
        """A query or patch, as a value or as JSON; no language involved.

        `question` is written down with it as what was asked, and not read.
        """
        return self._answer(
            replace(self._asked(question, user, as_of, session), planner=None, purpose=purpose),
            lambda conversation, context: Asking(run_in(query, conversation, context)),
            Trail(on_event),
            cancel,
        )

    def option_numbers(
        self, answer: Answer, user: str | None = None, seconds: float = 2.0
    ) -> Iterator[tuple[int, str]]:
        """What each option of a question back comes to for this user, as far as there is time."""
        return option_numbers(
            answer,
            lambda option, cancel: self.run(
                option.query, user, as_of=answer.as_of, question=option.label, cancel=cancel
            ),
            seconds,
        )

    def sql(self, text: str, user: str | None = None, as_of: date | None = None) -> Answer:
        """The SQL that a question would run, without running it."""
        question = cleaned(text)
        return self._answer(
            self._asked(question, user, as_of, None),
            lambda conversation, context: ask_in(
                question, None, conversation, replace(context, run_sql=False)
            ),
            Trail(),
        )

    @property
    def notices(self) -> tuple[Notice, ...]:
        """What every answer must say now, e.g. that newer definitions did not load."""
        with self._keeper.take() as (world, _):
            return world.notices

    @property
    def manifest(self) -> Manifest:
        """The definitions in force."""
        with self._keeper.take() as (world, _):
            return world.manifest

    def snapshot(self, as_of: date | None = None) -> Snapshot:
        """Definitions and data dates as a question would see them."""
        with self._keeper.take() as (world, _):
            return world.snapshot(as_of or self.today())

    def demonstration(self) -> Mapping[str, str]:
        """What the demonstration bank says about itself: size, seed, fingerprint."""
        with self._keeper.take() as (_, engine):
            rows = engine.run(exp.select("key", "value").from_("demo_info"), Limits()).rows
        return {str(key): str(value) for key, value in rows}

    def validate(self, as_of: date | None = None, max_seconds: float | None = None) -> LiveReport:
        """What is wrong with the data, or with what the definitions say of it."""
        from assistant.validation import validate

        today = as_of or self.today()
        settings = self.settings.validation
        if max_seconds is not None:
            settings = settings.model_copy(update={"max_seconds": max_seconds})
        with self._keeper.take() as (world, engine):
            return validate(
                world.snapshot(today), engine, self.catalog, settings,
                lambda text: self.ask(text, as_of=today),
            )  # fmt: skip

    def build_rollups(self, on_table: OnTable = lambda _: None) -> BuiltRollups:
        """Builds the declared rollups; questions use them from then on."""
        with self._keeper.take() as (world, _):
            snapshot = replace(world.snapshot(self.today()), rollups=None)
            return build_rollups(
                snapshot, self.rollup_file(), self.database, self.settings, on_table
            )

    def rollup_file(self) -> Path:
        """Where the rollups of the data as it is now are, or would be."""
        return rollup_file(self.state_file.parent, self.database, self.settings)

    def today(self) -> date:
        """The project's fixed date, else the clock's."""
        return self.settings.as_of or self._today()

    def catalogue(self, kind: Kind, user: str | None = None) -> tuple[Entry, ...]:
        """What there is of one kind, for people who may ask."""
        snapshot = self.snapshot()
        denied = denied_to(self.settings.user(user), snapshot)
        return () if denied else catalogue(kind, snapshot)

    def catalogue_entry(self, kind: Kind, name: str, user: str | None = None) -> Entry | Problem:
        """One definition in full, by id, label or synonym."""
        snapshot = self.snapshot()
        denied = denied_to(self.settings.user(user), snapshot)
        return denied or catalogue_entry(kind, name, snapshot)

    def index(self) -> Index:
        """Finds what a text may be about, in the definitions and data of now."""
        with self._keeper.take() as (world, _):
            return world.index

    def members(self, dimension: str, user: str | None = None) -> tuple[str, ...]:
        """What a dimension consists of, as far as the user may see it; () if it is no list."""
        principal = self.settings.user(user)
        with self._keeper.take() as (world, _):
            if denied_to(principal, world.snapshot(self.today())):
                return ()
            return world.sight.members(principal, dimension)

    def vocabulary(self, user: str | None = None) -> tuple[Word, ...]:
        """What the user can name in a question."""
        with self._keeper.take() as (world, _):
            snapshot = world.snapshot(self.today())
            return vocabulary(snapshot, world.sight, self.settings.user(user))

    def suggestions(self) -> tuple[str, ...]:
        """Questions to begin with: the project's own, else some from its definitions."""
        if self.settings.project.examples:
            return tuple(self.settings.project.examples)
        asked = self._asked(None, None, None, None)
        with self._keeper.take() as (world, engine):
            return answerable_examples(self._context(asked, world, engine, Trail()), 4)

    def is_answerable(self, text: str, user: str | None = None) -> bool:
        """Whether a question is read without doubt and may be asked; nothing is written down."""
        with self._keeper.take() as (world, engine):
            asked = self._asked(None, user, None, None)
            return is_answerable(text, self._context(asked, world, engine, Trail()))

    @contextmanager
    def exploring(self, query: Mapping[str, Any], user: str | None = None) -> Iterator[Explorer]:
        """What the reader of an answer may do with it by clicking; `query`: the answer's own."""
        asked = self._asked(None, user, None, None)
        with self._keeper.take() as (world, engine):
            context = self._context(asked, world, engine, Trail())
            yield Explorer.of(query_from_json(query), context)

    def editor(self, user: str | None = None) -> Editor:
        """The definitions in the user's hands; only an owner can save."""
        from assistant.editing import Editor

        snapshot = self.snapshot()
        return Editor(
            self.catalog, self.settings.project.name, self.settings.user(user),
            snapshot.manifest, snapshot.column_types, self.store(),
            lambda query, manifest: self._tried(query, user, manifest),
        )  # fmt: skip

    def replay(self, answer_id: str) -> Replayed | None:
        """An old answer with the definitions and dates of its day; nothing is written down."""
        from assistant.replay import as_it_stood, replayed

        store = self.store()
        recorded = store.audit().recorded(answer_id)
        if recorded is None:
            return None
        day = date.fromisoformat(str(recorded.entry.told.get("as_of") or self.today()))
        asked = self._asked(None, recorded.entry.user or None, day, None)
        sources = store.manifest_sources(recorded.manifest_hash)
        called = (self.settings.project.name, self.catalog.name)

        def answering(query: str, stood: World) -> Answer:
            context = self._context(asked, stood, engine, Trail())
            then = replace(context, snapshot=as_it_stood(context.snapshot, recorded))
            return answer_query(query_from_json(query), Reading(), then).answer

        with self._keeper.take() as (world, engine):
            return replayed(recorded, sources, world, called, answering)

    def conversation(self, session: str, user: str | None = None) -> Conversation:
        """Where a session stands."""
        return self.store().conversation(self.settings.user(user).name, session)

    def turns(self, session: str, user: str | None = None) -> tuple[Mapping[str, Any], ...]:
        """Past turns of a session, oldest first."""
        return self.store().turns(self.settings.user(user).name, session)

    def history(self, user: str | None = None) -> History:
        """The user's conversations so far, and what others shared."""
        return self.store().history(self.settings.user(user).name)

    def give_feedback(
        self,
        answer_id: str,
        verdict: Literal["right", "wrong"],
        comment: str = "",
        user: str | None = None,
    ) -> None:
        """Stores what a reader thinks of an answer."""
        name = self.settings.user(user).name
        self.store().add_feedback(Feedback(datetime.now(UTC), answer_id, name, verdict, comment))

    def exported(
        self, answer_id: str, file_format: Literal["csv", "xlsx", "png"], user: str | None = None
    ) -> None:
        """Notes that an answer was taken away as a file; without the note there is no file."""
        name = self.settings.user(user).name
        self.store().add_export(Export(datetime.now(UTC), answer_id, name, file_format))

    def store(self) -> Store:
        """Conversations and audit; opened with the first use."""
        with self._lock:
            if self._store is None:
                self._store = SqliteStore(self.state_file)
            return self._store

    def close(self) -> None:
        """Lets database and state file go."""
        self._keeper.close()
        with self._lock:
            if self._store is not None:
                self._store.close()
            self._store = None

    def _asked(
        self, question: str | None, user: str | None, as_of: date | None, session: str | None
    ) -> Asked:
        return Asked(question, self.settings.user(user), as_of or self.today(), session)

    def _answer(
        self,
        asked: Asked,
        work: Callable[[Conversation, Context], Asking],
        trail: Trail,
        cancel: CancelToken | None = None,
    ) -> Answer:
        try:
            with self._keeper.take() as (world, engine):
                conversation = self._conversation_of(asked)
                context = self._context(asked, world, engine, trail, cancel)
                reply, choice = work(conversation, context)
                reply = self._follow_ups.offered(reply, context)
                reply = discreet(reply, asked.question or "", world.sight, asked.principal)
                told = finished(reply.answer, asked, context, world)
                return self._recorded(told, world.manifest.hash, reply, choice, asked.purpose)
        except (ProjectError, EngineError) as error:
            return self._unanswered(failure(error), asked)
        except Exception:
            logger.exception("unexpected failure")
            if self._debug:
                raise
            return self._unanswered(INTERNAL, asked)

    def _tried(self, query: Query, user: str | None, manifest: Manifest | None) -> Answer:
        """What a query comes to by other definitions; nothing is written down."""
        from assistant.editing.trial import drafted

        with self._keeper.take() as (world, engine):
            tried = drafted(world, manifest) if manifest else world
            context = self._context(self._asked(None, user, None, None), tried, engine, Trail())
            return answer_query(query, Reading(), context).answer

    def _adviser(self, planner: PlannerWish) -> ModelAdviser | None:
        """The model, as far as it is wished for; --planner llm asks it about every question."""
        if planner == "grammar" or self._model is None:
            return None
        return replace(self._model, always=planner == "llm")

    def _conversation_of(self, asked: Asked) -> Conversation:
        name = asked.principal.name
        return (
            self.store().conversation(name, asked.session)
            if asked.session
            else (Conversation(name, ""))
        )

    def _context(
        self,
        asked: Asked,
        world: World,
        engine: Engine,
        trail: Trail,
        cancel: CancelToken | None = None,
    ) -> Context:
        limits = self.settings.limits
        return Context(
            snapshot=world.snapshot(asked.as_of),
            principal=asked.principal,
            reader=world.reader,
            sight=world.sight,
            running=Running(
                engine,
                Limits(limits.timeout_s, limits.max_result_rows, limits.max_scan_rows),
                world.check,
                cancel,
            ),
            trail=trail,
            index=world.index,
        )

    def _recorded(
        self,
        answer: Answer,
        manifest_hash: str,
        reply: Reply,
        choice: tuple[str, str] | None,
        purpose: Purpose,
    ) -> Answer:
        now = datetime.now(UTC)
        turn = Turn(now, answer, manifest_hash, reply.query, reply.options, choice, purpose)
        return replace(answer, turn=self.store().record(turn))

    def _unanswered(self, failed: Answer, asked: Asked) -> Answer:
        """An error is written down too; when that is what failed, it is told all the same."""
        told = addressed(failed, asked)
        with suppress(AuditError):
            turn = Turn(datetime.now(UTC), told, "", purpose=asked.purpose)
            return replace(told, turn=self.store().record(turn))
        return told

    def _keep_manifest(self, manifest: Manifest) -> None:
        """The definition files of today, so that an old answer can be replayed."""
        store = self.store()
        if not store.has_manifest(manifest.hash):
            files = definition_paths(self.catalog)
            store.keep_manifest(
                manifest.hash,
                {f.relative_to(self.catalog).as_posix(): f.read_text("utf-8") for f in files},
            )
