"""Funnels, retention, intervals and paths over random logs, as the tests of behaviour ask them."""

from __future__ import annotations

import importlib.util
import os
import sys
import traceback
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import hypothesis

FOLDER = Path(__file__).parents[2] / "behaviour"
ASKED = ("test_funnels", "test_retention", "test_intervals", "test_paths")
EACH = 4
"""Questions of each kind for one seed."""
PLANNED_EVERY = 4
"""Every so many logs the engine may rearrange statements; the others only read them, faster."""


def behaviour_verdicts(seed: int) -> Iterator[tuple[str, str]]:
    """What came of each question; a kind that differs says so once, with the smallest log."""
    tests, shop, rows = _loaded()
    plain = seed // 10 % PLANNED_EVERY
    shop.connection.execute("pragma disable_optimizer" if plain else "pragma enable_optimizer")
    for name in ASKED:
        wanted = {"shop": shop, "visit": rows.Visit, "purchase": rows.Purchase}
        if name == "test_paths":
            del wanted["purchase"]
        shop.asked = 0
        try:
            hypothesis.seed(seed)(getattr(tests, name))(**wanted)
        except AssertionError as error:
            yield "differs", f"{name}: {error}\n{traceback.format_exc(limit=-1)}"
        except Exception:  # noqa: BLE001 - a crash is a finding, and the run goes on
            yield "crashed", f"{name}\n{traceback.format_exc(limit=-6)}"
        else:
            yield from [("answered", "")] * shop.asked


@cache
def _loaded() -> tuple[ModuleType, Any, ModuleType]:
    os.environ["BEHAVIOUR_EXAMPLES"] = str(EACH)
    rows, tests = _module("conftest"), _module("test_behaviour_reference")

    class Counting(rows.Shop):  # type: ignore[name-defined, misc]
        """The shop with the number of questions asked."""

        asked = 0

        def ask(self, *given: Any, **named: Any) -> Any:
            """The answer."""
            self.asked += 1
            return super().ask(*given, **named)

    shop = Counting()
    shop.connection.execute("set threads = 1")
    return tests, shop, rows


def _module(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"behaviour_{name}", FOLDER / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    found = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = found
    spec.loader.exec_module(found)
    return found
