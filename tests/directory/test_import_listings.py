import csv
import io
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, time
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

import databases
from attune.booking.models import WeeklyRule
from attune.directory.columns import COLUMNS
from attune.directory.importing import read_listings
from attune.directory.models import (
    Credential,
    DirectoryChange,
    Fee,
    Listing,
    Practice,
    Practitioner,
)
from attune.directory.queries import missing_to_publish
from directory.listings import listed

pytestmark = pytest.mark.django_db

CHECKOUT = Path(__file__).parents[2]
EXAMPLE = CHECKOUT / "examples" / "listings.csv"
TODAY = date(2026, 11, 18)
ROW = {
    "name": "Ada Example",
    "email": "ada@listings.example",
    "register": "bacp",
    "registration_number": "123456",
    "checked_on": "2026-11-01",
    "checked_by": "Dev Marsh",
    "check_expires_on": "2027-11-01",
    "consented_on": "2026-10-30",
    "confirmed_on": "2026-11-17",
    "title": "Counsellor",
    "focus_issues": "depression;anxiety",
    "fee": "65",
    "channels": "in-person;video",
    "town": "Warwick",
}


def file_of(*rows, header=None):
    """Return a CSV file of these rows, each given as changes of ``ROW``."""
    out = io.StringIO()
    writer = csv.DictWriter(out, header or list({**ROW, **{k: "" for one in rows for k in one}}))
    writer.writeheader()
    writer.writerows({**ROW, **one} for one in rows)
    return out.getvalue().encode()


def problems_in(content):
    return [
        (one.line, one.column, one.value, one.expected)
        for one in read_listings(content, today=TODAY).problems
    ]


@pytest.fixture
def run(tmp_path, capsys, time_machine, now):
    """Import a file by the command; return what it said."""
    time_machine.move_to(now, tick=False)

    def run(content, *options):
        path = tmp_path / "listings.csv"
        path.write_bytes(content)
        call_command("import_listings", path, *options)
        return capsys.readouterr().out.splitlines()

    return run


def test_a_complete_row_is_published_with_all_that_it_says(run):
    said = run(
        file_of(
            {
                "languages": "en;pl",
                "therapies": "ipt;cbt",
                "couple_fee": "80.50",
                "concession": "40",
                "hours": "mon 09:00-12:30; sat 17:00-00:00",
                "style_lead": "-2",
                "access": "quiet-room",
            }
        )
    )
    assert said == ["1 row imported.", "1 published, 0 drafts."]
    listing = Listing.objects.get()
    assert missing_to_publish(listing, TODAY) == ()
    assert (listing.state, listing.style_lead, listing.confirmed_on) == (
        "published",
        -2,
        date(2026, 11, 17),
    )
    assert list(
        Fee.objects.order_by("pk").values_list(
            "client_group__slug", "kind", "minor", "concession_minor", "minutes"
        )
    ) == [("adults", "fixed", 6500, 4000, 50), ("couples", "fixed", 8050, None, 50)]
    assert list(WeeklyRule.objects.values_list("weekday", "start", "end")) == [
        (0, time(9), time(12, 30)),
        (5, time(17), time(0)),
    ]
    room = Practice.objects.get()
    assert (round(room.latitude, 1), round(room.longitude, 1)) == (52.3, -1.6)
    assert list(listing.practitioner.languages.values_list("slug", flat=True)) == ["en", "pl"]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"consented_on": ""}, "no date of consent (consented_on)"),
        ({"checked_on": ""}, "no complete check of the registration (checked_on)"),
        ({"checked_by": ""}, "no complete check of the registration (checked_by)"),
        ({"check_expires_on": ""}, "no complete check of the registration (check_expires_on)"),
        (
            {"check_expires_on": "2026-11-17"},
            "the check of the registration has run out (check_expires_on)",
        ),
        ({"fee": ""}, "no fee (fee_kind, fee)"),
    ],
)
def test_an_incomplete_row_stays_a_draft_and_the_report_says_why(run, changes, reason):
    assert run(file_of(changes)) == [
        "1 row imported.",
        "0 published, 1 draft.",
        f"  1 draft has {reason}.",
    ]
    assert Listing.objects.get().state == "draft"


