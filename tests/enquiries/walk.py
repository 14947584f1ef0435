"""One person's way through the questionnaire, as their browser goes it."""

import re
from html import unescape

from django.test import Client

from attune.enquiries.access import answers_in
from attune.enquiries.models import Enquiry
from attune.vocabulary.queries import core_vocabulary
from directory.listings import NOW

VERSION = re.compile(r'name="version" value="(-?\d+)"')
CHANGING_BUTTON = re.compile(
    r'<button[^>]*name="change" value="([^"]*)"[^>]*>(.*?)</button>', re.DOTALL
)
ONE_BUTTON_FORM = re.compile(r'<form class="one-button"[^>]*match/change/.*?</form>', re.DOTALL)
HIDDEN_FIELD = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)"')


class Walk:
    def __init__(self, client: Client) -> None:
        self.client = client
        self.page = None

    def open(self, address: str):
        self.page = self.client.get(address)
        return self.page

    def answer(self, number: int, query: str = "", **typed):
        """Open a question and send what was typed there, as the form would."""
        page = self.open(f"/match/{number}/{query}")
        (version,) = set(VERSION.findall(page.content.decode()))
        self.page = self.client.post(f"/match/{number}/{query}", {"version": version, **typed})
        return self.page

    def skip(self, number: int, query: str = ""):
        page = self.open(f"/match/{number}/{query}")
        (version,) = set(VERSION.findall(page.content.decode()))
        self.page = self.client.post(f"/match/{number}/skip/{query}", {"version": version})
        return self.page

    def press(self, words: str):
        """Press the one button that makes a change and says ``words``."""
        buttons = [
            ({"change": change, "version": VERSION.findall(self.text)[0]}, label)
            for change, label in CHANGING_BUTTON.findall(self.text)
        ]
        for form in ONE_BUTTON_FORM.findall(self.text):
            fields = {name: unescape(value) for name, value in HIDDEN_FIELD.findall(form)}
            buttons.append((fields, form))
        (sent,) = [fields for fields, label in buttons if words in unescape(label)]
        sent["change"] = unescape(sent["change"])
        self.page = self.client.post("/match/change/", sent)
        return self.page

    @property
    def text(self) -> str:
        return self.page.content.decode()

    @property
    def words(self) -> str:
        """What the page says, without its tags."""
        return " ".join(unescape(re.sub(r"<[^>]+>", " ", self.text)).split())

    @property
    def names(self) -> list[str]:
        """Who is on the results page, in order."""
        return re.findall(r'class="card__name"><a[^>]*>([^<]*)<', self.text)

    @property
    def enquiry(self) -> Enquiry:
        return Enquiry.objects.get()

    @property
    def stored(self):
        """The enquiry as it is kept, opened."""
        return answers_in(self.enquiry, core_vocabulary(NOW.date())).enquiry
