"""How many results pages a second, beside an empty view, in one run of one server.

    DATABASE_URL=... python bench/results_page.py [--enquiries 200] [--seconds 4] [--rounds 3]

The database needs people (``attune demo``). Served and asked for as ``pages.py`` says; 200
different stored enquiries are asked for in turn, each by its own browser session, and no answer is
kept. The bar: at least 12%.
"""

import sys

from bars import report
from pages import PLACES, asked_for, serving, share_bar, stored_sessions

BAR = 0.12
PATH = "/match/results/"


def main() -> int:
    asked = asked_for(__doc__.splitlines()[0])
    cookies = stored_sessions(asked.enquiries, (*PLACES, None))
    with serving() as server:
        page = server.first_page(PATH, cookies[0])
        if page.count('<article class="card"') != 10:
            sys.exit("The results page does not show ten people: the database has too few.")
        for cookie in cookies:
            server.page(PATH, cookie)
        empty, results = server.empty_and(PATH, cookies, seconds=asked.seconds, rounds=asked.rounds)
    print(f"empty view         {empty}")
    print(f"results, ten cards {results}")
    return report(share_bar("Results page, ten explained cards", BAR, empty, results))


if __name__ == "__main__":
    sys.exit(main())
