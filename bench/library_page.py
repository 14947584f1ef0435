"""How many pages of the library a second, beside an empty view, in one run of one server.

    DATABASE_URL=... python bench/library_page.py [--enquiries 200] [--seconds 4] [--rounds 3]

The database needs people (``attune demo``). Served and asked for as ``pages.py`` says, first by
readers without cookies, then by 200 browsers whose sessions hold an enquiry with a place, so that
three people near it stand beside the page. Nothing changes meanwhile but the time. The bar: at
least 30% for both.
"""

import sys
from collections.abc import Sequence

from bars import report
from pages import CLIENTS, PLACES, Server, asked_for, serving, share_bar, stored_sessions

BAR = 0.30
PATH = "/library/therapies/ipt/"
# What stands above the three people.
ONLINE, NEAR = "People who offer this online", "People near "


def main() -> int:
    asked = asked_for(__doc__.splitlines()[0])
    readers: dict[str, Sequence[str]] = {
        "without cookies": ("",) * CLIENTS,
        "whose session holds a place": stored_sessions(asked.enquiries, PLACES),
    }
    bars = []
    with serving() as server:
        made_once(server, readers["without cookies"], ONLINE)
        made_once(server, readers["whose session holds a place"], NEAR)
        for who, cookies in readers.items():
            empty, page = server.empty_and(
                PATH, cookies, seconds=asked.seconds, rounds=asked.rounds
            )
            print(f"reader {who}\n  empty view   {empty}\n  library page {page}")
            bars.append(share_bar(f"Library page, reader {who}", BAR, empty, page))
    return report(*bars)


def made_once(server: Server, cookies: Sequence[str], expected: str) -> None:
    """Have the page made for each of them; end where it does not show the expected people."""
    if expected not in server.first_page(PATH, cookies[0]):
        sys.exit(f"The library page does not show {expected!r}: the database has too few people.")
    for cookie in cookies:
        server.page(PATH, cookie)


if __name__ == "__main__":
    sys.exit(main())
