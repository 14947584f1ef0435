import pytest

from attune.content.words import DIRECTION_WORDS, STRENGTH_WORDS, evidence_words, weight_changes
from attune.core.matching import weights
from attune.vocabulary.models import EvidenceStatement


@pytest.mark.parametrize(
    ("direction", "strength", "words"),
    [
        ("option", "review", "One of the options in national guidance. Good trial evidence."),
        ("silent", "none-found", "National guidance does not mention it. Not enough research."),
        ("not-usually-recommended", "", "Not usually recommended for this."),
    ],
)
def test_direction_and_strength_are_said_apart(direction, strength, words):
    assert evidence_words(EvidenceStatement(direction=direction, strength=strength)) == words


def test_every_direction_and_strength_has_words():
    assert set(DIRECTION_WORDS) == set(EvidenceStatement.Direction)
    assert set(STRENGTH_WORDS) == set(EvidenceStatement.Strength)


def test_every_wish_that_changes_the_weights_is_explained():
    assert len(weight_changes()) == len(weights.MATTERS_MOST_FACTORS)
    assert {"wish": "How near", "words": '"How near" counts 4 times as much'} in weight_changes()
