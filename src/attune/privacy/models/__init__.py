"""What was agreed to, what was counted, what people complained about, and what they asked for."""

from attune.privacy.models.complaints import Complaint
from attune.privacy.models.consents import Consent
from attune.privacy.models.rights import Delayed, Farewell, WaitFirst
from attune.privacy.models.statistics import Visit, WeekTotal

__all__ = ["Complaint", "Consent", "Delayed", "Farewell", "Visit", "WaitFirst", "WeekTotal"]
