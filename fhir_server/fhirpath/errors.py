"""The one failure of this package."""

from __future__ import annotations


class FhirPathError(ValueError):
    """An expression that cannot be used, or has no meaning for the data it was given.

    The text says what was expected; it never holds data. `at` is the position in the expression,
    -1 where it is not known.
    """

    def __init__(self, text: str, at: int = -1) -> None:
        super().__init__(text if at < 0 else f"{text} (position {at})")
        self.at = at


class OtherTypeError(FhirPathError):
    """A path that begins with another resource type; a union leaves such an operand out."""
