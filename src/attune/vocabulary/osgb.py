"""From the British national grid to latitude and longitude.

Source: Ordnance Survey, "A guide to coordinate systems in Great Britain", annexes B and C: the
inverse Transverse Mercator projection on the Airy 1830 ellipsoid, then a seven-parameter Helmert
transformation, which is exact to about 5 m.
"""

from dataclasses import dataclass
from math import atan2, cos, degrees, hypot, radians, sin, sqrt, tan

from attune.core.geo import LatLon


@dataclass(frozen=True)
class Ellipsoid:
    """Semi-axes in metres."""

    a: float
    b: float

    @property
    def e2(self) -> float:
        """Eccentricity squared."""
        return 1 - (self.b / self.a) ** 2


AIRY_1830 = Ellipsoid(6_377_563.396, 6_356_256.909)
WGS_84 = Ellipsoid(6_378_137.0, 6_356_752.314245)

# The national grid: scale on the central meridian, true origin, and its easting and northing.
F0 = 0.9996012717
LAT0, LON0 = radians(49), radians(-2)
E0, N0 = 400_000.0, -100_000.0

# OSGB36 to WGS 84: metres, parts, and radians (from seconds of arc).
SHIFT = (446.448, -125.157, 542.060)
SCALE = -20.4894e-6
TURN = tuple(radians(seconds / 3600) for seconds in (0.1502, 0.2470, 0.8421))


def latlon_of_grid(easting: float, northing: float) -> LatLon:
    """Return the place of a national grid reference in metres, WGS 84."""
    lat, lon = _unproject(easting, northing)
    x, y, z = _to_wgs84(_cartesian(lat, lon))
    return _geodetic(x, y, z)


def _unproject(easting: float, northing: float) -> tuple[float, float]:
    """Return OSGB36 latitude and longitude in radians (annex C.2 of the guide)."""
    a, e2 = AIRY_1830.a, AIRY_1830.e2
    lat = LAT0 + (northing - N0) / (a * F0)
    while abs(left := northing - N0 - _meridian_arc(lat)) >= 1e-5:
        lat += left / (a * F0)
    nu = a * F0 / sqrt(1 - e2 * sin(lat) ** 2)
    rho = nu * (1 - e2) / (1 - e2 * sin(lat) ** 2)
    eta2, t, sec = nu / rho - 1, tan(lat), 1 / cos(lat)
    d = (easting - E0) / nu
    north = (
        d**2 / 2
        - d**4 / 24 * (5 + 3 * t**2 + eta2 - 9 * t**2 * eta2)
        + d**6 / 720 * (61 + 90 * t**2 + 45 * t**4)
    )
    east = (
        d
        - d**3 / 6 * (nu / rho + 2 * t**2)
        + d**5 / 120 * (5 + 28 * t**2 + 24 * t**4)
        - d**7 / 5040 * (61 + 662 * t**2 + 1320 * t**4 + 720 * t**6)
    )
    return lat - north * t * nu / rho, LON0 + east * sec


def _meridian_arc(lat: float) -> float:
    n = (AIRY_1830.a - AIRY_1830.b) / (AIRY_1830.a + AIRY_1830.b)
    less, more = lat - LAT0, lat + LAT0
    return (
        AIRY_1830.b
        * F0
        * (
            (1 + n + 5 / 4 * (n**2 + n**3)) * less
            - (3 * n + 3 * n**2 + 21 / 8 * n**3) * sin(less) * cos(more)
            + 15 / 8 * (n**2 + n**3) * sin(2 * less) * cos(2 * more)
            - 35 / 24 * n**3 * sin(3 * less) * cos(3 * more)
        )
    )


def _cartesian(lat: float, lon: float) -> tuple[float, float, float]:
    """Return metres from the middle of the Airy ellipsoid, for a point on it."""
    nu = AIRY_1830.a / sqrt(1 - AIRY_1830.e2 * sin(lat) ** 2)
    return (
        nu * cos(lat) * cos(lon),
        nu * cos(lat) * sin(lon),
        nu * (1 - AIRY_1830.e2) * sin(lat),
    )


def _to_wgs84(point: tuple[float, float, float]) -> tuple[float, float, float]:
    x, y, z = point
    rx, ry, rz = TURN
    s = 1 + SCALE
    return (
        SHIFT[0] + s * x - rz * y + ry * z,
        SHIFT[1] + rz * x + s * y - rx * z,
        SHIFT[2] - ry * x + rx * y + s * z,
    )


def _geodetic(x: float, y: float, z: float) -> LatLon:
    p = hypot(x, y)
    lat, before = atan2(z, p * (1 - WGS_84.e2)), 0.0
    while abs(lat - before) > 1e-12:
        nu = WGS_84.a / sqrt(1 - WGS_84.e2 * sin(lat) ** 2)
        lat, before = atan2(z + WGS_84.e2 * nu * sin(lat), p), lat
    return LatLon(degrees(lat), degrees(atan2(y, x)))
