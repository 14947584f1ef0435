"""Addresses of what we may do, of what we hold, of complaints, and of what staff see of them."""

from django.urls import path

from attune.privacy.views import (
    choice,
    complaints,
    consents,
    copies,
    data,
    erasing,
    ledger,
    staff,
    waiting,
)

urlpatterns = [
    path("cookies/", choice.cookies, name="cookies"),
    path("cookies/choice/", choice.choose, name="choose"),
    path("account/agreements/", consents.agreements, name="agreements"),
    path("account/agreements/<str:code>/", consents.withdraw, name="withdraw_agreement"),
    path("account/data/", data.our_data, name="our_data"),
    path("account/ledger/", ledger.ledger, name="ledger"),
    path("account/export/", copies.export_everything, name="export_everything"),
    path("account/erase/", erasing.erase_everything, name="erase_everything"),
    path("account/erase/now/", erasing.erase_now, name="erase_now"),
    path("account/wait/", waiting.wait_first, name="wait_first"),
    path("account/take-back/<slug:kind>/", waiting.take_back_request, name="take_back_request"),
    path("erased/", erasing.erased, name="erased"),
    path("privacy/complaint/", complaints.complaint, name="complaint"),
    path("privacy/complaint/sent/", complaints.complaint_sent, name="complaint_sent"),
    path("privacy/answer/<str:code>/", complaints.complaint_answer, name="complaint_answer"),
    path("staff/complaints/", staff.complaints, name="complaints"),
    path("staff/complaints/<str:code>/", staff.complaint_case, name="complaint_case"),
    path("staff/statistics/", staff.statistics, name="statistics"),
]
