"""What the library stands on: the site, its index pages, who may do what, and the workflow.

Made once, when it is not there; from then on it belongs to whoever runs the site.
"""

from collections.abc import Mapping
from typing import Any

from django.contrib.auth.models import Group, Permission
from django.utils.translation import gettext as _
from wagtail.models import (
    Collection,
    GroupApprovalTask,
    GroupCollectionPermission,
    GroupPagePermission,
    Page,
    Site,
    Workflow,
    WorkflowPage,
    WorkflowTask,
)

from attune.content.models import (
    CHIEF_EDITORS,
    CLINICAL_REVIEWERS,
    EDITORS,
    ArticleIndexPage,
    ClinicalReviewTask,
    HomePage,
    IssueIndexPage,
    LibraryIndexPage,
    TherapyIndexPage,
)

# What editors keep besides pages; the others are read-only for them.
KEPT_BY_EDITORS = ("organisation", "testimonial", "faq", "partner", "offer")
KEPT_BY_CHIEF_EDITORS = (
    *KEPT_BY_EDITORS,
    *("reviewer", "brand", "reviewsettings"),
    *("evidencestatement", "crisiscontact", "helproute"),
)
ACTIONS = ("add", "change", "delete", "view")


def home_page(data: Mapping[str, Any]) -> HomePage:
    """Return the first page; the first time, make it and all that the library stands on."""
    here: HomePage | None = HomePage.objects.first()
    if here:
        return here
    root = Page.objects.get(depth=1)
    # Wagtail's own welcome.
    for welcome in root.get_children():
        welcome.delete()
    root.refresh_from_db()
    home: HomePage = root.add_child(
        instance=HomePage(
            title=data["title"], slug="home", lead=data["lead"], summary=data["summary"], body="[]"
        )
    )
    Site.objects.all().delete()
    Site.objects.create(
        hostname="localhost",
        port=80,
        site_name=_("The library"),
        root_page=home,
        is_default_site=True,
    )
    _add_indexes(home, data["indexes"])
    _add_groups(home)
    _add_workflow(home)
    return home


def _add_indexes(home: HomePage, words: Mapping[str, Any]) -> None:
    library = home.add_child(instance=LibraryIndexPage(slug="library", **words["library"]))
    for slug, model in (
        ("therapies", TherapyIndexPage),
        ("issues", IssueIndexPage),
        ("articles", ArticleIndexPage),
    ):
        library.add_child(instance=model(slug=slug, **words[slug]))


def _add_groups(home: HomePage) -> None:
    # Wagtail's own two, which would let people publish what nobody checked.
    Group.objects.filter(name__in=("Moderators", "Editors")).delete()
    may_enter = Permission.objects.get(codename="access_admin")
    kept = {EDITORS: KEPT_BY_EDITORS, CHIEF_EDITORS: KEPT_BY_CHIEF_EDITORS, CLINICAL_REVIEWERS: ()}
    for name, models in kept.items():
        group = Group.objects.create(name=name)
        codenames = [f"{action}_{model}" for model in models for action in ACTIONS]
        group.permissions.set(
            [
                may_enter,
                *Permission.objects.filter(
                    codename__in=codenames,
                    content_type__app_label__in=("content", "offers", "vocabulary"),
                ),
            ]
        )
        if models:
            _let_edit(group, home)


def _let_edit(group: Group, home: HomePage) -> None:
    """Let a group write pages and hand them in; nobody publishes past the workflow."""
    for action in ("add", "change"):
        permission = Permission.objects.get(
            content_type__app_label="wagtailcore", codename=f"{action}_page"
        )
        GroupPagePermission.objects.create(group=group, page=home, permission=permission)
    for permission in Permission.objects.filter(
        content_type__app_label="wagtailimages",
        codename__in=("add_image", "change_image", "choose_image"),
    ):
        GroupCollectionPermission.objects.create(
            group=group, collection=Collection.get_first_root_node(), permission=permission
        )


def _add_workflow(home: HomePage) -> None:
    WorkflowPage.objects.all().delete()
    workflow = Workflow.objects.create(name="Editor check and clinical review")
    check = GroupApprovalTask.objects.create(name="Editor check")
    check.groups.set(Group.objects.filter(name=CHIEF_EDITORS))
    review = ClinicalReviewTask.objects.create(name="Clinical review")
    review.groups.set(Group.objects.filter(name=CLINICAL_REVIEWERS))
    for position, task in enumerate((check, review)):
        WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=position)
    WorkflowPage.objects.create(workflow=workflow, page=home)
