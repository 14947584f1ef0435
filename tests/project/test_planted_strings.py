"""What was sealed is nowhere to be read: looked for in all that a whole service leaves behind.

A text that nothing else holds goes through every registered sealed column by what people do. Then
the database's files and write-ahead log, a plain dump, logs, mail, the index, and every file that
the service left anywhere are searched for it, in every form in which it could lie there.
"""

import re
import secrets
import string
import subprocess
import sys
import time
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django.db import connection, connections
from django.utils import timezone

from attune.accounts.contacts import digits_for, email_of
from attune.accounts.models import AccountNotice, Contact, User
from attune.accounts.notices import notify
from attune.accounts.sealed_fields import sealed_fields
from attune.accounts.sessions import SessionStore
from attune.accounts.unfinished import Form, keep
from attune.booking.access import details_of
from attune.booking.models import Appointment
from attune.directory.models import Listing
from attune.directory.saving import change_note, save_listing
from attune.enquiries.actions import freeze_order
from attune.enquiries.models import Enquiry
from attune.privacy.actions import erase
from attune.privacy.complaints import close, note_identity
from attune.privacy.models import Complaint
from attune.project.postgres import EmbeddedPostgres
from diaries import a_listing
from offers.offering import an_offer
from service import Service
from traces import files_below, forms_of, traces_in

pytestmark = pytest.mark.slow

# All plants begin alike, so that one search finds all; what follows says which it is.
MARK = "zq" + "".join(secrets.choice(string.ascii_lowercase + string.digits) for _ in range(16))
CONTROL = "kx" + "".join(secrets.choice(string.ascii_lowercase + string.digits) for _ in range(16))


class Browser:
    """A browser that keeps its cookies, sends forms with their tokens, and runs no script."""

    def __init__(self, service: Service) -> None:
        self.service, self.cookies = service, {}

    def ask(self, method: str, address: str, body: str = "") -> tuple[int, str, str]:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if method == "POST":
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        with closing(HTTPConnection("localhost", self.service.port, timeout=30)) as connection:
            connection.request(method, address, body, headers)
            answer = connection.getresponse()
            for cookie in answer.headers.get_all("Set-Cookie", []):
                name, _, value = cookie.partition(";")[0].partition("=")
                self.cookies[name] = value
                if not value.strip('"'):
                    del self.cookies[name]
            return (
                answer.status,
                answer.headers.get("Location", ""),
                answer.read().decode(errors="replace"),
            )

    def send(self, address: str, *, to: str = "", **fields: str) -> str:
        """Fill in the form at an address and send it, there or ``to``; return where that leads."""
        _status, _to, page = self.ask("GET", address)
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
        sent = fields | ({"csrfmiddlewaretoken": token[1]} if token else {})
        status, leads_to, page = self.ask("POST", to or address, urlencode(sent))
        assert status in (302, 303), (address, status, re.sub(r"<[^>]+>|\s+", " ", page)[:2000])
        return leads_to


@dataclass
class Planting:
    """A service that runs, and Django in this process looking at its database."""

    service: Service
    browser: Browser
    member: Browser
    listing: str

    @property
    def now(self):
        return timezone.now()

    @property
    def times(self) -> str:
        return f"/book/{self.listing}/"

    def command(self, *words: str) -> None:
        """Run an ``attune`` command beside the service; what it prints is for whoever ran it."""
        command = [sys.executable, "-m", "attune.project.cli", *words]
        subprocess.run(command, env=self.service.environment, capture_output=True, check=True)

    @property
    def user(self) -> User:
        """Who signed in with the member's browser."""
        return User.objects.earliest("pk")

    def another(self, name: str) -> User:
        return User.objects.create_user(f"{name}@example.org")


Plant = Callable[[Planting, str], object]


def an_address(site: Planting, text: str) -> None:
    start = re.search(r'name="start" value="([^"]+)"', site.browser.ask("GET", site.times)[2])
    site.browser.send(site.times, start=start[1])
    site.browser.send(f"{site.times}address/", email=f"{text}@example.org")


def details(site: Planting, text: str) -> None:
    contact = Contact.objects.latest("pk")
    site.browser.send(f"{site.times}code/", code=digits_for(contact))
    said = {"name": text, "note": f"{text} since my divorce", "phone": "07700 900123"}
    site.browser.send(f"{site.times}check/", reach="mail", reminders="none", **said)
    assert Appointment.objects.get().details_sealed


def answers(site: Planting, text: str) -> None:
    site.browser.send("/match/begin/", words=text, place=text)
    assert Enquiry.objects.count() == 1


def an_order(site: Planting, text: str) -> None:
    freeze_order(Enquiry.objects.latest("pk"), (text,), 1, at=site.now)


def a_return_link(site: Planting, text: str) -> None:
    site.browser.send("/match/save/", email=f"{text}@example.org")


