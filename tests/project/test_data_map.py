"""Every field that is stored says what it is for, what it is, and when it goes."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.apps import apps
from django.core.checks import run_checks
from django.core.management import CommandError, call_command
from django.db import connection

from attune.accounts import data_map as maps
from attune.accounts.data_map import Entry, data_map, declared_models, fields_of, problems
from attune.accounts.duties import forget_old_invitations
from attune.accounts.models import Invitation
from attune.project.environment import CHECKOUT
from attune.project.management.commands.data_map import as_markdown

PAGE = CHECKOUT / "docs" / "reference" / "data-map.md"


def test_every_field_of_every_model_is_declared_and_nothing_else_is():
    assert problems() == []


def test_the_page_of_the_docs_says_what_the_files_say():
    assert PAGE.read_text(encoding="utf-8") == as_markdown(), (
        "Make it anew: attune data-map > docs/reference/data-map.md"
    )


@pytest.mark.django_db
def test_every_table_is_a_models_or_declared():
    models = apps.get_models(include_auto_created=True)
    tables = {model._meta.db_table for model in models} | set(data_map().tables)
    assert set(connection.introspection.table_names()) == tables


def test_an_undeclared_field_and_a_line_without_a_field_are_told(monkeypatch):
    known = data_map()
    user = known.by_label["accounts.User"]
    fields = {name: kind for name, kind in user.fields.items() if name != "name"} | {"age": "none"}
    changed = Entry(user.label, user.purpose, user.basis, user.retention, fields)
    others = tuple(one for one in known.entries if one is not user)
    monkeypatch.setattr(maps, "data_map", lambda: maps.DataMap((*others, changed), known.tables))
    assert {"accounts.User.name has no line.", "accounts.User.age is no field."} <= set(problems())


def test_a_model_without_an_entry_stops_the_check(monkeypatch):
    known = data_map()
    others = tuple(one for one in known.entries if one.label != "accounts.User")
    monkeypatch.setattr(maps, "data_map", lambda: maps.DataMap(others, known.tables))
    assert "accounts.User has no entry." in problems()
    with pytest.raises(CommandError, match=r"accounts\.User has no entry"):
        call_command("check", tags=["data_map"], deploy=True)


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        ({"purpose": " "}, "x.Y has no purpose."),
        ({"basis": "because"}, "x.Y: because is no basis."),
        ({"retention": "for ever"}, "x.Y: nothing holds its retention, for ever."),
        ({"retention": "a day; duty no-such"}, "x.Y: there is no duty no-such."),
        (
            {"retention": "a day; duty outbox-retention, or duty no-such"},
            "x.Y: there is no duty no-such.",
        ),
        ({"fields": {"note": "secret"}}, "x.Y.note: secret is no class."),
        (
            {"fields": {"note_sealed": "health"}},
            "x.Y.note_sealed is sealed, and its class is health.",
        ),
        (
            {"basis": "none", "fields": {"user": "account"}},
            "x.Y.user is about a person and has no basis.",
        ),
    ],
)
def test_what_is_wrong_with_a_line_is_told(entry, told):
    whole = {
        "label": "x.Y",
        "purpose": "Something",
        "basis": "contract",
        "retention": "duty outbox-retention",
        "fields": {"note": "none"},
    }
    assert list(maps._wrong_in(Entry(**whole))) == []
    assert list(maps._wrong_in(Entry(**(whole | entry)))) == [told]


def test_a_sealed_column_is_never_classed_as_anything_else():
    sealed = {
        f"{model._meta.label}.{name}"
        for model in declared_models()
        for name in fields_of(model)
        if name.endswith("_sealed")
    }
    assert sealed == {
        f"{one.label}.{name}"
        for one in data_map().entries
        for name, kind in one.fields.items()
        if kind == "sealed" and name.endswith("_sealed")
    }


def test_no_other_command_waits_for_the_data_map(monkeypatch):
    monkeypatch.setattr(maps, "data_map", lambda: maps.DataMap((), {}))
    assert not [one for one in run_checks() if one.id == "attune.E009"]


def test_each_app_with_tables_of_ours_has_its_file():
    ours = {
        model._meta.app_config.path
        for model in apps.get_models()
        if model.__module__.startswith("attune.")
    }
    assert [path for path in sorted(ours) if not (Path(path) / "data_map.toml").exists()] == []


@pytest.mark.django_db
def test_invitations_go_a_day_after_they_ran_out(now):
    for hours, code in ((25, "old"), (23, "young")):
        Invitation.objects.create(
            code=code,
            code_hash=code,
            email_sealed=b"",
            email_hash="",
            name="Ben",
            expires_at=now - timedelta(hours=hours),
        )
    forget_old_invitations(now)
    assert [one.code for one in Invitation.objects.all()] == ["young"]
