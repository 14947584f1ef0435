import pytest

from attune.accounts.models import User
from attune.demo.cast import BEN, DEV
from attune.demo.sign_in import sign_in_links

pytestmark = pytest.mark.django_db


@pytest.fixture
def dev(settings):
    settings.IS_DEMO_SITE = True
    User.objects.create_user(BEN, name="Ben")
    return User.objects.create_user(DEV, name="Dev", is_staff=True)


@pytest.fixture
def link(dev):
    return dict(sign_in_links(""))["Dev, of the staff"]


def test_a_link_signs_in_on_the_press_of_its_button_and_not_before(client, link):
    assert client.get(link).status_code == 200
    assert client.get("/staff/").status_code == 302
    client.post(link)
    assert client.get("/staff/").status_code == 200


def test_a_link_works_once(client, link):
    client.post(link)
    assert client.post(link).status_code == 404
    assert client.get(link).status_code == 404


def test_a_link_works_on_this_machine_only(client, link):
    assert client.post(link, REMOTE_ADDR="192.0.2.7").status_code == 404
    assert client.post(link).status_code == 302


def test_elsewhere_than_on_a_demonstration_there_are_no_links(client, link, settings):
    settings.IS_DEMO_SITE = False
    assert sign_in_links("") == []
    assert client.post(link).status_code == 404


def test_a_demonstration_older_than_some_of_its_people_has_links_for_the_others(dev):
    assert list(dict(sign_in_links(""))) == ["Ben, a practitioner", "Dev, of the staff"]


def test_one_browser_goes_from_one_person_to_the_next(client, link):
    client.post(dict(sign_in_links(""))["Ben, a practitioner"])
    client.post(link)
    assert client.get("/staff/").status_code == 200