def test_a_row_without_confirmation_is_said_to_wait_for_it(run):
    assert run(file_of({"confirmed_on": ""}))[-1] == (
        "1 row has no confirmed_on: not offered until the practitioner confirms their openings."
    )


def test_nothing_to_pay_is_a_fee(run):
    run(file_of({"fee_kind": "free", "fee": ""}))
    assert Fee.objects.get().kind == "free"
    assert Listing.objects.get().state == "published"


def test_a_dry_run_reads_everything_and_writes_nothing(run):
    assert run(file_of({}), "--dry-run") == [
        "Dry run: 1 row read, nothing written. With this file:",
        "1 published, 0 drafts.",
    ]
    assert Practitioner.objects.count() == 0


def test_the_example_holds_twenty_rows_and_shows_drafts(run):
    said = run(EXAMPLE.read_bytes())
    assert said[:2] == ["20 rows imported.", "16 published, 4 drafts."]
    assert DirectoryChange.objects.exclude(listing=None).count() == 20


def test_a_byte_order_mark_is_no_trouble(run):
    run(b"\xef\xbb\xbf" + file_of({}))
    assert Practitioner.objects.get().name == "Ada Example"


BAD_CELLS = [
    ("name", "", "up to 120 characters"),
    ("email", "ada at home", "a mail address"),
    ("gender", "female", "woman, man or non-binary"),
    ("register", "xyz", "a register of the vocabulary"),
    ("languages", "en;klingon", "'klingon' is not one"),
    ("focus_issues", "depression;sadness", "'sadness' is not one"),
    ("focus_issues", "depression;anxiety;stress;sleep;panic;anger", "there are 6"),
    ("also_issues", "depression", "issues that focus_issues does not name"),
    ("checked_on", "01/11/2026", "a date as in 2026-11-22"),
    ("checked_on", "2026-11-31", "there is no such day"),
    ("checked_on", "2026-11-19", "not after today"),
    ("consented_on", "2027-01-01", "not after today"),
    ("check_expires_on", "2026-11-01", "after checked_on"),
    ("fee", "sixty", "a sum as in 65 or 47.50"),
    ("fee", "-65", "a sum as in 65 or 47.50"),
    ("fee", "0", "a sum as in 65 or 47.50"),
    ("fee", "65.505", "a sum as in 65 or 47.50"),
    ("fee", "1e3", "a sum as in 65 or 47.50"),
    ("fee", "NaN", "a sum as in 65 or 47.50"),
    ("fee_upper", "80", "only where fee_kind is range"),
    ("concession", "65", "less than fee"),
    ("fee_kind", "cheap", "free, donation, fixed or range"),
    ("session_minutes", "500", "a whole number from 15 to 180"),
    ("notice_hours", "2.5", "a whole number from 0 to 336"),
    ("booking_mode", "maybe", "direct, introductory-call or ask-first"),
    ("channels", "in-person;telepathy", "'telepathy' is not one"),
    ("channels", "", "in-person, video and phone"),
    ("town", "", "a town, since people are seen in person"),
    ("town", "Nowhereville-on-Sea", "a town we know, or latitude and longitude"),
    ("latitude", "north", "degrees north"),
    ("latitude", "95", "degrees north"),
    ("outward_postcode", "CV34 4AA", "the first half of a postcode"),
    ("zone", "Europe/Leamington", "an IANA time zone"),
    ("hours", "mon 9-12", "'mon 9-12' is not such a time"),
    ("hours", "mon 12:00-09:00", "ends before it starts"),
    ("hours", "mon 25:00-26:00", "is not such a time"),
    ("style_time", "4", "a whole number from -3 to 3"),
    ("one_line", "x" * 161, "this one has 161 characters"),
]


