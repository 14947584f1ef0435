"""Looking for a text in files, in every form in which it could lie there."""

from base64 import b64encode
from collections.abc import Callable, Iterator
from pathlib import Path


def forms_of(text: str) -> dict[str, bytes]:
    """Return the forms in which ``text``, of letters and digits, may be stored."""
    raw = text.encode()
    forms = {
        "as it is": raw,
        "upper case": raw.upper(),
        "UTF-16, little end first": text.encode("utf-16-le"),
        "UTF-16, big end first": text.encode("utf-16-be"),
        "UTF-32": text.encode("utf-32-le"),
        "hexadecimal": raw.hex().encode(),
        "hexadecimal, upper case": raw.hex().upper().encode(),
        "percent": "".join(f"%{byte:02X}" for byte in raw).encode(),
        "quoted-printable": "".join(f"={byte:02X}" for byte in raw).encode(),
        "backslash x": "".join(f"\\x{byte:02x}" for byte in raw).encode(),
        "octal": "".join(f"\\{byte:03o}" for byte in raw).encode(),
        "JSON": "".join(f"\\u{byte:04x}" for byte in raw).encode(),
        "HTML": "".join(f"&#{byte};" for byte in raw).encode(),
        "HTML, hexadecimal": "".join(f"&#x{byte:x};" for byte in raw).encode(),
        "backwards": raw[::-1],
    }
    for shift in range(3):
        # What stands around it changes up to the first whole, and from the last whole, group.
        padded = b"\0" * shift + raw
        first = 4 * -(-shift // 3) if shift else 0
        whole = len(padded) // 3 * 4
        forms[f"base64, {shift} before it"] = b64encode(padded)[first:whole]
    return forms


def traces_in(
    files: Iterator[Path],
    forms: dict[str, bytes],
    allowed: Callable[[Path, bytes], bytes] = lambda _path, content: content,
) -> list[tuple[Path, str, bytes]]:
    """
    Return file, form, and the bytes around each first find.

    Args:
        allowed: takes out of a file's content what may stand there.
    """
    found = []
    for path in files:
        try:
            content = allowed(path, path.read_bytes())
        except OSError:
            # It ended, or is no file that holds bytes (a socket).
            continue
        for name, form in forms.items():
            at = content.find(form)
            if at >= 0:
                found.append((path, name, content[max(0, at - 40) : at + len(form) + 40]))
    return found


def files_below(*folders: Path) -> Iterator[Path]:
    for folder in folders:
        if folder.is_file():
            yield folder
        yield from (path for path in folder.rglob("*") if path.is_file())
