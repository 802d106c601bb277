"""Ids that the server makes: UUID version 7, so that later ids sort after earlier ones."""

from __future__ import annotations

import os
import re
import threading
import time

# Spec: https://hl7.org/fhir/R4/datatypes.html#id
is_id = re.compile(r"[A-Za-z0-9\-.]{1,64}").fullmatch

_lock = threading.Lock()
_last = 0


def new_id() -> str:
    """A UUIDv7 in its 36-character form; strictly increasing within this process.

    Spec: RFC 9562 section 5.7. The 12 bits after the milliseconds hold a fraction of one, and a
    tie or a clock that went back takes the next free value.
    """
    global _last
    with _lock:
        stamp = time.time_ns() * 4096 // 1_000_000
        if stamp <= _last:
            stamp = _last + 1
        _last = stamp
    millis, fraction = divmod(stamp, 4096)
    tail = int.from_bytes(os.urandom(8), "big") & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000
    digits = f"{millis:012x}7{fraction:03x}{tail:016x}"
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"
