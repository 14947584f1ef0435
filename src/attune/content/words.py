"""What evidence says, and how answers change the weights, in words."""

from django.utils.functional import Promise
from django.utils.translation import gettext as now_in_words
from django.utils.translation import gettext_lazy as _

from attune.content.models import ReviewedPage, TherapyPage
from attune.core.matching import weights
from attune.core.phrases import list_words
from attune.vocabulary.models import EvidenceStatement

# Never a star, a traffic light or a score.
DIRECTION_WORDS = {
    EvidenceStatement.Direction.OFFER: _("Offered in national guidance"),
    EvidenceStatement.Direction.CONSIDER: _("Can be considered, says national guidance"),
    EvidenceStatement.Direction.OPTION: _("One of the options in national guidance"),
    EvidenceStatement.Direction.NOT_USUALLY: _("Not usually recommended for this"),
    EvidenceStatement.Direction.SILENT: _("National guidance does not mention it"),
}

STRENGTH_WORDS = {
    EvidenceStatement.Strength.REVIEW: _("Good trial evidence"),
    EvidenceStatement.Strength.TRIAL: _("Some trial evidence"),
    EvidenceStatement.Strength.PRACTICE: _("Used in practice; little research"),
    EvidenceStatement.Strength.NONE_FOUND: _("Not enough research"),
    EvidenceStatement.Strength.UNSAID: "",
}


def evidence_words(statement: EvidenceStatement) -> str:
    """Return "One of the options in national guidance. Good trial evidence."."""
    parts = (
        DIRECTION_WORDS[EvidenceStatement.Direction(statement.direction)],
        STRENGTH_WORDS[EvidenceStatement.Strength(statement.strength)],
    )
    return " ".join(f"{part}." for part in parts if part)


def facts_of(page: ReviewedPage) -> list[tuple[str, str]]:
    """Return what is known of a therapy at a glance: "Sessions", "12 to 16"."""
    if not isinstance(page, TherapyPage):
        return []
    labels = dict(TherapyPage.Format.choices)
    facts = [
        (_("How"), list_words([str(labels[one]) for one in page.formats])),
        (_("Sessions"), _range_words(page.fewest_sessions, page.most_sessions)),
        (_("Minutes each"), _range_words(page.fewest_minutes, page.most_minutes)),
    ]
    return [(str(label), words) for label, words in facts if words]


def _range_words(fewest: int | None, most: int | None) -> str:
    if fewest is None or most is None:
        return str(fewest or most or "")
    if fewest == most:
        return str(fewest)
    return now_in_words("%(fewest)s to %(most)s") % {"fewest": fewest, "most": most}


MATTERS_MOST_WORDS: dict[str, str | Promise] = {
    "fit": _("What fits best"),
    "soon": _("How soon"),
    "near": _("How near"),
    "cost": _("What it costs"),
}


def weight_changes() -> list[dict[str, str]]:
    """Return, for each thing that can matter most, which criteria then count how much more."""
    labels = {one.slug: one.label for one in weights.CRITERIA}
    return [
        {
            "wish": str(MATTERS_MOST_WORDS[wish]),
            "words": list_words(
                [
                    now_in_words("%(what)s counts %(times)s times as much")
                    % {"what": f'"{labels[slug]}"', "times": f"{factor:g}"}
                    for slug, factor in factors.items()
                ]
            ),
        }
        for wish, factors in weights.MATTERS_MOST_FACTORS.items()
    ]
