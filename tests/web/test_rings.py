from math import hypot

from attune.web.rings import avatar_rings, picture_rings

SEEDS = [f"person-{number}" for number in range(2000)]


def test_rings_of_a_person_always_cross_inside_the_disc():
    for seed in SEEDS:
        first, second = avatar_rings(seed)
        apart = hypot(first.x - second.x, first.y - second.y)
        assert abs(first.radius - second.radius) < apart < first.radius + second.radius
        for ring in (first, second):
            assert hypot(ring.x - 32, ring.y - 32) + ring.radius + ring.width / 2 <= 32


def test_rings_of_a_person_never_share_a_colour():
    assert all(first.tone != second.tone for first, second in map(avatar_rings, SEEDS))


def test_drawings_depend_on_the_seed_alone():
    assert avatar_rings("ben") == avatar_rings("ben")
    assert picture_rings("ipt") == picture_rings("ipt")
    assert len({avatar_rings(seed) for seed in SEEDS}) > 1900


def test_every_tone_has_a_colour():
    tones = {ring.tone for seed in SEEDS for ring in (*avatar_rings(seed), *picture_rings(seed))}
    assert tones == {1, 2, 3, 4}
