"""Whether somebody is within an offer's area, as exactly as what they typed says."""

from enum import Enum

from attune.core.geo import LatLon, distance_km
from attune.vocabulary.places import ROUGHLY_KM, Resolved


class Nearness(Enum):
    WITHIN = "within"
    OUTSIDE = "outside"
    # The place is known more roughly than the question needs.
    UNSURE = "unsure"


def nearness(place: Resolved, centre: LatLon, radius_km: float) -> Nearness:
    """
    Compare a place with a circle, in straight lines.

    A place that is known to a few kilometres has the benefit of them; of one known only roughly
    some town within it may be in and another out.
    """
    known = place.whereabouts
    away = distance_km(known.point, centre)
    if away - known.accuracy_km > radius_km:
        return Nearness.OUTSIDE
    if known.accuracy_km <= ROUGHLY_KM or away + known.accuracy_km <= radius_km:
        return Nearness.WITHIN
    return Nearness.UNSURE