@pytest.mark.parametrize(("column", "value", "expected"), BAD_CELLS)
def test_a_bad_cell_is_named_by_line_column_value_and_what_was_expected(column, value, expected):
    [(line, found_column, found_value, found)] = problems_in(
        file_of({"registration_number": "1"}, {column: value})
    )
    assert (line, found_column, found_value) == (3, column, value)
    assert expected in found


def test_a_latitude_alone_is_refused():
    assert problems_in(file_of({"latitude": "52.3"})) == [
        (2, "longitude", "", "latitude and longitude together, or neither")
    ]


def test_a_range_needs_its_upper_end():
    [(_, column, _, _)] = problems_in(file_of({"fee_kind": "range"}))
    assert column == "fee_upper"


def test_a_free_place_has_no_sum():
    assert problems_in(file_of({"fee_kind": "free"})) == [
        (2, "fee", "65", "nothing, since fee_kind is free")
    ]


def test_only_a_confirmed_number_format_refuses():
    assert problems_in(file_of({"register": "hcpc", "registration_number": "12345"})) == [
        (2, "registration_number", "12345", "a number as in PYL123456")
    ]
    assert problems_in(file_of({"register": "bacp", "registration_number": "A/7"})) == []


def test_a_registration_twice_in_the_file_is_refused():
    content = file_of({}, {"name": "Somebody Else", "registration_number": "123 456"})
    assert problems_in(content) == [
        (3, "registration_number", "123 456", "one that is new; it is already in line 2")
    ]


def test_a_registration_that_is_listed_already_is_refused_and_left_as_it_was():
    listed(registration_number := 1)
    content = file_of({"registration_number": f"t-{registration_number}"})
    assert problems_in(content) == [
        (2, "registration_number", "t-1", "one that is new; it is already in the directory")
    ]


@pytest.mark.parametrize(
    ("header", "value", "expected"),
    [
        ("name,email", "this header", "a column named register"),
        (",".join([*ROW, "shoe_size"]), "shoe_size", "columns named name, email"),
        (",".join([*ROW, "name"]), "name", "each column once"),
        (";".join(ROW), ";".join(ROW), "columns named name, email"),
        ("", "this header", "a column named name"),
    ],
)
def test_a_wrong_header_is_named_and_no_row_is_read(header, value, expected):
    found = problems_in(f"{header}\nx,y\n".encode())
    assert any(
        (line, column, shown) == (1, "", value) and wanted.startswith(expected)
        for line, column, shown, wanted in found
    )
    assert {line for line, *_ in found} == {1}


def test_another_encoding_is_named_with_its_line():
    content = file_of({}, {"registration_number": "7"}).replace(
        b"Counsellor", "Thérapeute".encode("latin-1")
    )
    assert problems_in(content) == [(2, "", r"b'\xe9rap'", "text in UTF-8")]


def test_a_character_that_the_database_cannot_keep_is_named_with_its_line():
    content = file_of({}, {"registration_number": "7", "title": "Coun\0sellor"})
    assert problems_in(content) == [(3, "", "a NUL character", "text in UTF-8")]


def test_a_row_with_too_few_cells_is_named():
    content = file_of({}) + b"Ada,ada@listings.example\n"
    assert problems_in(content) == [(3, "", "2 cells", f"{len(ROW)} cells")]


def test_a_quote_that_never_closes_is_named():
    [(line, column, _, expected)] = problems_in(file_of({}) + b'"Ada,x\n')
    assert (line, column, expected) == (3, "", "rows of comma-separated values")


def test_lines_are_counted_as_an_editor_counts_them():
    content = file_of(
        {"how_i_work": "One line.\nAnother."}, {"registration_number": "7", "email": "none"}
    )
    [(line, column, _, _)] = problems_in(content)
    assert (line, column) == (4, "email")


