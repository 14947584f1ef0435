"""The one way out of this service: what it fetches, and everything that it does not."""

import ast
import datetime as dt
import gzip
import ipaddress
import logging
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.conf import settings

from attune.outbox.fetching import (
    AddressRefused,
    AnswerRefused,
    CannotFetch,
    Fetched,
    NotReached,
    PlaceRefused,
    TookTooLong,
    TooLong,
    fetch,
    is_public,
    looked_up,
)

HERE = "127.0.0.1"
NAME = "calendar.example.org"
PLAIN = b"HTTP/1.1 200 OK\r\nContent-Type: text/calendar\r\nContent-Length: 5\r\n\r\nplain"
Answer = bytes | Callable[[socket.socket], None]


@contextmanager
def serving(answer: Answer, *, secured: ssl.SSLContext | None = None) -> Iterator["Server"]:
    server = Server(answer, secured)
    try:
        yield server
    finally:
        server.end()


class Server:
    """Answers every request on a port of this machine in the same way, and keeps what it heard."""

    def __init__(self, answer: Answer, secured: ssl.SSLContext | None) -> None:
        self._answer, self._secured = answer, secured
        self._listening = socket.create_server((HERE, 0))
        self.heard: list[bytes] = []
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    @property
    def ports(self) -> dict[str, int]:
        port = self._listening.getsockname()[1]
        return {"http": port, "https": port}

    def _serve(self) -> None:
        while True:
            try:
                line, _ = self._listening.accept()
            except OSError:
                return
            try:
                with line:
                    self._talk(line)
            except OSError:
                continue

    def _talk(self, plain: socket.socket) -> None:
        line = self._secured.wrap_socket(plain, server_side=True) if self._secured else plain
        with line:
            self.heard.append(line.recv(65536))
            if callable(self._answer):
                self._answer(line)
            else:
                line.sendall(self._answer)

    def end(self) -> None:
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self._thread.join(5)


def fetched(server: Server, url: str = f"http://{NAME}/feed.ics", **options) -> Fetched:
    """Fetch as ever, but from this machine, whatever the name."""
    wanted = {
        "most_bytes": 1000,
        "seconds": 5.0,
        "allow_http": True,
        "ports": server.ports,
        "resolve": lambda host, port: [HERE],
        "is_allowed": lambda address: str(address) == HERE,
    }
    return fetch(url, **wanted | options)


# -- what comes back -----------------------------------------------------------------------------
def test_a_file_comes_back_with_its_kind():
    with serving(PLAIN) as server:
        assert fetched(server) == Fetched(b"plain", "text/calendar")


def test_the_other_side_is_told_the_name_the_path_and_nothing_about_us():
    with serving(PLAIN) as server:
        fetched(server, f"http://{NAME}/a%20b?key=1#part", headers={"If-None-Match": '"1"'})
        request, *lines = server.heard[0].decode().split("\r\n")
    assert request == "GET /a%20b?key=1 HTTP/1.1"
    assert sorted(filter(None, lines)) == [
        "Accept-Encoding: identity",
        "Connection: close",
        f"Host: {NAME}",
        'If-None-Match: "1"',
        "User-Agent: Attune",
    ]


def test_an_address_without_a_path_asks_for_the_root():
    with serving(PLAIN) as server:
        fetched(server, f"http://{NAME}?key=1")
        assert server.heard[0].startswith(b"GET /?key=1 HTTP/1.1")


def test_a_file_in_chunks_and_one_that_ends_with_the_connection_come_whole():
    head = b"HTTP/1.1 200 OK\r\n"
    chunks = head + b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"
    for answer in (chunks, head + b"\r\nabcde"):
        with serving(answer) as server:
            assert fetched(server).content == b"abcde"


