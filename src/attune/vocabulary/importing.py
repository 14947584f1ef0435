"""Full postcodes from the files that anyone may download: read line by line, stored in one go.

Sectors and districts are the mean of their postcodes, so that half a postcode resolves too.
"""

import csv
import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from django.db import connection, transaction

from attune.core.errors import InvalidInput
from attune.core.geo import LatLon
from attune.vocabulary.models import Place
from attune.vocabulary.osgb import latlon_of_grid
from attune.vocabulary.places import KM_PER_DEGREE

# Half the width of one postcode, roughly: some fifteen addresses.
POSTCODE_KM = 0.1
LEAST_KM = 0.5
# Of a district or a routing key that the file gives as one point.
OUTWARD_ALONE_KM = 8.0
ISLANDS = {"GY": "GG", "JE": "JE", "IM": "IM"}
# What the files write where a postcode has no coordinates.
ONSPD_NOWHERE = 99
CODE_POINT_NOWHERE = "90"

# 2.7 million rows go in by COPY; the tables' own statements then do the rest in the server.
INCOMING = """
    CREATE TEMPORARY TABLE incoming (kind text, country text, code text, name text,
        latitude float, longitude float, accuracy_km float)
"""
FORGET = """
    DELETE FROM vocabulary_place WHERE kind IN ('postcode', 'sector', 'district')
        AND country IN (SELECT country FROM incoming)
"""
STORE = """
    INSERT INTO vocabulary_place (kind, country, code, name, normalised, alternatives, region,
        latitude, longitude, accuracy_km, population, source)
    SELECT DISTINCT ON (one.kind, one.country, one.code)
        one.kind, one.country, one.code, one.name, '', '{}',
        CASE one.country WHEN 'IE' THEN 'Ireland' ELSE coalesce(area.region, '') END,
        one.latitude, one.longitude, one.accuracy_km, 0, %s
    FROM incoming one LEFT JOIN vocabulary_place area
        ON area.kind = 'area' AND area.country = one.country
        AND area.code = substring(one.code from '^[A-Z]+')
"""


@dataclass(frozen=True)
class PostcodePoint:
    """A postcode, or an outward one alone, without spaces, and where it is."""

    country: str
    code: str
    point: LatLon
    name: str = ""


@dataclass
class Spread:
    """The middle of many points and how far they lie from it, from running sums."""

    name: str = ""
    least_km: float = LEAST_KM
    count: int = 0
    sums: list[float] = field(default_factory=lambda: [0.0] * 4)

    def add(self, point: LatLon) -> None:
        self.count += 1
        for position, value in enumerate((point.lat, point.lon, point.lat**2, point.lon**2)):
            self.sums[position] += value

    def middle(self) -> LatLon:
        return LatLon(self.sums[0] / self.count, self.sums[1] / self.count)

    def radius_km(self) -> float:
        """Return twice the standard distance: about 19 of 20 points lie within it."""
        middle = self.middle()
        north = self.sums[2] / self.count - middle.lat**2
        east = (self.sums[3] / self.count - middle.lon**2) * math.cos(math.radians(middle.lat)) ** 2
        return max(self.least_km, 2 * math.sqrt(max(0.0, north + east)) * KM_PER_DEGREE)


def read_geonames(lines: Iterable[str]) -> Iterator[PostcodePoint]:
    """Read GeoNames' postal code file: tab-separated, no header, twelve columns."""
    for number, row in enumerate(csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE), 1):
        _expect(len(row) == 12, number, row, "twelve columns with tabs between them")
        point = _point(number, row[9], row[10])
        yield PostcodePoint(row[0], _code(row[1]), point, row[2])


def read_onspd(lines: Iterable[str]) -> Iterator[PostcodePoint]:
    """Read the ONS Postcode Directory: comma-separated, a header that names pcds, lat and long."""
    rows = csv.reader(lines)
    header = [name.strip().lower() for name in next(rows, [])]
    _expect({"pcds", "lat", "long"} <= set(header), 1, header, "a header with pcds, lat and long")
    code_at, lat_at, lon_at = (header.index(name) for name in ("pcds", "lat", "long"))
    for number, row in enumerate(rows, 2):
        _expect(len(row) == len(header), number, row, f"{len(header)} columns")
        point = _point(number, row[lat_at], row[lon_at])
        if point.lat < ONSPD_NOWHERE:
            yield _british(_code(row[code_at]), point)


