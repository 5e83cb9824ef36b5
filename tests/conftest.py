"""What every test may ask for: the small demonstration bank, and repeatable property tests."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest
from hypothesis import settings

REPOSITORY = Path(__file__).resolve().parent.parent
DEMO_SOURCES = (".py", ".sql", ".csv")

settings.register_profile("dev", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "dev")


def demo_fingerprint() -> str:
    """Changes whenever the generator of the demonstration bank changes."""
    digest = hashlib.sha256()
    for file in sorted((REPOSITORY / "demo").rglob("*")):
        if file.suffix in DEMO_SOURCES:
            digest.update(file.relative_to(REPOSITORY).as_posix().encode())
            digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


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
