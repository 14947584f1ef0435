"""The site of a journey: where it answers, who may sign in, and what lies in its mailbox."""

import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path

from service import Service

MAIL_WITHIN_SECONDS = 20
SIGN_IN_LINKS = "from attune.demo.sign_in import sign_in_links; print(sign_in_links('{url}'))"
# As if everybody who is signed in had asked for their last page so much earlier.
LET_TIME_PASS = """
from attune.accounts.models import WebSession
from attune.accounts.sessions import SEEN_AT, SessionStore
for key in WebSession.objects.exclude(user=None).values_list("session_key", flat=True):
    store = SessionStore(key)
    if SEEN_AT in store:
        store[SEEN_AT] -= {seconds}
        store.save()
"""


@dataclass(frozen=True)
class Site:
    """A running site, and the folder that its mail is written to."""

    service: Service
    mail_folder: Path

    @property
    def url(self) -> str:
        return f"http://localhost:{self.service.port}"

    # -- as its operator ---------------------------------------------------------------------------
    def attune(self, *arguments: str) -> str:
        """Run an ``attune`` command beside the site; return what it says."""
        command = [sys.executable, "-m", "attune.project.cli", *arguments]
        return subprocess.run(
            command, env=self.service.environment, check=True, stdout=subprocess.PIPE, text=True
        ).stdout

    def invite(self, email: str) -> str:
        """Return a one-time code with which somebody makes an administrator's account."""
        said = self.attune("create-admin", email)
        return re.search(rf"One-time code for {email}: (\S+)", said).group(1)

    def new_sign_in_link(self, who: str) -> str:
        """Return an address that signs one of the demonstration's people in, once."""
        said = self.attune("shell", "--no-imports", "-c", SIGN_IN_LINKS.format(url=self.url))
        return re.search(rf"'{who}[^']*', '([^']+)'", said).group(1)

    def let_time_pass(self, *, minutes: int) -> None:
        """Let as much time pass for everybody who is signed in, as far as the site knows."""
        self.attune("shell", "--no-imports", "-c", LET_TIME_PASS.format(seconds=60 * minutes))

    def let_it_be_over(self, reference: str) -> None:
        """Make a booked appointment one of last night, and its question due.

        At two in the night no diary has anything else; each takes a minute of its own.
        """
        self.service.ask(
            f"""
            UPDATE booking_appointment SET minutes = 1, start = night, during = span
            FROM (
                SELECT id AS one, night, tstzrange(night, night + interval '1 minute') AS span
                FROM (
                    SELECT id, date_trunc('day', now()) - interval '22 hours'
                               + make_interval(mins => (id % 60)::int) AS night
                    FROM booking_appointment WHERE reference = '{reference}'
                ) AS nights
            ) AS moved
            WHERE id = one;
            UPDATE outbox_message SET due_at = now()
            WHERE kind = 'did-you-meet' AND split_part(about, '.', 1) IN
                (SELECT code FROM booking_appointment WHERE reference = '{reference}');
            SELECT true
            """
        )

    def let_the_wait_be_over(self) -> None:
        """End the wait of everybody who asked for its end."""
        self.service.ask(
            "UPDATE privacy_delayed SET due_at = now() WHERE kind = 'no-wait'; SELECT true"
        )

    @contextmanager
    def without_appointments(self) -> Iterator[None]:
        """Empty every diary for a while."""
        booked = self.service.rows(
            "UPDATE booking_appointment SET state = 'cancelled' WHERE state = 'booked' RETURNING id"
        )
        try:
            yield
        finally:
            self.service.ask(
                "UPDATE booking_appointment SET state = 'booked'"
                f" WHERE id IN ({', '.join(map(str, booked))}); SELECT true"
            )

    @contextmanager
    def without_table(self, name: str) -> Iterator[None]:
        """Take a table away for a while: pages that read it cannot be shown."""
        self.service.ask(f"ALTER TABLE {name} RENAME TO {name}_away; SELECT true")
        try:
            yield
        finally:
            self.service.ask(f"ALTER TABLE {name}_away RENAME TO {name}; SELECT true")

    # -- its mail ----------------------------------------------------------------------------------
    def mail_to(self, address: str) -> list[EmailMessage]:
        """Return the messages sent to an address so far, oldest first."""
        files = [path for path in self.mail_folder.rglob("*") if path.suffix == ".eml"]
        found = []
        for path in sorted(files, key=lambda one: one.stat().st_mtime_ns):
            message = BytesParser(policy=policy.default).parsebytes(path.read_bytes())
            if address in str(message["To"]):
                found.append(message)
        return found

    def message_to(self, address: str, *words: str) -> str:
        """Wait for a message to an address that says all of ``words``; return its text."""
        deadline = time.monotonic() + MAIL_WITHIN_SECONDS
        while time.monotonic() < deadline:
            for message in reversed(self.mail_to(address)):
                text = message.get_body(("plain",)).get_content()
                if all(word in text for word in words):
                    return text
            time.sleep(0.1)
        raise AssertionError(f"{address} has no message with {words}.")

    def link_in(self, text: str, path: str) -> str:
        """Return the address of this site below ``path`` that a message's text names."""
        return re.search(rf"{re.escape(self.url + path)}\S+", text).group()