def read_code_point(lines: Iterable[str]) -> Iterator[PostcodePoint]:
    """Read Code-Point Open: comma-separated, no header; postcode, quality, easting, northing."""
    for number, row in enumerate(csv.reader(lines), 1):
        _expect(len(row) >= 4, number, row, "at least four columns with commas between them")
        if row[1] != CODE_POINT_NOWHERE:
            easting, northing = _numbers(number, row[2], row[3])
            yield _british(_code(row[0]), latlon_of_grid(easting, northing))


def _british(code: str, point: LatLon) -> PostcodePoint:
    return PostcodePoint(ISLANDS.get(code[:2], "GB"), code, point)


def _code(text: str) -> str:
    return text.replace(" ", "").upper()


def _point(number: int, lat: str, lon: str) -> LatLon:
    return LatLon(*_numbers(number, lat, lon))


def _numbers(number: int, *texts: str) -> tuple[float, ...]:
    try:
        return tuple(float(text) for text in texts)
    except ValueError:
        raise InvalidInput(f"line {number}", list(texts), "two numbers") from None


def _expect(is_so: bool, number: int, row: list[str], accepted: str) -> None:  # noqa: FBT001
    if not is_so:
        raise InvalidInput(f"line {number}", ",".join(row), accepted)


@dataclass(frozen=True)
class Format:
    """A file that can be imported, and what its licence asks of whoever uses it."""

    read: Callable[[Iterable[str]], Iterator[PostcodePoint]]
    notice: str


FORMATS: Mapping[str, Format] = {
    "geonames": Format(
        read_geonames,
        "GeoNames postal codes, CC BY 4.0: keep the attribution at the foot of every page.",
    ),
    "onspd": Format(
        read_onspd,
        "ONS Postcode Directory, Open Government Licence 3.0: name the Office for National "
        "Statistics, and Crown copyright and Royal Mail copyright, with the year. Northern Irish "
        "postcodes have terms of their own for commercial use.",
    ),
    "code-point": Format(
        read_code_point,
        "Code-Point Open, Open Government Licence 3.0: name Ordnance Survey, Crown copyright and "
        "Royal Mail copyright, with the year.",
    ),
}


def import_places(points: Iterable[PostcodePoint], *, source: str) -> int:
    """Store postcodes with their sectors and districts; return how many rows that made.

    One transaction: what was imported before for the same countries is replaced, or nothing
    changes. Raises ``InvalidInput`` naming the line that cannot be read.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(INCOMING)
        with cursor.copy("COPY incoming FROM STDIN") as copy:  # psycopg's, through Django's
            for row in _rows(points):
                copy.write_row(row)
        cursor.execute(FORGET)
        cursor.execute(STORE, [source])
        count = cursor.rowcount
        cursor.execute("DROP TABLE incoming")
        # The planner would otherwise read millions of new rows to find one, until it notices them.
        cursor.execute("ANALYZE vocabulary_place")
    return int(count)


def _rows(
    points: Iterable[PostcodePoint],
) -> Iterator[tuple[str, str, str, str, float, float, float]]:
    """Yield the columns of ``incoming``: each postcode, then the sectors and districts."""
    wider: dict[tuple[str, str, str], Spread] = {}
    for one in points:
        outward, inward = _halves(one)
        if inward:
            yield (Place.Kind.POSTCODE, one.country, one.code, "", *_where(one.point, POSTCODE_KM))
            sector = (Place.Kind.SECTOR, one.country, f"{outward}{inward[0]}")
            wider.setdefault(sector, Spread()).add(one.point)
        district = (Place.Kind.DISTRICT, one.country, outward)
        least_km = LEAST_KM if inward else OUTWARD_ALONE_KM
        wider.setdefault(district, Spread(one.name, least_km)).add(one.point)
    for key, spread in wider.items():
        yield (*key, spread.name, *_where(spread.middle(), spread.radius_km()))


def _halves(one: PostcodePoint) -> tuple[str, str]:
    """Return ("CV34", "4AA"), or ("CV34", "") for an outward code or an Irish routing key."""
    is_full = one.country != "IE" and len(one.code) > 4 and one.code[-1].isalpha()
    return (one.code[:-3], one.code[-3:]) if is_full else (one.code, "")


def _where(point: LatLon, accuracy_km: float) -> tuple[float, float, float]:
    return point.lat, point.lon, round(accuracy_km, 2)
