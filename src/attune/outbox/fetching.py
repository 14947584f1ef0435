"""The one way out: fetching an address that somebody gave us, without being led anywhere else.

The name is looked up once, every address found is judged, and the connection goes to a judged
address itself: a name that means something else a moment later leads nowhere (S44). Nothing of an
address or an answer is ever logged; errors name the kind of fault in one sentence for a person.
"""

import io
import socket
import ssl
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPResponse
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from queue import Empty, SimpleQueue
from urllib.parse import SplitResult, urlsplit

from attune.core.errors import AttuneError

Address = IPv4Address | IPv6Address
Resolve = Callable[[str, int], Sequence[str]]

PORTS = {"https": 443, "http": 80}
PIECE = 64 * 1024
LONGEST_URL = 2000
# IPv4 inside IPv6 by a translator (RFC 6052, RFC 8215): whatever is behind it is not ours to judge.
TRANSLATED = (IPv6Network("64:ff9b::/96"), IPv6Network("64:ff9b:1::/48"))
# Of what it is called in the world, only this is told to the other side.
ASKED_WITH = {"User-Agent": "Attune", "Accept-Encoding": "identity", "Connection": "close"}


class CannotFetch(AttuneError):
    """Why nothing was fetched: one sentence for whoever gave the address."""


class AddressRefused(CannotFetch):
    """What was given is no web address that may be asked."""


class PlaceRefused(CannotFetch):
    """The name leads to an address that is not on the public internet."""


class NotReached(CannotFetch):
    """The name is unknown, nobody answers there, or what answers is not secure."""


class TookTooLong(CannotFetch):
    """The whole of it was not here in time."""


class TooLong(CannotFetch):
    """There is more of it than may be fetched."""


class AnswerRefused(CannotFetch):
    """The other side answered with something else than the file, ``status`` of it if any."""

    def __init__(self, message: str, status: int | None = None) -> None:
        self.status = status
        super().__init__(message)


@dataclass(frozen=True)
class Fetched:
    """What came back with status 200: at most the bytes that were allowed."""

    content: bytes
    content_type: str


def fetch(
    url: str,
    *,
    most_bytes: int,
    seconds: float,
    allow_http: bool = False,
    headers: Mapping[str, str] | None = None,
    resolve: Resolve | None = None,
    is_allowed: Callable[[Address], bool] | None = None,
    ports: Mapping[str, int] = PORTS,
    trust: ssl.SSLContext | None = None,
) -> Fetched:
    """
    Return what an address answers. Raises one of the ``CannotFetch``.

    Args:
        most_bytes: how much of it may come; one byte more is ``TooLong``.

        seconds: for all of it together: the name, the connection, the answer to its last byte.

        allow_http: whether it may come unencrypted, so that anybody between could change it.

        headers: to send beside ours, ``If-None-Match`` for one.

        resolve, is_allowed, ports, trust: how names become addresses, which of them may be
            asked, the port of each scheme, and whose certificates hold. For tests.
    """
    deadline = time.monotonic() + seconds
    parts = _parts_of(url, schemes=("https", "http") if allow_http else ("https",), ports=ports)
    host, port = parts.hostname or "", ports[parts.scheme]
    try:
        addresses = _addresses_of(host, port, resolve or looked_up, deadline)
        if not all(map(is_allowed or is_public, addresses)):
            raise PlaceRefused("This address leads to a place that is not on the public internet.")
        with _connected(addresses, port, deadline) as plain:
            line = _secured(plain, host, trust, deadline) if parts.scheme == "https" else plain
            with line:
                return _asked(_Line(line, deadline), parts, port, headers or {}, most_bytes)
    except TimeoutError:
        raise TookTooLong(
            f"The whole of it was not here after {seconds:g} seconds. Try again later."
        ) from None
    except ssl.SSLError:
        raise NotReached("The connection to this address is not secure.") from None
    except (OSError, HTTPException, UnicodeError):
        raise NotReached("Nobody answers at this address. Check it.") from None


def is_public(address: Address) -> bool:
    """Whether an address is on the public internet, and no way round to one that is not."""
    if isinstance(address, IPv6Address):
        if any(address in network for network in TRANSLATED):
            return False
        inside = address.ipv4_mapped or address.sixtofour or (address.teredo or (None,))[0]
        if inside is not None or address.is_site_local:
            return False
    return address.is_global and not (
        address.is_multicast or address.is_reserved or address.is_unspecified
    )