# -- which addresses are asked at all ------------------------------------------------------------
@pytest.mark.parametrize(
    "url",
    [
        *("", "feed.ics", "/feed.ics", "ftp://example.org/", "file:///etc/passwd", "https://"),
        *("javascript:alert(1)", "gopher://example.org/", "webcal://example.org/feed.ics"),
        *("http://[::1", "https://example.org:x/", "https:example.org", "https:///path"),
        f"https://example.org/{'a' * 2000}",
    ],
)
def test_what_is_no_web_address_is_refused_in_a_sentence_that_says_what_is(url):
    with pytest.raises(AddressRefused, match="This is not a web address that begins with https://"):
        fetch(url, most_bytes=1, seconds=1, resolve=never)


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("https://ada:secret@example.org/", "holds a name or a password"),
        ("https://@example.org/", "holds a name or a password"),
        ("https://example.org:8443/", "names a port"),
        ("https://example.org:80/", "names a port"),
        ("https://example.org:0/", "names a port"),
        ("https://example.org/a b", "holds a character that no web address has"),
        ("https://example.org/\r\nHost: else", "holds a character that no web address has"),
        ("https://exa\tmple.org/", "holds a character that no web address has"),
        ("https://exämple.org/", "holds a character that no web address has"),
    ],
)
def test_what_hides_in_an_address_is_refused(url, sentence):
    with pytest.raises(AddressRefused, match=sentence):
        fetch(url, most_bytes=1, seconds=1, resolve=never)


def test_http_is_for_those_who_ask_for_it():
    with pytest.raises(AddressRefused, match="begins with https://"):
        fetch("http://example.org/", most_bytes=1, seconds=1, resolve=never)


def never(host: str, port: int) -> list[str]:
    raise AssertionError(f"{host} was looked up")


# -- where a name may lead -----------------------------------------------------------------------
FORBIDDEN = (
    *("0.0.0.0", "0.1.2.3", "10.0.0.1", "100.64.0.1", "127.0.0.1", "127.255.255.254"),
    *("169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.1", "192.0.2.1"),
    *("192.168.1.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1"),
    *("239.255.255.255", "240.0.0.1", "255.255.255.255"),
    *("::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:93.184.215.14", "100::1"),
    *("64:ff9b::7f00:1", "64:ff9b::5db8:d70e", "64:ff9b:1::7f00:1", "2001::1", "2001:db8::1"),
    *("2002:7f00:1::", "2002:5db8:d70e::", "fc00::1", "fd12::1", "fe80::1", "fec0::1", "ff02::1"),
)
PUBLIC = ("93.184.215.14", "1.1.1.1", "2606:4700:4700::1111", "2a00:1450:4009::200e")


@pytest.mark.parametrize("address", FORBIDDEN)
def test_no_address_inside_is_asked(address):
    assert not is_public(ipaddress.ip_address(address))
    with pytest.raises(PlaceRefused, match="not on the public internet"):
        fetch(f"https://{NAME}/", most_bytes=1, seconds=1, resolve=lambda host, port: [address])


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_may_be_asked(address):
    assert is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "2130706433", "0x7f.1", "0177.0.0.1", "127.1", "[::1]", "localhost"]
)
def test_no_way_of_writing_this_machine_leads_to_it(host):
    with pytest.raises(CannotFetch) as refused:
        fetch(f"https://{host}/", most_bytes=1, seconds=5)
    assert type(refused.value) in (PlaceRefused, NotReached)


def test_one_bad_address_among_good_ones_refuses_the_name():
    for found in (["93.184.215.14", "10.0.0.1"], ["fe80::1%eth0", "1.1.1.1"]):
        with pytest.raises(PlaceRefused):
            fetch(f"https://{NAME}/", most_bytes=1, seconds=1, resolve=lambda host, port: found)  # noqa: B023


def test_a_name_is_looked_up_once_so_that_it_cannot_change_its_mind():
    asked = []

    def resolve(host, port):
        asked.append(host)
        return [HERE] if len(asked) == 1 else ["10.0.0.1"]

    with serving(PLAIN) as server:
        fetched(server, resolve=resolve)
    assert asked == [NAME]


