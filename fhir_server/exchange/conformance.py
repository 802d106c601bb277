"""What this product publishes, put into the store when the server starts: definitions of
operations, and the terminology, its own and that in folders of a hospital. What has changed in a
file is written at the next start.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from pathlib import Path

import structlog

from ..errors import FhirError
from ..model.folders import data_folder
from ..model.ids import is_id
from ..model.json import decode_object
from ..storage.base import Conflict
from .call import Json, Service
from .writing import change, same_content

# By the setting `publish`: folders of the product, and the resource types in them that are served.
OPERATIONS = (("profiles", "OperationDefinition"),)
TERMINOLOGY = ("CodeSystem", "ValueSet", "ConceptMap", "NamingSystem")
PUBLISHED = {
    "operations": OPERATIONS,
    "all": (*OPERATIONS, *(("terminology", kind) for kind in TERMINOLOGY)),
}
log = structlog.get_logger("fhir_server.terminology")
AT_ONCE = 16  # writes under way where the database has no transactions


def shipped(which: str = "all") -> Iterator[Json]:
    """The resources of the files, each with its id."""
    for folder, resource_type in PUBLISHED[which]:
        for path in sorted((data_folder(folder) / resource_type).glob("*.json")):
            yield decode_object(path.read_bytes())


def of_hospital(service: Service, folders: Sequence[Path]) -> Iterator[Json]:
    """The terminology in folders of a hospital: those resources that have an id and are sound."""
    for folder in folders:
        for resource_type in TERMINOLOGY:
            for path in sorted((folder / resource_type).glob("*.json")):
                try:
                    found = decode_object(path.read_bytes())
                except (FhirError, OSError):
                    log.warning("terminology file not read", file=str(path))
                    continue
                issues = service.structure.check(found, resource_type)
                if issues or not is_id(found.get("id", "")):
                    log.warning("terminology file not published", file=str(path))
                    continue
                yield found


async def publish(service: Service, which: str = "all", folders: Sequence[Path] = ()) -> None:
    """Write each that is not there or has changed; of the same id that of a hospital.

    Errors: store-down.
    """
    resources = {(r["resourceType"], r["id"]): r for r in shipped(which)}
    if which == "all":
        own = of_hospital(service, folders)
        resources.update({(r["resourceType"], r["id"]): r for r in own})
    versions = dict.fromkeys(resources, 0)
    for found in await service.store.many(list(resources)):
        key = (found.resource_type, found.id)
        versions[key] = found.version
        if same_content(found, resources[key]):
            del resources[key]
    if not resources:
        return
    try:
        # One commit; the versions are those seen above.
        await service.store.write(
            [
                change(service, each, key[1], versions[key] + 1, "PUT")
                for key, each in resources.items()
            ]
        )
    except Conflict:
        await _one_by_one(service, list(resources.values()))
    except FhirError as error:
        if error.code != "store-no-transaction":
            raise
        await _one_by_one(service, list(resources.values()))


async def _one_by_one(service: Service, resources: Sequence[Json]) -> None:
    """Where one was deleted, another process has just written some, or there is no transaction."""
    places = asyncio.Semaphore(AT_ONCE)

    async def one(resource: Json) -> None:
        async with places:
            await _write(service, resource)

    await asyncio.gather(*[one(each) for each in resources])


async def _write(service: Service, resource: Json) -> None:
    current = await service.store.current(resource["resourceType"], resource["id"])
    if current is not None and not current.deleted and same_content(current, resource):
        return
    version = current.version + 1 if current else 1
    try:
        await service.store.write([change(service, resource, resource["id"], version, "PUT")])
    except Conflict:
        return  # another process of the same start has just written it
