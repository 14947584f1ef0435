"""What an invented person's own sentences may speak of, read from their listing."""

from collections.abc import Mapping
from dataclasses import dataclass

from attune.core.phrases import list_words
from attune.demo.draw import Draw
from attune.demo.hours import has_evening, when_words
from attune.demo.prose import lower_first, with_article
from attune.directory.entries import NewListing


@dataclass(frozen=True)
class Labels:
    """What languages and communities are called, by slug."""

    languages: Mapping[str, str]
    communities: Mapping[str, str]


def facts_of(entry: NewListing, draw: Draw, labels: Labels, charity: str) -> dict[str, str]:
    """Return the facts by name, as ``prose.toml`` uses them; one that does not hold is left out."""
    facts = {**_work(entry, draw), **_circumstances(entry, draw, labels), "charity": charity}
    known = {name: words for name, words in facts.items() if words}
    capitals = {name.capitalize(): words[:1].upper() + words[1:] for name, words in known.items()}
    return {**known, **capitals, **{name: "" for name, is_so in _holds(entry).items() if is_so}}


def _work(entry: NewListing, draw: Draw) -> dict[str, str]:
    stock, random = draw.stock, draw.random
    issues = [stock.issues[slug] for slug in entry.focus_issues]
    methods = [stock.therapies[offered.therapy_type] for offered in entry.therapies]
    title = lower_first(entry.title)
    how, how_two = random.sample([line for one in methods for line in one.how], 2)
    words = [one.words for one in methods]
    return {
        "title": title,
        "a_title": with_article(title),
        "therapy": words[0],
        "therapies": list_words(words[:3]) if words[1:] else "",
        "how": how,
        "how_two": how_two,
        "minutes": str(entry.session_minutes),
        **{f"issue_{place}": one.words for place, one in zip("abc", issues, strict=False)},
        **{
            f"said_{place}": random.choice(one.said)
            for place, one in zip("ab", issues, strict=False)
        },
    }


def _circumstances(entry: NewListing, draw: Draw, labels: Labels) -> dict[str, str]:
    rooms = [one for one in entry.practices if one.town]
    others = [labels.languages[slug] for slug in entry.languages if slug != "en"]
    groups = [labels.communities[slug] for slug in entry.communities]
    return {
        "town": rooms[0].town if rooms else "",
        "room": rooms[0].joining_details.removeprefix("My room is ").rstrip(".") if rooms else "",
        "years": str(draw.random.randint(3, 28)),
        "before": draw.one_of("before"),
        "when": when_words(hours for one in entry.practices for hours in one.hours),
        "language": others[0].partition(" (")[0] if others else "",
        "community": lower_first(groups[0]) if groups else "",
    }


def _holds(entry: NewListing) -> dict[str, bool]:
    """Return what a sentence may depend on without naming it."""
    rooms = [bool(one.town) for one in entry.practices]
    return {
        "if_room": any(rooms),
        "if_online": not all(rooms),
        "if_both": any(rooms) and not all(rooms),
        "if_evening": has_evening(hours for one in entry.practices for hours in one.hours),
        "if_paid": bool(entry.fees[0].minor),
        "if_concession": bool(entry.fees[0].concession_minor),
    }
