"""Each test has a file of erasures of its own."""

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def erasures_file(settings, tmp_path: Path) -> Path:
    settings.ERASURES_FILE = str(tmp_path / "erasures.jsonl")
    return tmp_path / "erasures.jsonl"
