"""Reading a partner's file of codes: one column, read line by line."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO

from django.utils.translation import gettext as _

from attune.offers.errors import CodesUnusable

MOST_BYTES = 1024 * 1024
MOST_ROWS = 20_000
SHORTEST, LONGEST = 4, 200
HEADER = "code"


@dataclass
class CodeFile:
    """What a file holds: ``codes`` by their first line, and the lines that say none.

    Attributes:
        codes: text to the line on which it stands first.

        repeated: lines on which a code stands that an earlier line has.

        bad: lines that hold no code: too short, too long, or with characters that cannot be typed.
    """

    codes: dict[str, int] = field(default_factory=dict)
    repeated: list[int] = field(default_factory=list)
    bad: list[int] = field(default_factory=list)


def read_codes(file: IO[bytes], *, size: int) -> CodeFile:
    """
    Read a CSV file of codes. Nothing is written.

    Args:
        file: UTF-8 with or without a byte order mark; one column, its header ``code`` optional.

        size: in bytes.

    Raises:
        CodesUnusable: too large, too many rows, more than one column, or no text in UTF-8.
    """
    if size > MOST_BYTES:
        raise CodesUnusable(
            _("The file is larger than 1 MB. Split it, and add one part after the other.")
        )
    found = CodeFile()
    for count, (line, text) in enumerate(_rows(file), 1):
        if count > MOST_ROWS:
            raise CodesUnusable(
                _("The file has more than 20,000 rows. Split it, and add one part after the other.")
            )
        if not is_code(text):
            found.bad.append(line)
        elif text in found.codes:
            found.repeated.append(line)
        else:
            found.codes[text] = line
    if not (found.codes or found.bad):
        raise CodesUnusable(_("The file has no codes. It needs one column with one code a line."))
    return found


def is_code(text: str) -> bool:
    """Whether a partner's code can be this: 4 to 200 characters that somebody can type."""
    return SHORTEST <= len(text) <= LONGEST and text.isprintable()


def _rows(file: IO[bytes]) -> Iterator[tuple[int, str]]:
    """Yield the cell of each row that has one, and its line."""
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
    rows = csv.reader(text, strict=True)
    try:
        for cells in rows:
            if len(cells) > 1:
                raise CodesUnusable(
                    _("Line %(line)s has more than one column. The file needs one: the code.")
                    % {"line": rows.line_num}
                )
            cell = cells[0].strip() if cells else ""
            if cell and not (rows.line_num == 1 and cell.casefold() == HEADER):
                yield rows.line_num, cell
    except UnicodeDecodeError:
        raise CodesUnusable(
            _("The file is not text in UTF-8. Save it as “CSV UTF-8”, and add that.")
        ) from None
    except csv.Error:
        raise CodesUnusable(
            _("Line %(line)s is not a row of a CSV file. It needs one code a line.")
            % {"line": rows.line_num}
        ) from None
    finally:
        # Whoever opened the file closes it.
        text.detach()
