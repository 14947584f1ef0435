"""Addresses of what we may do, of complaints, and of what staff see of both."""

from django.urls import path

from attune.privacy.views import choice, complaints, consents, staff

urlpatterns = [
    path("cookies/", choice.cookies, name="cookies"),
    path("cookies/choice/", choice.choose, name="choose"),
    path("account/agreements/", consents.agreements, name="agreements"),
    path("account/agreements/<str:code>/", consents.withdraw, name="withdraw_agreement"),
    path("privacy/complaint/", complaints.complaint, name="complaint"),
    path("privacy/complaint/sent/", complaints.complaint_sent, name="complaint_sent"),
    path("privacy/answer/<str:code>/", complaints.complaint_answer, name="complaint_answer"),
    path("staff/complaints/", staff.complaints, name="complaints"),
    path("staff/complaints/<str:code>/", staff.complaint_case, name="complaint_case"),
    path("staff/statistics/", staff.statistics, name="statistics"),
]
