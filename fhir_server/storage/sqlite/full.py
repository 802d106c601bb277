"""Whether there is room for a write.

SQLite says so itself where the disk is full. A quota of the user and a limit of the process it
calls errors of reading and writing, as it does a broken disk; so one has to look.
"""

from __future__ import annotations

import errno
import os
import sqlite3
import sys
import tempfile
from contextlib import suppress

ROOM = 256 * 1024  # bytes that a small commit may need
NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


def is_full(path: str, error: sqlite3.Error) -> bool:
    """`path` is that of the database, in which a write failed with `error`."""
    code = getattr(error, "sqlite_errorcode", 0)
    if code & 0xFF == sqlite3.SQLITE_FULL:
        return True
    return code & 0xFF == sqlite3.SQLITE_IOERR and (_over_limit(path) or not _has_room(path))


def _over_limit(path: str) -> bool:
    """A file of the database is about as large as this process may make one."""
    if sys.platform == "win32":
        return False
    import resource

    limit = resource.getrlimit(resource.RLIMIT_FSIZE)[0]
    if limit == resource.RLIM_INFINITY:
        return False
    sizes = [0]
    for each in (path, f"{path}-wal"):
        with suppress(OSError):
            sizes.append(os.path.getsize(each))
    return max(sizes) + ROOM > limit


def _has_room(path: str) -> bool:
    try:
        with tempfile.TemporaryFile(dir=os.path.dirname(path) or ".") as file:
            file.write(bytes(ROOM))
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        return error.errno not in NO_ROOM
    return True
