"""What every test may ask for: the small demonstration bank, and repeatable property tests."""

from __future__ import annotations

import hashlib
import os
import weakref
from collections.abc import Iterator
from pathlib import Path
from threading import Event

import pytest
from hypothesis import HealthCheck, settings

from assistant.retrieve import meaning

REPOSITORY = Path(__file__).resolve().parent.parent
DEMO_SOURCES = (".py", ".sql", ".csv")

settings.register_profile(
    "repeatable",
    deadline=None,
    derandomize=True,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("repeatable")


def demo_fingerprint() -> str:
    """Changes whenever the generator of the demonstration bank changes."""
    digest = hashlib.sha256()
    for file in sorted((REPOSITORY / "demo").rglob("*")):
        if file.suffix in DEMO_SOURCES:
            digest.update(file.relative_to(REPOSITORY).as_posix().encode())
            digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


@pytest.fixture(scope="session", autouse=True)
def _nothing_of_the_shell() -> Iterator[None]:
    """What whoever runs the tests has set for the product is none of theirs."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("WENSHU_")]:
            patch.delenv(name)
        yield


@pytest.fixture(scope="session", autouse=True)
def _vectors_for_those_who_wait() -> Iterator[None]:
    """Unasked they are built after five seconds: how names are found would depend on the machine."""
    prepare = meaning._prepare

    def prepare_when_waited_for(mine: weakref.ref[meaning.Meaning], hurried: Event) -> None:
        while _lacks_vectors(mine) and not hurried.wait(1):
            pass
        prepare(mine, hurried)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(meaning, "_prepare", prepare_when_waited_for)
        yield


def _lacks_vectors(mine: weakref.ref[meaning.Meaning]) -> bool:
    held = mine()
    return held is not None and held.state != "ready"


@pytest.fixture(scope="session")
def demo_small(pytestconfig: pytest.Config) -> Path:
    """The small demonstration bank, built once per version of its generator. Open it read-only."""
    cache = pytestconfig.cache
    assert cache is not None
    bank = cache.mkdir("demo-small") / f"{demo_fingerprint()}.duckdb"
    if not bank.exists():
        import demo

        for outdated in bank.parent.glob("*.duckdb"):
            outdated.unlink(missing_ok=True)
        demo.build(bank, size="small")
    return bank