def test_the_next_address_is_tried_when_the_first_is_silent():
    with serving(PLAIN) as server:
        answer = fetched(server, resolve=lambda *_: ["127.0.0.9", HERE], is_allowed=lambda _: True)
    assert answer.content == b"plain"


def test_a_name_that_nobody_has_is_told_so():
    def resolve(host, port):
        raise socket.gaierror(socket.EAI_NONAME, "planted")

    for one in (resolve, lambda host, port: []):
        with pytest.raises(NotReached, match="Nobody answers at this address"):
            fetch(f"https://{NAME}/", most_bytes=1, seconds=1, resolve=one)


def test_this_machine_knows_itself():
    assert HERE in looked_up("localhost", 443)


# -- what the other side may not do --------------------------------------------------------------
@pytest.mark.parametrize("status", [301, 302, 303, 304, 307, 308])
def test_no_redirect_is_followed(status):
    answer = f"HTTP/1.1 {status} Go\r\nLocation: http://10.0.0.1/\r\n\r\n".encode()
    with serving(answer) as server:
        with pytest.raises(AnswerRefused, match="leads on to another one") as refused:
            fetched(server)
        assert refused.value.status == status
        assert len(server.heard) == 1


@pytest.mark.parametrize("status", [204, 206, 401, 404, 500])
def test_any_other_answer_is_told_by_its_number(status):
    answer = f"HTTP/1.1 {status} No\r\nContent-Length: 0\r\n\r\n".encode()
    with serving(answer) as server, pytest.raises(AnswerRefused, match=f"the error {status}"):
        fetched(server)


def test_fifty_megabytes_end_at_the_limit_whether_they_are_announced_or_not():
    size, sent = 50 * 1024 * 1024, []

    def endless(line):
        line.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        for _ in range(size // 65536):
            line.sendall(b"x" * 65536)
            sent.append(65536)

    announced = f"HTTP/1.1 200 OK\r\nContent-Length: {size}\r\n\r\n".encode()
    for answer in (endless, announced):
        sentence = r"more behind this address than 100,000 bytes\."
        with serving(answer) as server, pytest.raises(TooLong, match=sentence):
            fetched(server, most_bytes=100_000)
    assert sum(sent) < size / 4


def test_the_last_allowed_byte_comes_and_the_next_does_not():
    with serving(PLAIN) as server:
        assert fetched(server, most_bytes=5).content == b"plain"
        with pytest.raises(TooLong):
            fetched(server, most_bytes=4)


def test_a_packed_file_is_refused_unopened():
    packed = gzip.compress(b"0" * 1_000_000)
    head = f"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {len(packed)}\r\n\r\n"
    with (
        serving(head.encode() + packed) as server,
        pytest.raises(AnswerRefused, match="a packed file"),
    ):
        fetched(server, most_bytes=10_000)


def drip(head: bytes, piece: bytes) -> Answer:
    def answer(line: socket.socket) -> None:
        line.sendall(head)
        for _ in range(100):
            line.sendall(piece)
            time.sleep(0.05)

    return answer


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(drip(b"HTTP/1.1 200 OK\r\n\r\n", b"x"), id="of the file"),
        pytest.param(drip(b"HTTP/1.1 200 OK\r\n", b"A: b\r\n"), id="of the headers"),
        pytest.param(drip(b"HTT", b"P"), id="of the first line"),
        pytest.param(drip(b"", b"HTTP/1.1 100 Continue\r\n\r\n"), id="of promises"),
        pytest.param(lambda line: time.sleep(2), id="of nothing"),
    ],
)
@pytest.mark.slow
def test_time_is_for_all_of_it_however_slowly_it_drips(answer):
    with serving(answer) as server:
        began = time.monotonic()
        with pytest.raises(TookTooLong, match=r"not here after 0\.4 seconds"):
            fetched(server, seconds=0.4)
        assert time.monotonic() - began < 1.5


