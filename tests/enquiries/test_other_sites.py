"""The first form of the questionnaire holds no token, and takes nothing from another site."""

import pytest

from attune.enquiries.models import Enquiry

pytestmark = pytest.mark.django_db


def test_another_site_starts_nothing_and_changes_nothing(client):
    typed = {"words": "anything", "place": "Leeds"}
    answer = client.post("/match/begin/", typed, headers={"Sec-Fetch-Site": "cross-site"})
    assert (answer.status_code, answer.url) == (303, "/match/")
    assert not Enquiry.objects.exists()
    client.post("/match/begin/", typed, headers={"Sec-Fetch-Site": "same-origin"})
    assert Enquiry.objects.count() == 1
