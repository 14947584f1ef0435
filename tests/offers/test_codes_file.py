"""A partner's file of codes: what is taken of it, what is said of the rest, and what is refused."""

from io import BytesIO

import pytest

from attune.offers.access import claimed_code
from attune.offers.actions import add_codes
from attune.offers.errors import CodesUnusable
from attune.offers.importing import LONGEST, MOST_BYTES, MOST_ROWS, read_codes
from attune.offers.models import OfferCode
from offers.offering import a_member, an_offer, claimed

pytestmark = pytest.mark.django_db


def read(content: bytes):
    return read_codes(BytesIO(content), size=len(content))


def added(offer, content: bytes):
    return add_codes(offer, BytesIO(content), size=len(content))


@pytest.mark.parametrize(
    "content",
    [
        b"WREN-0001\nWREN-0002\n",
        b"code\r\nWREN-0001\r\nWREN-0002",
        "\ufeffCode\nWREN-0001\n\n  WREN-0002  \n".encode(),
        b'"WREN-0001"\n"WREN-0002"\n',
    ],
    ids=["plain", "header", "byte order mark, empty line, spaces", "quoted"],
)
def test_a_file_has_one_code_a_line_with_or_without_a_header(content):
    assert list(read(content).codes) == ["WREN-0001", "WREN-0002"]


def test_codes_are_taken_as_they_were_issued():
    offer = an_offer()
    added(offer, "Blåmeis og måse, 7 ÆØ/=+".replace(",", "").encode())
    one = claimed(offer, a_member())
    assert claimed_code(one) == "Blåmeis og måse 7 ÆØ/=+"


def test_what_is_not_added_is_named_by_its_line():
    offer = an_offer("WREN-0003")
    long = "W" * (LONGEST + 1)
    found = added(offer, f"code\nWREN-0001\nabc\nWREN-0003\n{long}\nWREN-0001\nWR\tEN\n".encode())
    assert (found.count, found.repeated, found.known, found.bad) == (1, (6,), (4,), (3, 5, 7))
    assert OfferCode.objects.count() == 2


def test_the_shortest_and_the_longest_code_are_added():
    found = added(an_offer(), f"abcd\n{'W' * LONGEST}".encode())
    assert found.count == 2


def test_the_same_file_twice_adds_nothing_and_says_so():
    offer, content = an_offer(), b"WREN-0001\nWREN-0002"
    added(offer, content)
    again = added(offer, content)
    assert (again.count, again.known) == (0, (1, 2))


def test_a_used_code_is_known_too():
    offer = an_offer("WREN-0001")
    claimed(offer, a_member())
    assert added(offer, b"WREN-0001").known == (1,)


def test_two_offers_may_have_the_same_code():
    assert [added(an_offer(title=one), b"WREN-0001").count for one in ("One", "Two")] == [1, 1]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The file has no codes."),
        (b"code\n\n", "The file has no codes."),
        (b"WREN-0001\nWREN-0002,Ada\n", "Line 2 has more than one column."),
        (b"WREN-0001\n\xff\xfe\x00\n", "The file is not text in UTF-8."),
        (b'WREN-0001\n"WREN-0002\n', "Line 2 is not a row of a CSV file."),
        (b'WREN-0001\n"WREN" 2\n', "Line 2 is not a row of a CSV file."),
        (b"WREN" * 40_000, "is not a row of a CSV file."),
        (b"W" * (MOST_BYTES + 1), "The file is larger than 1 MB."),
        (b"abcd\n" * (MOST_ROWS + 1), "The file has more than 20,000 rows."),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_file_that_is_none_is_refused_whole(content, sentence):
    offer = an_offer()
    with pytest.raises(CodesUnusable, match=sentence):
        added(offer, content)
    assert not OfferCode.objects.exists()


def test_the_largest_file_is_read():
    found = read("".join(f"WREN-{number:06}\n" for number in range(MOST_ROWS)).encode())
    assert len(found.codes) == MOST_ROWS
