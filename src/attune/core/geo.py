"""Places on the globe and the straight-line distance between them."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

# Mean radius of the Earth, IUGG.
EARTH_RADIUS_KM = 6371.0088

FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class LatLon:
    """Decimal degrees, WGS 84."""

    lat: float
    lon: float


@dataclass(frozen=True)
class Whereabouts:
    """A place that a person typed, resolved: somewhere within ``accuracy_km`` of ``point``."""

    point: LatLon
    accuracy_km: float
    label: str


def unit_vectors(points: NDArray[Any]) -> FloatArray:
    """Turn latitudes and longitudes, shape (n, 2), into points of the unit sphere, shape (3, n).

    NaN rows stay NaN.
    """
    lat, lon = np.radians(np.asarray(points, dtype=np.float64).T)
    from_axis = np.cos(lat)
    return np.array((from_axis * np.cos(lon), from_axis * np.sin(lon), np.sin(lat)))


def chord_distances_km(origin: FloatArray, vectors: FloatArray) -> FloatArray:
    """Return the great-circle kilometres from one unit vector to each of ``vectors``, shape (n,).

    Half the chord is the sine of half the angle (the haversine formula in other letters), which
    stays exact for neighbours.
    """
    dx, dy, dz = vectors[0] - origin[0], vectors[1] - origin[1], vectors[2] - origin[2]
    half_chord = np.sqrt(dx * dx + dy * dy + dz * dz) / 2
    kilometres: FloatArray = 2 * EARTH_RADIUS_KM * np.arcsin(np.minimum(half_chord, 1.0))
    return kilometres


def chord_of_km(kilometres: float) -> float:
    """Return the straight line through the unit sphere that spans ``kilometres`` on its surface."""
    return float(2 * np.sin(min(kilometres / EARTH_RADIUS_KM, np.pi) / 2))


def distances_km(origin: LatLon, points: NDArray[Any]) -> FloatArray:
    """
    Distance from one place to many.

    Args:
        origin: decimal degrees, WGS 84.

        points: latitude and longitude, one row a place, shape (n, 2). NaN rows stay NaN.

    Returns:
        Great-circle kilometres, shape (n,), in the order given.
    """
    return chord_distances_km(unit_vector(origin), unit_vectors(points))


def distance_km(a: LatLon, b: LatLon) -> float:
    """Return the great-circle kilometres between two places."""
    return float(distances_km(a, np.array([(b.lat, b.lon)]))[0])


def rounded_to_about_1_km(point: LatLon) -> LatLon:
    """Return the point with two decimals: what may be published before a booking."""
    return LatLon(round(point.lat, 2), round(point.lon, 2))


def unit_vector(point: LatLon) -> FloatArray:
    """Return a place as a point of the unit sphere, shape (3,)."""
    return unit_vectors(np.array([(point.lat, point.lon)]))[:, 0]
