"""Code systems that may not be shipped, from the files in which they are published."""

from .kinds import KINDS, Kind, Options, Source

__all__ = ["KINDS", "Kind", "Options", "Source"]
