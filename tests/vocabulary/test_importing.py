"""Full postcodes from downloaded files."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from attune.core.errors import InvalidInput
from attune.core.geo import LatLon, distance_km
from attune.vocabulary.importing import FORMATS, import_places
from attune.vocabulary.models import Place
from attune.vocabulary.places import resolve

pytestmark = pytest.mark.django_db

CODE_POINT = (
    '"CV34 4AA",10,428200,264900,"E92000001","","","","",""\n'
    '"CV34 4AB",10,428900,265300,"E92000001","","","","",""\n'
    '"CV34 5XX",10,427500,265900,"E92000001","","","","",""\n'
    '"CV35 9ZZ",90,0,0,"E92000001","","","","",""\n'
)
ONSPD = (
    "pcd,pcd2,pcds,dointr,lat,long,ctry\n"
    "CV344AA,CV34 4AA,CV34 4AA,198001,52.281525,-1.588058,E92000001\n"
    "IM1 1AA,IM1  1AA,IM1 1AA,198001,54.150000,-4.480000,M83000003\n"
    "CV359ZZ,CV35 9ZZ,CV35 9ZZ,198001,99.999999,0.000000,E92000001\n"
)
GEONAMES = (
    "GB\tCV34\tWarwick\tEngland\tENG\tWarwickshire\t\t\t\t52.2833\t-1.5833\t4\n"
    "GB\tCV34\tHatton\tEngland\tENG\tWarwickshire\t\t\t\t52.3000\t-1.6300\t4\n"
    "IE\tD02\tDublin 2\tLeinster\tL\t\t\t\t\t53.3380\t-6.2520\t4\n"
)
WARWICK = LatLon(52.2815, -1.5881)


def imported(format_name, text):
    return import_places(FORMATS[format_name].read(text.splitlines()), source=format_name)


@pytest.mark.parametrize(("format_name", "text"), [("code-point", CODE_POINT), ("onspd", ONSPD)])
def test_a_full_postcode_is_then_known_to_a_street(format_name, text):
    imported(format_name, text)
    found = resolve("cv344aa")
    assert found.whereabouts.label == "CV34 4AA"
    assert found.whereabouts.accuracy_km == 0.1
    assert found.nation == "ENG"
    assert found.towns == ()
    assert distance_km(found.whereabouts.point, WARWICK) < 0.02


def test_sectors_and_districts_are_the_middle_of_their_postcodes():
    assert imported("code-point", CODE_POINT) == 3 + 2 + 1
    rows = {place.code: place for place in Place.objects.filter(source="code-point")}
    assert set(rows) == {"CV344AA", "CV344AB", "CV345XX", "CV344", "CV345", "CV34"}
    first, second = rows["CV344AA"], rows["CV344AB"]
    assert rows["CV344"].latitude == pytest.approx((first.latitude + second.latitude) / 2)
    assert 0.5 < rows["CV344"].accuracy_km < 1
    assert rows["CV34"].accuracy_km > rows["CV344"].accuracy_km
    assert resolve("CV34 4ZZ").kind == "sector"
    assert resolve("CV34 9ZZ").kind == "district"


def test_postcodes_without_a_place_are_left_out():
    imported("code-point", CODE_POINT)
    assert resolve("CV35 9ZZ").kind == "area"
    imported("onspd", ONSPD)
    assert resolve("CV35 9ZZ").kind == "area"


def test_outward_codes_alone_keep_an_honest_reach_and_their_first_name():
    imported("geonames", GEONAMES)
    district = resolve("CV34 4AA")
    assert district.kind == "district"
    assert district.whereabouts.label == "CV34: around Warwick"
    assert district.whereabouts.accuracy_km >= 8
    assert {"Warwick", "Royal Leamington Spa"} <= set(district.towns)
    assert resolve("D02 X285").nation == "IRL"


def test_the_islands_are_countries_of_their_own():
    imported("onspd", ONSPD)
    assert Place.objects.get(code="IM11AA").country == "IM"


def test_a_second_import_replaces_the_first_for_its_countries_only():
    imported("geonames", GEONAMES)
    imported("code-point", CODE_POINT)
    assert resolve("CV34 4AA").whereabouts.label == "CV34 4AA"
    assert Place.objects.filter(kind="district").count() == 2
    assert resolve("D02 X285")
    imported("code-point", CODE_POINT)
    assert Place.objects.filter(source="code-point").count() == 6


@pytest.mark.parametrize(
    ("format_name", "text", "complaint"),
    [
        ("onspd", "a,b,c\n1,2,3\n", "line 1: .* a header with pcds, lat and long"),
        ("onspd", "pcds,lat,long\nCV34 4AA,north,1\n", 'line 2: \\["north", "1"\\] .*two numbers'),
        ("onspd", "pcds,lat,long\nCV34 4AA,52\n", "line 2: .* 3 columns"),
        ("geonames", "GB;CV34;Warwick\n", "line 1: .* twelve columns"),
        ("code-point", "CV34 4AA,10\n", "line 1: .* at least four columns"),
        ("code-point", CODE_POINT + '"X",10,east,1\n', "line 5: .*two numbers"),
        ("onspd", "", "line 1: .* a header"),
    ],
)
def test_a_line_that_cannot_be_read_is_named_and_nothing_changes(format_name, text, complaint):
    before = Place.objects.count()
    with pytest.raises(InvalidInput, match=complaint):
        imported(format_name, text)
    assert Place.objects.count() == before


def test_the_command_stores_a_file_and_says_what_its_licence_asks(tmp_path):
    path, out = tmp_path / "codepo.csv", StringIO()
    path.write_text(CODE_POINT, encoding="utf-8")
    call_command("import_places", "--format", "code-point", str(path), stdout=out)
    assert "Stored 6 postcodes, sectors and districts." in out.getvalue()
    assert "Ordnance Survey" in out.getvalue()


@pytest.mark.parametrize("content", [None, b"\xff\xfe\x00", b"a,b\n1,2\n"])
def test_the_command_refuses_what_it_cannot_read_in_one_sentence(tmp_path, content):
    path = tmp_path / "onspd.csv"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(CommandError) as caught:
        call_command("import_places", "--format", "onspd", str(path))
    assert caught.value.returncode == 2
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)
