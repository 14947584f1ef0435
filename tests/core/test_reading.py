import pytest

from attune.core.reading import long_sentences, reading_age, sentences, syllables, words


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "One thing. Another! A third? A fourth",
            ["One thing.", "Another!", "A third?", "A fourth"],
        ),
        ("an item\nanother item\n\nA paragraph", ["an item", "another item", "A paragraph"]),
        ("See Dr Smith. He is in.", ["See Dr Smith.", "He is in."]),
        ("See Dr. Smith, e.g. Anna, i.e. Her.", ["See Dr. Smith, e.g. Anna, i.e. Her."]),
        ("It began with S. H. Foulkes. It grew.", ["It began with S. H. Foulkes.", "It grew."]),
        ("So do I. Then go.", ["So do I.", "Then go."]),
        ("It costs 3.5 times as much.", ["It costs 3.5 times as much."]),
        ("He said “no.” Then he left.", ["He said “no.”", "Then he left."]),
        ("wait … and see. Now", ["wait … and see.", "Now"]),
        (" \n...\n", []),
    ],
)
def test_a_sentence_ends_with_its_mark_or_its_line(text, found):
    assert sentences(text) == found


def test_a_word_keeps_its_hyphens_apostrophes_and_figures():
    assert words("Don't go one-to-one: 34,285 people (6.5%) can’t.") == [
        *("Don't", "go", "one-to-one", "34,285", "people", "6.5", "can’t")
    ]


@pytest.mark.parametrize(
    ("count", "spoken"),
    [
        (
            1,
            "the be life changed helped tried times makes rules friend who loved through you don't",
        ),
        (2, "people being trial science table needed changes places houses wishes quiet client"),
        (
            2,
            "doing patient special something safely movement 16 hundred couples rely million",
        ),
        (3, "therapy depression idea area usual period previous serious opinion centred-on"),
        (3, "therapies articles completely evidence bereavement"),
        (4, "anxiety relationship experience society emergency situation person-centred 2016"),
        (5, "interpersonal psychodynamic individual"),
    ],
)
def test_syllables_are_estimated_closely(count, spoken):
    counted = {word: syllables(word) for word in spoken.split()}
    assert counted == dict.fromkeys(counted, count)


def test_every_word_has_a_syllable():
    assert [syllables(word) for word in ("NHS", "hmm", "é", "7")] == [1, 1, 1, 1]


def test_reading_age_is_the_school_grade_and_five_years():
    # 6 words in 1 sentence, 6 syllables: 0.39 * 6 + 11.8 * 1 - 15.59 + 5.
    assert reading_age("The cat sat on the mat.") == pytest.approx(3.55)


def test_reading_age_rises_with_longer_words_and_longer_sentences():
    plain = "You talk with one person. You find out what helps."
    joined = "You talk with one person and you find out what helps."
    stiff = "Psychotherapeutic conversation facilitates interpersonal understanding."
    assert reading_age(plain) < reading_age(joined) < reading_age(stiff)


def test_items_of_a_list_count_as_sentences():
    items = "talk to a friend\nwrite things down\ngo for a walk"
    assert reading_age(items) < reading_age(items.replace("\n", " "))


def test_a_text_without_words_has_no_reading_age():
    assert reading_age(" … \n") == 0


def test_a_sentence_is_long_from_one_word_more_on():
    thirty = "word " * 29 + "end."
    assert long_sentences(thirty) == []
    assert long_sentences(f"Short. One {thirty} Short.") == [f"One {thirty}"]
    assert long_sentences("a b c\nd e", most_words=2) == ["a b c"]
