"""Addresses of the questionnaire: neutral, so that none of them says why somebody came."""

from django.urls import path

from attune.enquiries.views import account, keeping, questions, results

urlpatterns = [
    path("match/results/", results.results, name="enquiry_results"),
    path("match/", questions.start, name="enquiry_start"),
    path("match/begin/", questions.begin, name="enquiry_begin"),
    path("match/<int:number>/", questions.question, name="enquiry_question"),
    path("match/<int:number>/skip/", questions.skip, name="enquiry_skip"),
    path("match/pause/", questions.pause, name="enquiry_pause"),
    path("match/under-18/", questions.under_18, name="enquiry_under_18"),
    path("match/first/", questions.first, name="enquiry_first"),
    path("match/place/", questions.place, name="enquiry_place"),
    path("match/check/", results.check, name="enquiry_check"),
    path("match/change/", results.change, name="enquiry_change"),
    path("match/save/", keeping.save, name="enquiry_save"),
    path("match/saved/", keeping.saved, name="enquiry_saved"),
    path("match/return/", keeping.return_by_reference, name="enquiry_return_by_reference"),
    path("match/return/<str:code>/", keeping.return_by_link, name="enquiry_return"),
    path("match/delete/", keeping.delete, name="enquiry_delete"),
    path("match/deleted/", keeping.deleted, name="enquiry_deleted"),
    path("account/answers/keep/", account.keep, name="own_answers_keep"),
    path("account/answers/leave/", account.leave, name="own_answers_leave"),
    path("account/answers/<slug:code>/continue/", account.go_on, name="own_answers_continue"),
    path("account/answers/<slug:code>/delete/", account.delete, name="own_answers_delete"),
]
