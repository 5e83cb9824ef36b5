"""The verbs, one file each (or a few that belong together)."""

from __future__ import annotations

from collections.abc import Callable

import typer

from ui.cli.verbs import (
    ask,
    catalog,
    chat,
    demo_bank,
    doctor,
    evaluate,
    lint,
    query,
    rollup,
    schema,
    serve,
    sql,
    validate,
)

ALL: tuple[Callable[[typer.Typer], None], ...] = (
    ask.add,
    chat.add,
    query.add,
    sql.add,
    catalog.add,
    schema.add,
    lint.add,
    validate.add,
    evaluate.add,
    rollup.add,
    demo_bank.add,
    serve.add,
    doctor.add,
)
"""Adds each verb, in the order of the help page."""
