"""Where the site of a journey is, and what lies in its mailbox."""

import re
from dataclasses import dataclass
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path


@dataclass(frozen=True)
class Site:
    """A running site: its address, and the folder that its mail is written to."""

    url: str
    mail_folder: Path

    def mail_to(self, address: str) -> list[EmailMessage]:
        """Return the messages sent to an address so far, oldest first."""
        files = [path for path in self.mail_folder.rglob("*") if path.is_file()]
        found = []
        for path in sorted(files, key=lambda one: one.stat().st_mtime_ns):
            message = BytesParser(policy=policy.default).parsebytes(path.read_bytes())
            if address in str(message["To"]):
                found.append(message)
        return found

    def links_in(self, message: EmailMessage) -> list[str]:
        """Return the addresses of this site that a message's text names, in its order."""
        body = message.get_body(("plain",))
        return re.findall(rf"{re.escape(self.url)}/\S+", body.get_content() if body else "")
