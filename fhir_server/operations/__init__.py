"""Operations, one file each. A new one: its file and one line here."""

from ..exchange.operation import OPERATIONS
from .patient_referral_history import OPERATION as referral_history

for _operation in (referral_history,):
    if _operation not in OPERATIONS:
        OPERATIONS.append(_operation)

__all__ = ["OPERATIONS"]
