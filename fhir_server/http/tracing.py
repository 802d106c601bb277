"""X-Request-Id: one name for a request in the client's log, in ours and in the answer."""

from __future__ import annotations

import re
from itertools import count
from secrets import token_hex

_SANE = re.compile(rb"[A-Za-z0-9._\-:/+=@~]{1,128}").fullmatch
# A process is told apart by chance, its requests by a counter: no system call for each.
_process = token_hex(6)
_numbers = count(1)


def request_id(given: bytes | None) -> bytes:
    """What the client sent if it can stand in a header and a log; else a new one."""
    if given is not None and _SANE(given):
        return given
    return b"%s-%x" % (_process.encode(), next(_numbers))
