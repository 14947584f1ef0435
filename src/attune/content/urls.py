"""Addresses of the library and of the pages that explain."""

from django.contrib.sitemaps.views import sitemap
from django.urls import include, path, register_converter
from django.urls.converters import StringConverter
from wagtail.admin import urls as wagtailadmin_urls

from attune.content import views
from attune.content.machines import SITEMAPS, LibraryFeed


class LibraryPath(StringConverter):
    """Where the pages are that editors make: the first page, and all below /library/."""

    regex = r"(?:library/(?:[\w-]+/)*)?"


register_converter(LibraryPath, "library")

# Its own sign-in and password pages would do without the second factor: ours stand for them.
# Two others fail on purpose, to try what a failure looks like.
_LEFT_OUT = ("login/", "logout/", "password_reset/", "failwhale/", "test404/")
EDITOR = [one for one in wagtailadmin_urls.urlpatterns if str(one.pattern) not in _LEFT_OUT]

urlpatterns = [
    path("", views.page, {"path": ""}, name="home"),
    path("help-now/", views.help_now, name="help_now"),
    path("free-help/", views.free_help, name="free_help"),
    path("how-we-choose/", views.how_we_choose, name="how_we_choose"),
    path("privacy/", views.privacy, name="privacy"),
    path("accessibility/", views.accessibility, name="accessibility"),
    path("library/atom.xml", LibraryFeed(), name="library_feed"),
    path("sitemap.xml", sitemap, {"sitemaps": SITEMAPS}, name="sitemap"),
    path("brand.css", views.brand_colours, name="brand_colours"),
    path("media/images/<path:name>", views.picture, name="picture"),
    path("library/search/", views.search, name="library_search"),
    path("library/search/<str:token>/", views.found, name="library_found"),
    path(
        "library/therapies/<slug:slug>/before-your-first-session/",
        views.preparation,
        name="preparation",
    ),
    # By this name Wagtail makes the addresses of its pages.
    path("<library:path>", views.page, name="wagtail_serve"),
    path("editor/login/", views.sign_in, name="wagtailadmin_login"),
    path("editor/logout/", views.sign_out, name="wagtailadmin_logout"),
    path("editor/", include(EDITOR)),
]
