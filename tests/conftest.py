"""What every test may ask for: the small demonstration bank, and repeatable property tests."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from assistant.retrieve.meaning import Meaning

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
    build = Meaning.build

    def build_when_waited_for(meaning: Meaning) -> None:
        meaning._hurried.wait()
        build(meaning)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Meaning, "build", build_when_waited_for)
        yield


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
