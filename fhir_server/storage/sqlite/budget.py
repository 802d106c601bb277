"""How much work one search may do on a connection before SQLite interrupts it."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")

STEPS = 5_000  # of SQLite's machine between two looks; about 0.2 ms


@dataclass(slots=True)
class Budget:
    """`looks`: how often STEPS may pass. `deadline`: on time.monotonic(). `cancelled`: nobody
    waits for the answer any more."""

    looks: int
    deadline: float = float("inf")
    cancelled: bool = False
    _floor: int = 0  # of `looks`, for an attempt

    def spent(self) -> bool:
        """SQLite's progress handler; True interrupts the statement."""
        self.looks -= 1
        return self.looks < self._floor or self._over()

    def _over(self) -> bool:
        return self.looks < 0 or self.cancelled or time.monotonic() > self.deadline

    def attempt(self, steps: int, run: Callable[[], T]) -> T | None:
        """What `run` gives, or None where it takes more steps than these but not all there are."""
        before, self._floor = self._floor, max(self._floor, self.looks - steps // STEPS)
        try:
            return run()
        except sqlite3.Error as error:
            if not interrupted(error) or self._over():
                raise
            return None
        finally:
            self._floor = before

    def on(self, db: sqlite3.Connection) -> Watch:
        """Holds for the statements of a `with` block."""
        return Watch(self, db)


class Watch:
    """A budget on a connection. A generator would cost every search as much as two look-ups."""

    __slots__ = ("_budget", "_db")

    def __init__(self, budget: Budget, db: sqlite3.Connection) -> None:
        self._budget, self._db = budget, db

    def __enter__(self) -> None:
        self._db.set_progress_handler(self._budget.spent, STEPS)

    def __exit__(self, *_: object) -> None:
        self._db.set_progress_handler(None, 0)


def interrupted(error: sqlite3.Error) -> bool:
    return getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_INTERRUPT