def an_account(site: Planting, text: str) -> None:
    """Sign in for the first time, by a code, and look at what there is."""
    member = site.member = Browser(site.service)
    member.send("/accounts/login/", to="/accounts/login/mail/", email=f"{text}@example.org")
    member.send("/accounts/login/code/", code=digits_for(Contact.objects.latest("pk")))
    assert member.ask("GET", "/account/")[0] == 200


def an_invitation(site: Planting, text: str) -> None:
    site.command("create-admin", f"{text}@example.org", "--name", "Dev")


def unfinished_work(site: Planting, text: str) -> None:
    keep(site.user, Form("/account/", (("note", text),)), at=site.now)


def a_notice(site: Planting, text: str) -> None:
    notify(site.another(text), AccountNotice.Kind.FACTOR, at=site.now)


def a_note_on_a_person(site: Planting, text: str) -> None:
    saved = save_listing(site.user, Listing.objects.get(), at=site.now)
    change_note(saved, text, version=saved.version, at=site.now)


def a_shared_code(site: Planting, text: str) -> None:
    an_offer(at=site.now, kind="shared", shared_code=text)


def a_stock_of_codes(site: Planting, text: str) -> None:
    an_offer(text, at=site.now)


def a_complaint(site: Planting, text: str) -> None:
    said = {"kind": "access", "about": "data", "text": text, "email": "ada@example.org"}
    site.browser.send("/privacy/complaint/", **said)
    assert Complaint.objects.get().text_sealed


def where_to_answer(site: Planting, text: str) -> None:
    said = {"kind": "complaint", "about": "data", "text": "Why?", "email": f"{text}@example.org"}
    site.browser.send("/privacy/complaint/", **said)


def how_it_was_checked(site: Planting, text: str) -> None:
    note_identity(Complaint.objects.earliest("pk"), text, by=site.user, at=site.now)


def an_answer(site: Planting, text: str) -> None:
    close(Complaint.objects.earliest("pk"), Complaint.Outcome.DONE, text, at=site.now)


def a_farewell(site: Planting, text: str) -> None:
    erase(site.another(text), at=site.now)


# In this order: a later one stands on what an earlier one did.
PLANTS: dict[str, Plant] = {
    "accounts.Contact.email_sealed": an_address,
    "booking.Appointment.details_sealed": details,
    "enquiries.Enquiry.answers_sealed": answers,
    "enquiries.Enquiry.order_sealed": an_order,
    "enquiries.ReturnLink.email_sealed": a_return_link,
    "accounts.User.email_sealed": an_account,
    "accounts.Invitation.email_sealed": an_invitation,
    "accounts.UnfinishedWork.form_sealed": unfinished_work,
    "accounts.AccountNotice.email_sealed": a_notice,
    "directory.SavedListing.note_sealed": a_note_on_a_person,
    "offers.Offer.shared_code_sealed": a_shared_code,
    "offers.OfferCode.text_sealed": a_stock_of_codes,
    "privacy.Complaint.text_sealed": a_complaint,
    "privacy.Complaint.email_sealed": where_to_answer,
    "privacy.Complaint.identity_sealed": how_it_was_checked,
    "privacy.Complaint.answer_sealed": an_answer,
    "privacy.Farewell.email_sealed": a_farewell,
}


def a_session(site: Planting, text: str) -> None:
    session = SessionStore()
    session["typed"] = text
    session.save()


def a_factor(site: Planting, text: str) -> None:
    data = {"secret": get_adapter().encrypt(text)}
    Authenticator.objects.create(user=site.another(f"{MARK}with"), type="totp", data=data)


def a_search(site: Planting, text: str) -> None:
    found = site.browser.send("/library/search/", words=text)
    assert site.browser.ask("GET", found)[0] == 200


def a_wrong_form(site: Planting, text: str) -> None:
    status, _to, _page = site.browser.ask("POST", f"{site.times}address/", f"email={text}")
    assert status in (200, 403, 422)


def an_unknown_address(site: Planting, text: str) -> None:
    assert site.browser.ask("GET", f"/{text}/?{text}={text}")[0] == 404


def a_copy_of_everything(site: Planting, text: str) -> None:
    answers = site.member.ask("GET", "/account/export/")[2]
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', answers)[1]
    copied = site.member.ask("POST", "/account/export/", f"csrfmiddlewaretoken={token}")
    assert copied[2].startswith("PK")


# Besides the registered columns: what is sealed elsewhere, and what is typed and never kept.
MORE_PLANTS: dict[str, Plant] = {
    "session": a_session,
    "secret of a factor": a_factor,
    "search": a_search,
    "wrong form": a_wrong_form,
    "unknown address": an_unknown_address,
    "copy of everything": a_copy_of_everything,
}