def test_one_bad_row_keeps_the_whole_file_out_and_every_mistake_is_told(run):
    content = file_of(
        {}, {"registration_number": "7", "email": "none", "fee": "x"}, {"registration_number": ""}
    )
    with pytest.raises(CommandError) as caught:
        run(content)
    assert caught.value.returncode == 1
    assert str(caught.value).splitlines() == [
        "Line 3, email: “none” cannot be used. Expected: a mail address.",
        "Line 3, fee: “x” cannot be used. Expected: a sum as in 65 or 47.50, at most 9999.",
        "Line 4, registration_number: an empty cell cannot be used. Expected: up to 40 characters.",
        "listings.csv has 3 problems. Nothing was imported.",
    ]
    assert Practitioner.objects.count() == Credential.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_a_registration_that_somebody_else_adds_meanwhile_is_refused_in_the_same_words(run):
    def import_it():
        with pytest.raises(CommandError) as caught:
            run(file_of({"registration_number": "T-1"}))
        connection.close()
        return caught.value

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            listed(1)
            importing = pool.submit(import_it)
            wait_until_somebody_waits()
        refused = importing.result(10)
    assert refused.returncode == 1
    [known_already, _nothing_imported] = str(refused).splitlines()
    assert known_already.startswith("Line 2, registration_number: “T-1” cannot be used.")
    assert "already in the directory" in known_already
    assert Practitioner.objects.count() == 1


def wait_until_somebody_waits():
    """Return when a session of this database waits for another one's lock."""
    with databases.connected(connection.settings_dict["NAME"]) as other:
        for _ in range(1000):
            waiting = other.execute(
                "SELECT count(*) FROM pg_stat_activity"
                " WHERE datname = current_database() AND wait_event_type = 'Lock'"
            ).fetchone()
            if waiting != (0,):
                return
            other.execute("SELECT pg_sleep(0.01)")
    raise AssertionError("nobody waits")


def test_many_mistakes_are_counted_and_the_first_hundred_told(run):
    rows = [{"registration_number": f"{number}", "email": "none"} for number in range(130)]
    with pytest.raises(CommandError) as caught:
        run(file_of(*rows))
    lines = str(caught.value).splitlines()
    assert len(lines) == 102
    assert lines[-2:] == [
        "And 30 more problems after these.",
        "listings.csv has 130 problems. Nothing was imported.",
    ]


def test_a_file_that_is_not_there_is_said_in_one_sentence():
    with pytest.raises(CommandError, match=r"none.csv cannot be read: No such file") as caught:
        call_command("import_listings", "none.csv")
    assert caught.value.returncode == 2


def test_progress_is_told_by_the_thousand_and_at_the_end():
    told = []
    rows = [{"registration_number": f"{number}"} for number in range(1200)]
    report = read_listings(
        file_of(*rows), today=TODAY, progress=lambda *done_of: told.append(done_of)
    )
    assert (told, len(report.entries)) == ([(1000, 1200), (1200, 1200)], 1200)


def test_a_terminal_sees_a_bar_and_a_file_of_messages_does_not(run, tmp_path):
    path = tmp_path / "listings.csv"
    path.write_bytes(file_of({}))
    shown = {}
    for is_terminal in (True, False):
        out = io.StringIO()
        out.isatty = lambda is_terminal=is_terminal: is_terminal
        call_command("import_listings", path, "--dry-run", stderr=out, no_color=True)
        shown[is_terminal] = out.getvalue()
    assert shown == {True: f"\r[{'#' * 30}] 1 of 1 rows\n", False: ""}


def test_consent_is_dated_by_the_day_in_the_file(run):
    run(file_of({}))
    assert Listing.objects.get().consented_at == datetime.fromisoformat("2026-10-30T12:00Z")


def test_the_documented_table_is_the_one_that_is_used():
    page = (CHECKOUT / "docs" / "reference" / "import-listings.md").read_text(encoding="utf-8")
    documented = [
        tuple(cell.strip() for cell in line.split("|")[1:4])
        for line in page.splitlines()
        if line.startswith("| `")
    ]
    assert documented == [
        (f"`{one.name}`", "yes" if one.is_required else "", one.accepted) for one in COLUMNS
    ]
