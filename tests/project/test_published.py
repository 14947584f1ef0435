"""Help pages as files, for when nothing else answers."""

import pytest
from django.core.management import CommandError, call_command

from attune.project.processes import sole_owner
from attune.project.published import publish_help

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(settings, tmp_path):
    settings.DATA_DIR, settings.PUBLISHED_DIR = tmp_path, tmp_path / "published"
    return settings.PUBLISHED_DIR


@pytest.mark.parametrize("address", ["help-now", "free-help"])
def test_the_file_says_what_the_page_says(client, folder, address):
    publish_help()
    page = client.get(f"/{address}/").content
    assert (folder / address / "index.html").read_bytes() == page


def test_the_files_hold_nothing_of_a_visitor(folder):
    for path in publish_help():
        assert "csrf" not in path.read_text()
        assert "session" not in path.read_text()


def test_publishing_again_leaves_no_half_written_file(folder):
    publish_help()
    publish_help()
    assert sorted(path.name for path in folder.rglob("*") if path.is_file()) == ["index.html"] * 2


def test_the_command_says_where_and_refuses_while_the_service_runs(folder, settings, capsys):
    call_command("publish_help")
    assert str(folder / "help-now" / "index.html") in capsys.readouterr().out
    with sole_owner(settings.DATA_DIR), pytest.raises(CommandError, match="Restart it"):
        call_command("publish_help")