def test_every_registered_column_has_its_plant():
    assert {f"{one.model}.{one.column}" for one in sealed_fields()} == set(PLANTS)


@contextmanager
def looking_at(service: Service, settings, monkeypatch) -> Iterator[None]:
    """Point Django in this process at the service's database and key."""
    socket_dir = EmbeddedPostgres(service.folder / "data" / "postgres").socket_dir
    connections.close_all()
    for name, value in {"NAME": "attune", "HOST": str(socket_dir), "USER": "attune"}.items():
        monkeypatch.setitem(connection.settings_dict, name, value)
    settings.KEY_FILE = service.folder / "attune.key"
    try:
        yield
    finally:
        connections.close_all()
        monkeypatch.undo()


@pytest.fixture
def service(tmp_path, finished):
    (tmp_path / "temporary").mkdir()
    service = Service(tmp_path, TMPDIR=str(tmp_path / "temporary")).begin_with(finished)
    yield service.start().wait_until_greeted()
    service.end()


def test_nothing_of_what_was_sealed_can_be_read_anywhere(
    service, settings, monkeypatch, django_db_blocker, tmp_path
):
    with django_db_blocker.unblock(), looking_at(service, settings, monkeypatch):
        listing = a_listing(timezone.now())
        site = Planting(service, Browser(service), Browser(service), listing.code)
        for number, (name, plant) in enumerate({**PLANTS, **MORE_PLANTS}.items()):
            plant(site, f"{MARK}{number:02d}")
            assert name
        assert _opens_somewhere(MARK)
    service.ask(f"CREATE TABLE control AS SELECT '{CONTROL}'::text AS words; SELECT 1")
    _let_the_worker_send(service)
    service.ask("CHECKPOINT; SELECT 1")
    dump = tmp_path / "dump.sql"
    dump.write_bytes(_dumped(service))
    everything = [tmp_path / "data", service.output, tmp_path / "temporary", dump]

    control = traces_in(files_below(*everything), forms_of(CONTROL))
    assert _kinds(control, tmp_path) >= {"database", "write-ahead log", "dump"}
    assert traces_in(files_below(*everything), forms_of(MARK), _without_addresses_of_mail) == []

    assert service.stop() == 0
    assert traces_in(files_below(*everything), forms_of(MARK), _without_addresses_of_mail) == []


def _opens_somewhere(text: str) -> bool:
    """Whether the plants are there at all: every one opens for whoever has the key."""
    contact = Contact.objects.exclude(email_sealed=b"").first()
    return text in email_of(contact) and text in details_of(Appointment.objects.get()).note


def _let_the_worker_send(service: Service) -> None:
    waiting = (
        "SELECT count(*) FROM outbox_message"
        " WHERE sent_at IS NULL AND dropped_at IS NULL AND due_at <= now()"
    )
    deadline = time.monotonic() + 60
    while service.ask(waiting):
        assert time.monotonic() < deadline, service.rows("SELECT last_error FROM outbox_message")
        time.sleep(0.2)


def _dumped(service: Service) -> bytes:
    server = EmbeddedPostgres(service.folder / "data" / "postgres")
    command = [server.bin_dir / "pg_dump", "--format=plain", f"--dbname={service.database_url()}"]
    return subprocess.run(command, capture_output=True, check=True).stdout


def _kinds(found: list[tuple[Path, str, bytes]], folder: Path) -> set[str]:
    names = {"pg_wal": "write-ahead log", "base": "database", "dump.sql": "dump"}
    parts = {part for path, _form, _around in found for part in path.relative_to(folder).parts}
    return {names[part] for part in parts & names.keys()}


def _without_addresses_of_mail(path: Path, content: bytes) -> bytes:
    """Leave out what mail is for: the address that it goes to, and nothing else."""
    is_mail = path.parent.name == "mail"
    return re.sub(rb"%s\d\d@example\.org" % MARK.encode(), b"", content) if is_mail else content


def test_the_search_finds_a_text_in_every_form(tmp_path):
    forms = forms_of(MARK)
    contents = {
        "plain": f"note={MARK}".encode(),
        "utf-16": f"note={MARK}".encode("utf-16-le"),
        "hex": MARK.encode().hex().encode(),
        **{f"base64 {n}": b64encode(b"x" * n + MARK.encode() + b"yz") for n in range(6)},
        "json": "".join(f"\\u{ord(one):04x}" for one in MARK).encode(),
        "percent": "".join(f"%{ord(one):02X}" for one in MARK).encode(),
    }
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
    found = traces_in(files_below(tmp_path), forms)
    assert {path.name for path, _form, _around in found} == set(contents)
    (tmp_path / "plain").write_bytes(forms_of(CONTROL)["as it is"])
    assert traces_in(files_below(tmp_path / "plain"), forms) == []
