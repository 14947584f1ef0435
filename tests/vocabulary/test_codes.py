from collections import Counter

from django.middleware import csrf

from attune.vocabulary.codes import ALPHABET, new_code, random_letters


def test_codes_are_as_long_as_asked_and_of_letters_that_cannot_be_confused():
    assert {len(new_code(length)) for length in (1, 12, 28)} == {1, 12, 28}
    assert set(new_code(500)) <= set(ALPHABET)
    assert len({new_code() for _ in range(2000)}) == 2000


def test_every_letter_is_as_likely_at_every_place():
    drawn = [random_letters(3, "abcde") for _ in range(5000)]
    for place in range(3):
        counts = Counter(letters[place] for letters in drawn)
        # 1,000 each are expected; by chance, one in a thousand million such runs is farther off.
        assert set(counts) == set("abcde")
        assert all(800 < count < 1200 for count in counts.values())


def test_forms_draw_the_letters_of_their_token_at_once():
    assert csrf.get_random_string is random_letters
    secret = csrf._get_new_csrf_string()
    assert len(secret) == csrf.CSRF_SECRET_LENGTH
    assert set(secret) <= set(csrf.CSRF_ALLOWED_CHARS)
