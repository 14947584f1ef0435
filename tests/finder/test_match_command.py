"""``attune match``: the same answer as the API, or a table."""

import json

import pytest
from django.core.management import CommandError, call_command

from finder.people import LINE, ROOM, listed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("stopped_clock")]

ENQUIRY = {
    "issues": ["depression", "anxiety"],
    "place": "Warwick",
    "max_distance_km": 20,
    "wishes": [{"about": "gender", "value": "woman", "weight": "nice"}],
}


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "enquiry.json"
    path.write_text(json.dumps(ENQUIRY), encoding="utf-8")
    return path


def test_json_is_what_the_api_answers(file, client, capsys):
    listed(practices=(ROOM, LINE))
    call_command("match", file, "--json")
    api = client.post("/api/v1/matches", ENQUIRY, content_type="application/json").json()
    assert json.loads(capsys.readouterr().out) == api


def test_the_table_names_people_why_and_why_not(file, capsys):
    listed(practices=(ROOM, LINE))
    call_command("match", file)
    assert capsys.readouterr().out == (
        "1 person fits (Warwick)\n"
        "\n"
        "Name                  Distance    Fee  Next free\n"
        "Ben Hathersage-Quaye  under 1 km  £60  Thu 19 Nov, 5:00pm\n"
        "  fits          Works mainly with depression and low mood, one of the things you chose\n"
        "                Next free on Thu 19 Nov, 5:00pm\n"
        "                under 1 km away, in a straight line\n"
        "  not known     Whether they are a woman\n"
        "                How quickly they answer\n"
    )


def test_when_nobody_fits_it_says_so(file, capsys):
    call_command("match", file)
    assert capsys.readouterr().out == "0 people fit (Warwick)\n"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            '{"issues": ["sadness"]}',
            'issues[0]: "sadness" cannot be used. Accepted: one of the 66 known values, such as',
        ),
        ('{"place": "XX1"}', "We could not find XX1. Enter a UK postcode or a town"),
        ('{"place": ', "is not JSON: "),
    ],
)
def test_a_mistake_is_one_sentence_and_status_two(tmp_path, text, sentence):
    path = tmp_path / "enquiry.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CommandError) as caught:
        call_command("match", path)
    assert sentence in str(caught.value)
    assert "\n" not in str(caught.value)
    assert caught.value.returncode == 2


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(CommandError, match="cannot be read: No such file") as caught:
        call_command("match", tmp_path / "none.json")
    assert caught.value.returncode == 2