def looked_up(host: str, port: int) -> list[str]:
    """Return the network addresses of a name, as this machine knows them."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    return list(dict.fromkeys(str(one[4][0]) for one in found))


# -- before anything is sent -------------------------------------------------------------------
def _parts_of(url: str, *, schemes: Sequence[str], ports: Mapping[str, int]) -> SplitResult:
    accepted = f"a web address that begins with {' or '.join(f'{one}://' for one in schemes)}"
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise AddressRefused(f"This is not {accepted}.") from None
    if parts.scheme not in schemes or not parts.hostname or len(url) > LONGEST_URL:
        raise AddressRefused(f"This is not {accepted}.")
    if not (url.isascii() and url.isprintable()) or " " in url:
        raise AddressRefused("This address holds a character that no web address has.")
    if parts.username is not None or parts.password is not None:
        raise AddressRefused("This address holds a name or a password. Give one without.")
    if port not in (None, ports[parts.scheme]):
        raise AddressRefused("This address names a port. Give one without.")
    return parts


def _addresses_of(host: str, port: int, resolve: Resolve, deadline: float) -> list[Address]:
    """Return every address of a name, in the order to try them."""
    answer: SimpleQueue[Sequence[str] | OSError | UnicodeError] = SimpleQueue()

    def ask() -> None:
        try:
            answer.put(resolve(host, port))
        except (OSError, UnicodeError) as error:
            answer.put(error)

    # The system's resolver takes its own time, and cannot be told to stop.
    threading.Thread(target=ask, daemon=True).start()
    try:
        found = answer.get(timeout=_left(deadline))
    except Empty:
        raise TimeoutError from None
    if isinstance(found, Exception):
        raise found
    # A zone (fe80::1%eth0) is no part of an address, and no public one has any.
    return [ip_address(one.partition("%")[0]) for one in found] or _nobody()


def _nobody() -> list[Address]:
    raise NotReached("Nobody answers at this address. Check it.")


# -- the connection ----------------------------------------------------------------------------
def _connected(addresses: Sequence[Address], port: int, deadline: float) -> socket.socket:
    """Connect to the first address that answers."""
    *others, last = addresses
    for address in others:
        try:
            return socket.create_connection((str(address), port), timeout=_left(deadline))
        except OSError:
            continue
    return socket.create_connection((str(last), port), timeout=_left(deadline))


def _secured(
    plain: socket.socket, host: str, trust: ssl.SSLContext | None, deadline: float
) -> ssl.SSLSocket:
    """Return the encrypted line; its certificate is one for the name that was given."""
    plain.settimeout(_left(deadline))
    return (trust or ssl.create_default_context()).wrap_socket(plain, server_hostname=host)


class _Line:
    """A connection as ``http.client`` wants one, on which every read ends at the deadline."""

    def __init__(self, line: socket.socket, deadline: float) -> None:
        self._line, self._deadline = line, deadline

    def sendall(self, data: bytes) -> None:
        self._line.settimeout(_left(self._deadline))
        self._line.sendall(data)

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(_Incoming(self._line, self._deadline))

    def close(self) -> None:
        """Leave it open: whoever made the connection closes it."""


class _Incoming(io.RawIOBase):
    def __init__(self, line: socket.socket, deadline: float) -> None:
        super().__init__()
        self._line, self._deadline = line, deadline

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        # Somebody who sends a byte a second is never silent: the time left counts, not the pause.
        self._line.settimeout(_left(self._deadline))
        return self._line.recv_into(buffer)


def _left(deadline: float) -> float:
    """Return the seconds that are left. Raises ``TimeoutError`` if there are none."""
    seconds = deadline - time.monotonic()
    if seconds <= 0:
        raise TimeoutError
    return seconds


# -- the answer --------------------------------------------------------------------------------
def _asked(
    line: _Line, parts: SplitResult, port: int, headers: Mapping[str, str], most_bytes: int
) -> Fetched:
    connection = HTTPConnection(parts.hostname or "", port)
    connection.default_port = port
    connection.sock = line
    target = parts._replace(scheme="", netloc="", fragment="").geturl()
    if not target.startswith("/"):
        target = f"/{target}"
    connection.request("GET", target, headers={**ASKED_WITH, **headers})
    with connection.getresponse() as response:
        _refuse_unless_plain(response)
        content = _read(response, most_bytes)
        return Fetched(content, response.headers.get("Content-Type", ""))


def _refuse_unless_plain(response: HTTPResponse) -> None:
    if 300 <= response.status < 400:
        raise AnswerRefused(
            "This address leads on to another one. Give the one that it leads to.", response.status
        )
    if response.status != 200:
        raise AnswerRefused(
            f"This address answers with the error {response.status}. Check it.", response.status
        )
    # What is packed may be a thousand times as long when it is unpacked.
    if response.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise AnswerRefused("This address answers with a packed file. It has to be a plain one.")


def _read(response: HTTPResponse, most_bytes: int) -> bytes:
    told = response.headers.get("Content-Length", "")
    found = bytearray()
    is_over = told.isdecimal() and int(told) > most_bytes
    while not is_over and (piece := response.read1(PIECE)):
        found += piece
        is_over = len(found) > most_bytes
    if is_over:
        raise TooLong(f"There is more behind this address than {most_bytes:,} bytes.")
    if told.isdecimal() and len(found) < int(told):
        raise NotReached("The answer from this address broke off. Try again later.")
    return bytes(found)
