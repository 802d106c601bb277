"""FHIR packages: the conformance resources of another guide, from a .tgz or a folder.

Spec: https://confluence.hl7.org/display/FHIR/NPM+Package+Specification
"""

from __future__ import annotations

import json
import tarfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from ..model.json import decode_object

Json: TypeAlias = dict[str, Any]
MAX_MEMBER = 64 * 1024 * 1024  # bytes of one resource, unpacked
MAX_PACKAGE = 2 * 1024 * 1024 * 1024  # bytes of a package, unpacked
FHIR_VERSIONS = ("4.0", "4.0.0", "4.0.1")


class PackageError(ValueError):
    """A package that cannot be used; the text says why, in Chinese and English."""


@dataclass(frozen=True, slots=True)
class Package:
    """One package. `dependencies`: names with versions; `resources`: all that it holds."""

    name: str
    version: str
    dependencies: dict[str, str]
    resources: list[Json]


def read_package(path: Path) -> Package:
    """A .tgz file, or the folder of an unpacked package.

    Errors: PackageError for no package, one of another FHIR version, or one too large.
    """
    files = _folder(path) if path.is_dir() else _archive(path)
    manifest: Json = {}
    resources: list[Json] = []
    for name, data in files:
        try:
            held = json.loads(data) if name == "package.json" else decode_object(data)
        except Exception as error:  # one broken file of a large package is named, not hidden
            raise PackageError(f"{path.name}: {name} 不是 JSON / is no JSON") from error
        if name == "package.json":
            manifest = held
        elif type(held.get("resourceType")) is str:
            resources.append(held)
    if not manifest.get("name"):
        raise PackageError(f"{path.name} 中没有 package/package.json / has no package.json")
    _check_version(manifest, path)
    dependencies = manifest.get("dependencies")
    return Package(
        str(manifest["name"]),
        str(manifest.get("version", "")),
        {str(k): str(v) for k, v in dependencies.items()} if type(dependencies) is dict else {},
        resources,
    )


def _check_version(manifest: Json, path: Path) -> None:
    stated = manifest.get("fhirVersions") or manifest.get("fhir-version-list") or []
    if stated and not any(v in FHIR_VERSIONS for v in stated):
        raise PackageError(f"{path.name} 不是 R4 的包 / is a package of FHIR {', '.join(stated)}")


def _folder(path: Path) -> Iterator[tuple[str, bytes]]:
    root = path / "package" if (path / "package").is_dir() else path
    for each in sorted(root.glob("*.json")):
        if not each.name.startswith("."):
            yield each.name, each.read_bytes()


def _archive(path: Path) -> Iterator[tuple[str, bytes]]:
    total = 0
    try:
        with tarfile.open(path, "r:*") as archive:
            for member in archive:
                parts = Path(member.name).parts
                if not member.isfile() or len(parts) != 2 or not parts[1].endswith(".json"):
                    continue
                if parts[0] != "package" or parts[1].startswith("."):
                    continue
                total += member.size
                if member.size > MAX_MEMBER or total > MAX_PACKAGE:
                    raise PackageError(f"{path.name} 过大 / is too large")
                handle = archive.extractfile(member)
                if handle is not None:
                    yield parts[1], handle.read()
    except (tarfile.TarError, EOFError, OSError) as error:
        raise PackageError(f"{path.name} 不是 .tgz 包 / is no .tgz package") from error


def missing(packages: Iterable[Package]) -> list[str]:
    """Dependencies that are not among the packages, as name#version; R4 itself is always there."""
    held = list(packages)
    names = {p.name for p in held} | {"hl7.fhir.r4.core", "hl7.terminology.r4", "hl7.terminology"}
    lost = {f"{n}#{v}" for p in held for n, v in p.dependencies.items() if n not in names}
    return sorted(lost)
