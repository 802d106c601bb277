"""The guide of this project, made once; a page is read once too."""

from __future__ import annotations

import re
from functools import lru_cache
from xml.etree import ElementTree

from fhir_server.guide import Guide

Element = ElementTree.Element


@lru_cache(1)
def guide() -> Guide:
    return Guide()


@lru_cache(None)
def content(name: str) -> bytes:
    found = guide().read(name)
    assert found is not None, name
    return found[0]


@lru_cache(None)
def page(name: str) -> Element:
    """Pages are written so that a strict parser of XML reads them: nothing is left open."""
    return ElementTree.fromstring(re.sub(rb"^\s*<!DOCTYPE html>\s*", b"", content(name)))


def pages() -> list[str]:
    return [name for name in guide().files if name.endswith(".html")]


def text_of(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())
