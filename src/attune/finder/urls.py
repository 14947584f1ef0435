"""Where practitioners are found."""

from django.urls import URLPattern, path

from attune.finder import saved_views, views

urlpatterns: list[URLPattern] = [
    path("therapists/<slug:code>/", views.profile, name="profile"),
    path("account/saved/", saved_views.saved_list, name="saved_people"),
    path("account/saved/add/<slug:code>/", saved_views.add, name="save_person"),
    path("account/saved/<slug:code>/", saved_views.saved_one, name="saved_one"),
    path("account/saved/<slug:code>/note/", saved_views.note, name="saved_note"),
    path("account/saved/<slug:code>/remove/", saved_views.remove, name="saved_remove"),
]
