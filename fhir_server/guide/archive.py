"""The package as other FHIR software loads it: an NPM archive.

Spec: https://confluence.hl7.org/display/FHIR/NPM+Package+Specification
"""

from __future__ import annotations

import gzip
import io
import tarfile

from ..model.json import encode, pretty
from .library import Library


def build_archive(library: Library) -> bytes:
    """With terminology and operations; examples beneath. The same bytes for the same files."""
    files = {"package/package.json": pretty(encode(library.package))}
    for entry in library:
        folder = "package/example" if entry.group == "example" else "package"
        files[f"{folder}/{entry.name}.json"] = entry.path.read_bytes()
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for name, body in sorted(files.items()):
            info = tarfile.TarInfo(name)
            info.size, info.mode = len(body), 0o644
            archive.addfile(info, io.BytesIO(body))
    return gzip.compress(out.getvalue(), 6, mtime=0)
