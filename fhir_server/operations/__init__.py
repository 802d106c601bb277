"""Operations, one file each. A new one: its file and one line here."""

from ..exchange.operation import OPERATIONS
from . import (
    code_system_find_matches,
    code_system_lookup,
    code_system_subsumes,
    code_system_validate_code,
    composition_document,
    concept_map_closure,
    concept_map_translate,
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
    value_set_expand,
    value_set_validate_code,
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
    value_set_expand.OPERATION,
    value_set_validate_code.OPERATION,
    code_system_lookup.OPERATION,
    code_system_validate_code.OPERATION,
    code_system_subsumes.OPERATION,
    concept_map_translate.OPERATION,
    concept_map_closure.OPERATION,
    code_system_find_matches.OPERATION,
):
    if _operation not in OPERATIONS:
        OPERATIONS.append(_operation)

__all__ = ["OPERATIONS"]
