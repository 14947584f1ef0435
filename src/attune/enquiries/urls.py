"""Addresses of the questionnaire: neutral, so that none of them says why somebody came."""

from django.urls import path

from attune.enquiries import views

urlpatterns = [
    path("match/", views.start, name="enquiry_start"),
    path("match/begin/", views.begin, name="enquiry_begin"),
    path("match/<int:number>/", views.question, name="enquiry_question"),
    path("match/<int:number>/skip/", views.skip, name="enquiry_skip"),
    path("match/pause/", views.pause, name="enquiry_pause"),
    path("match/under-18/", views.under_18, name="enquiry_under_18"),
    path("match/place/", views.place, name="enquiry_place"),
    path("match/check/", views.check, name="enquiry_check"),
    path("match/results/", views.results, name="enquiry_results"),
    path("match/change/", views.change, name="enquiry_change"),
    path("match/save/", views.save, name="enquiry_save"),
    path("match/saved/", views.saved, name="enquiry_saved"),
    path("match/return/", views.return_by_reference, name="enquiry_return_by_reference"),
    path("match/return/<str:code>/", views.return_by_link, name="enquiry_return"),
    path("match/delete/", views.delete, name="enquiry_delete"),
    path("match/deleted/", views.deleted, name="enquiry_deleted"),
]
