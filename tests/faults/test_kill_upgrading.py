"""kill -9 while a file is brought up to date: it is the old one whole, or the new one whole."""

from __future__ import annotations

import gzip
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from fhir_server.storage.sqlite.schema import VERSION
from tests.sqlite.test_upgrade import FILE

ROWS = 40_000
# Dies at the n-th look of the progress handler, or at the end: never by the clock.
CHILD = """
import os, signal, sys
from fhir_server.storage.sqlite.schema import connect, create
db, left = connect(sys.argv[1], busy_seconds=1), int(sys.argv[2])
def look():
    global left
    left -= 1
    if left < 0:
        os.kill(os.getpid(), signal.SIGKILL)
db.set_progress_handler(look, 10_000)
create(db)
print("done", left)
"""


def upgrade(path: Path, looks: int) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", CHILD, str(path), str(looks)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)


@pytest.fixture
def old(tmp_path: Path) -> Path:
    path = tmp_path / "fhir.db"
    path.write_bytes(gzip.decompress(FILE.read_bytes()))
    db = sqlite3.connect(path)
    rows = ((1, n % 9000, n, n) for n in range(1000, 1000 + ROWS))
    db.executemany("INSERT INTO date (pid, low, high, rid) VALUES (?, ?, ?, ?)", rows)
    db.commit()
    db.close()
    return path


def facts(path: Path) -> tuple[int, int, int]:
    """The version of the file, its dates, and whether they have their index."""
    db = sqlite3.connect(path)
    assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    version = db.execute("PRAGMA user_version").fetchone()[0]
    count = db.execute("SELECT count(*), sum(high) FROM date").fetchone()
    db.close()
    return (version, *count)


@pytest.mark.slow
def test_it_is_whole_after_a_kill(old: Path) -> None:
    _, *dates = facts(old)
    whole = subprocess.run(["cp", old, f"{old}.new"], check=True)
    assert whole.returncode == 0
    ended = upgrade(Path(f"{old}.new"), 1_000_000)
    assert ended.stdout.startswith("done"), ended.stderr
    needed = 1_000_000 - int(ended.stdout.split()[1])
    assert needed > 20, "the kills are in the middle"
    for part in range(5):
        killed = upgrade(old, part * needed // 5)
        assert killed.returncode == -signal.SIGKILL, killed.stderr
        assert facts(old) == (2, *dates)
    assert upgrade(old, 1_000_000).stdout.startswith("done")
    assert facts(old) == (VERSION, *dates)


@pytest.mark.slow
def test_two_processes_open_an_old_file(old: Path) -> None:
    """One brings it up to date, and the other waits until it has."""
    command = [sys.executable, "-c", CHILD, str(old), "1000000"]
    both = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    said = [each.communicate(timeout=120)[0] for each in both]
    assert [each.split()[0] for each in said] == ["done", "done"]
    assert facts(old)[0] == VERSION
