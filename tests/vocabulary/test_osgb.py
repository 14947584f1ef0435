"""The national grid, against published points."""

import pytest

from attune.core.geo import LatLon, distance_km
from attune.vocabulary.osgb import latlon_of_grid


@pytest.mark.parametrize(
    ("easting", "northing", "lat", "lon"),
    [
        # Caister water tower, the worked example of the Ordnance Survey's guide (ETRS89).
        (651_409.903, 313_177.270, 52.658008, 1.716074),
        # St Mary's, Isles of Scilly, and Flamborough Head: OS net stations of the same guide.
        (91_492.146, 11_318.804, 49.922261, -6.299778),
        (525_745.670, 470_703.214, 54.116851, -0.077731),
    ],
)
def test_grid_references_become_latitudes_within_ten_metres(easting, northing, lat, lon):
    assert distance_km(latlon_of_grid(easting, northing), LatLon(lat, lon)) < 0.010
