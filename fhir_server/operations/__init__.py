"""Operations, one file each. A new one: its file and one line here."""

from ..exchange.operation import OPERATIONS
from . import (
    composition_document,
    everything,
    graphql,
    observation_lastn,
    patient_referral_history,
    purge,
    referral_package,
    reindex,
    resource_diff,
    resource_meta,
    resource_validate,
    structure_snapshot,
    versions,
)

for _operation in (
    *everything.OPERATIONS.values(),
    everything.REFERRAL,
    patient_referral_history.OPERATION,
    composition_document.OPERATION,
    observation_lastn.OPERATION,
    resource_diff.OPERATION,
    resource_diff.SYSTEM,
    referral_package.OPERATION,
    resource_meta.OPERATION,
    resource_validate.OPERATION,
    structure_snapshot.OPERATION,
    resource_meta.ADD,
    resource_meta.DELETE,
    versions.OPERATION,
    graphql.OPERATION,
    purge.PATIENT,
    purge.HISTORY,
    reindex.OPERATION,
    reindex.STATUS_OPERATION,
):
    if _operation not in OPERATIONS:
        OPERATIONS.append(_operation)

__all__ = ["OPERATIONS"]
