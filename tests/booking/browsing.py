"""The steps of a booking as a browser without script takes them."""

import re

from django.urls import reverse

from attune.accounts.contacts import digits_for
from attune.accounts.models import Contact


def page(name, listing):
    return reverse(f"book_{name}", args=[listing.code])


def choose(client, listing, start):
    return client.post(page("time", listing), {"start": start.isoformat()})


def confirm_address(client, listing, email="ada@home.example"):
    client.post(page("address", listing), {"email": email})
    digits = digits_for(Contact.objects.latest("pk"))
    return client.post(page("code", listing), {"code": f"{digits[:3]} {digits[3:]}"})


def walk_to_summary(client, listing, start):
    choose(client, listing, start)
    return confirm_address(client, listing)


def text_of(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def options_in(answer):
    return re.findall(r'name="start" value="([^"]+)"', answer.content.decode())