def test_a_name_that_takes_too_long_is_given_up():
    with pytest.raises(TookTooLong):
        fetch(
            f"https://{NAME}/",
            most_bytes=1,
            seconds=0.2,
            resolve=lambda host, port: time.sleep(1) or [HERE],
        )


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"no such protocol\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 1000 + b"\r\n",
    ],
)
def test_half_an_answer_is_none(answer):
    with serving(answer) as server, pytest.raises(NotReached):
        fetched(server)


def test_where_nobody_listens_nobody_answers():
    with serving(PLAIN) as server:
        ports = server.ports
    with pytest.raises(NotReached):
        fetch(
            f"https://{NAME}/",
            most_bytes=1,
            seconds=2,
            ports=ports,
            resolve=lambda host, port: [HERE],
            is_allowed=lambda _: True,
        )


# -- encryption ----------------------------------------------------------------------------------
@pytest.fixture
def certificate_for(tmp_path):
    """Return (what the server shows, what trusts it) for a name."""

    def make(name: str) -> tuple[ssl.SSLContext, ssl.SSLContext]:
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        today = dt.datetime.now(dt.UTC)
        shown = (
            x509.CertificateBuilder(subject, subject, key.public_key())
            .serial_number(1)
            .not_valid_before(today - dt.timedelta(days=1))
            .not_valid_after(today + dt.timedelta(days=1))
            .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
            .sign(key, hashes.SHA256())
        )
        file = tmp_path / f"{name}.pem"
        file.write_bytes(
            shown.public_bytes(serialization.Encoding.PEM)
            + key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )
        server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        server.load_cert_chain(file)
        return server, ssl.create_default_context(cafile=str(file))

    return make


def test_the_certificate_is_judged_by_the_name_and_the_name_is_said_to_the_server(certificate_for):
    shown, trust = certificate_for(NAME)
    said = []
    shown.sni_callback = lambda line, name, context: said.append(name)
    with serving(PLAIN, secured=shown) as server:
        assert fetched(server, f"https://{NAME}/", trust=trust).content == b"plain"
        assert said == [NAME]
        assert f"Host: {NAME}\r\n".encode() in server.heard[0]


def test_a_certificate_of_another_name_or_of_nobody_we_trust_is_refused(certificate_for):
    shown, trust = certificate_for("other.example.org")
    with serving(PLAIN, secured=shown) as server:
        for trusted in (trust, None):
            with pytest.raises(NotReached, match="is not secure"):
                fetched(server, f"https://{NAME}/", trust=trusted)
        assert server.heard == []


# -- what becomes known --------------------------------------------------------------------------
def test_nothing_of_what_is_fetched_is_written_down_or_told(caplog):
    caplog.set_level(logging.DEBUG)
    planted = b"HTTP/1.1 404 planted\r\nX-Planted: planted\r\n\r\nplanted"
    with serving(planted) as server, pytest.raises(CannotFetch) as told:
        fetched(server, "http://planted.example/planted?planted=1")
    assert "planted" not in str(told.value)
    assert caplog.text == ""


MAY_CONNECT = {
    "outbox/fetching.py",
    # Asks this very service whether it is ready, and whether its port is free.
    "project/service.py",
}
CLIENTS = ("socket", "http.client", "urllib.request", "urllib3", "requests", "httpx", "aiohttp")


def test_nothing_else_of_ours_can_reach_out():
    strays = {
        str(path.relative_to(settings.PACKAGE))
        for path in settings.PACKAGE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if any(
            one == client or one.startswith(f"{client}.")
            for one in names_in(node)
            for client in CLIENTS
        )
    }
    assert strays == MAY_CONNECT


def names_in(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [one.name for one in node.names]
    if isinstance(node, ast.ImportFrom):
        return [str(node.module), *(f"{node.module}.{one.name}" for one in node.names)]
    return []
