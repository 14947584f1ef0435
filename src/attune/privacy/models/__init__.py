"""What was agreed to, what was counted, and what people complained about."""

from attune.privacy.models.complaints import Complaint
from attune.privacy.models.consents import Consent
from attune.privacy.models.statistics import Visit, WeekTotal

__all__ = ["Complaint", "Consent", "Visit", "WeekTotal"]
