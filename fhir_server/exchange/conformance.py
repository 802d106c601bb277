"""The conformance resources of this project, put into the store when the server starts."""

from __future__ import annotations

from ..model.folders import data_folder
from ..model.json import decode_object
from ..storage.base import Conflict
from .call import Service
from .writing import change, same_content


async def publish(service: Service) -> None:
    """Write each OperationDefinition of profiles/ that is not there or has changed.

    Errors: store-down.
    """
    for path in sorted((data_folder("profiles") / "OperationDefinition").glob("*.json")):
        resource = decode_object(path.read_bytes())
        current = await service.store.current(resource["resourceType"], resource["id"])
        if current is not None and not current.deleted and same_content(current, resource):
            continue
        version = current.version + 1 if current else 1
        try:
            await service.store.write([change(service, resource, resource["id"], version, "PUT")])
        except Conflict:
            continue  # another process of the same start has just written it
