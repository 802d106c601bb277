"""A checked form to the transaction Bundle of a referral.

Spec: docs/forms.md, the table of places.
"""

from __future__ import annotations

from . import places as at
from .entries import Entries
from .filled import Filled
from .paper import add_composition, add_provenance
from .parties import add_parties
from .request import add_service_request, add_task
from .visit import add_condition, add_encounter

# In an order people can read: who, then what, then the paper.
STEPS = {
    "Condition": add_condition,
    "Encounter": add_encounter,
    "ServiceRequest": add_service_request,
    "Task": add_task,
    "Composition": add_composition,
    "Provenance": add_provenance,
}


def build_entries(filled: Filled) -> Entries:
    """All resources of the referral. A form without a diagnosis makes no Condition."""
    entries = Entries(filled.content, filled.profiles)
    parties = add_parties(entries, filled)
    steps = dict(STEPS)
    if filled.get(at.DIAGNOSIS) is None:
        del steps["Condition"]
    urls = {name: entries.address() for name in steps}
    for add in steps.values():
        add(entries, filled, parties, urls)
    return entries
