"""What the vocabulary knows and the library does not explain yet."""

import pytest

from attune.vocabulary.models import PresentingIssue, TherapyType

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("model", "part", "field"),
    [(PresentingIssue, "issues", "issue"), (TherapyType, "therapies", "therapy")],
)
def test_every_word_of_the_vocabulary_has_a_page_or_says_that_there_is_none_yet(
    client, model, part, field
):
    without = []
    for term in model.objects.filter(replaced_by=None):
        answer = client.get(f"/library/{part}/{term.slug}/")
        if answer.status_code != 200:
            without.append(term.slug)
            page = answer.content.decode()
            assert answer.status_code == 404
            assert "There is no page about this yet" in page
            assert f'<input type="hidden" name="{field}" value="{term.slug}">' in page
    assert without


def test_a_word_that_nobody_knows_is_an_unknown_address(client):
    answer = client.get("/library/issues/no-such-thing/")
    assert answer.status_code == 404
    assert "We could not find this page" in answer.content.decode()


def test_a_search_for_what_has_no_page_leads_to_people(client):
    page = client.post("/library/search/", {"words": "panic attacks"}, follow=True).content.decode()
    assert "There is no page about this yet" in page
    assert '<input type="hidden" name="issue" value="panic">' in page
