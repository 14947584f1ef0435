"""Addresses of booking: none of them says what kind of appointment it is."""

from django.urls import path

from attune.booking import account_views, link_views, practice_views, views

urlpatterns = [
    path("book/<slug:code>/", views.choose_time, name="book_time"),
    path("book/<slug:code>/address/", views.give_address, name="book_address"),
    path("book/<slug:code>/code/", views.give_code, name="book_code"),
    path("book/<slug:code>/check/", views.summary, name="book_summary"),
    path("book/<slug:code>/keep/", views.keep, name="book_keep"),
    path("book/<slug:code>/give-up/", views.give_up, name="book_give_up"),
    path("book/<slug:code>/booked/", views.done, name="book_done"),
    path("appointments/<str:token>/", link_views.show, name="appointment"),
    path("appointments/<str:token>/change/", link_views.change, name="appointment_change"),
    path("appointments/<str:token>/cancel/", link_views.give_up, name="appointment_cancel"),
    path("appointments/<str:token>/calendar/", link_views.calendar, name="appointment_calendar"),
    path("appointments/<str:token>/met/", link_views.did_you_meet, name="did_you_meet"),
    path("account/appointments/", account_views.appointments, name="own_appointments"),
    path("account/appointments/<slug:code>/", account_views.show, name="own_appointment"),
    path(
        "account/appointments/<slug:code>/change/",
        account_views.change,
        name="own_appointment_change",
    ),
    path(
        "account/appointments/<slug:code>/cancel/",
        account_views.give_up,
        name="own_appointment_cancel",
    ),
    path(
        "account/appointments/<slug:code>/calendar/",
        account_views.calendar,
        name="own_appointment_calendar",
    ),
    path("practice/", practice_views.home, name="practice_home"),
    path("practice/appointments/<slug:code>/seen/", practice_views.seen, name="practice_seen"),
    path(
        "practice/appointments/<slug:code>/cancel/", practice_views.cancel, name="practice_cancel"
    ),
    path("practice/link/<str:token>/", link_views.practitioner, name="practitioner_link"),
    path("practice/link/<str:token>/seen/", link_views.practitioner_seen, name="practitioner_seen"),
    path(
        "practice/link/<str:token>/cancel/",
        link_views.practitioner_cancel,
        name="practitioner_cancel",
    ),
]
