"""What a check yields.

A check returns None where all is well, so that the good path allocates nothing; the place of a
finding is put together while it travels upwards.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from . import messages  # noqa: F401  # the rows of its codes

Json: TypeAlias = dict[str, Any]
Args: TypeAlias = dict[str, object]
# Where below the checked value (".name[0]"), message id, arguments of its text, severity. The
# arguments `profile` (canonical with version) and `constraint` (its key) are kept apart in issues.
Finding: TypeAlias = tuple[str, str, Args, str]
Findings: TypeAlias = list[Finding] | None
# (value, the `_sibling` of a primitive or the object that holds the value, the run)
Check: TypeAlias = Callable[[Any, Any, Any], Findings]

ERROR, WARNING, INFORMATION = "error", "warning", "information"


def one(code: str, severity: str = ERROR, at: str = "", **args: object) -> list[Finding]:
    """The findings of a check that has one."""
    return [(at, code, args, severity)]


def below(at: str, found: list[Finding]) -> list[Finding]:
    """The findings of a part, as findings of the whole."""
    return [(at + where, code, args, severity) for where, code, args, severity in found]


def failed(found: Findings) -> bool:
    return found is not None and any(each[3] == ERROR for each in found)
