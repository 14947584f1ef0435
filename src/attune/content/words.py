"""What guidance and research say, in words: never a star, a traffic light or a score."""

from django.utils.translation import gettext_lazy as _

from attune.vocabulary.models import EvidenceStatement

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
