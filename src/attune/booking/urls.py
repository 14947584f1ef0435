"""Addresses of booking: none of them says what kind of appointment it is."""

from django.urls import path

from attune.booking.views import account, booking, links, practice

urlpatterns = [
    path("book/<slug:code>/", booking.choose_time, name="book_time"),
    path("book/<slug:code>/address/", booking.give_address, name="book_address"),
    path("book/<slug:code>/code/", booking.give_code, name="book_code"),
    path("book/<slug:code>/check/", booking.summary, name="book_summary"),
    path("book/<slug:code>/keep/", booking.keep, name="book_keep"),
    path("book/<slug:code>/give-up/", booking.give_up, name="book_give_up"),
    path("book/<slug:code>/booked/", booking.done, name="book_done"),
    path("appointments/<str:token>/", links.show, name="appointment"),
    path("appointments/<str:token>/change/", links.change, name="appointment_change"),
    path("appointments/<str:token>/cancel/", links.give_up, name="appointment_cancel"),
    path("appointments/<str:token>/calendar/", links.calendar, name="appointment_calendar"),
    path("appointments/<str:token>/met/", links.did_you_meet, name="did_you_meet"),
    path("account/appointments/", account.appointments, name="own_appointments"),
    path("account/appointments/<slug:code>/", account.show, name="own_appointment"),
    path(
        "account/appointments/<slug:code>/change/",
        account.change,
        name="own_appointment_change",
    ),
    path(
        "account/appointments/<slug:code>/cancel/",
        account.give_up,
        name="own_appointment_cancel",
    ),
    path(
        "account/appointments/<slug:code>/calendar/",
        account.calendar,
        name="own_appointment_calendar",
    ),
    path("practice/", practice.home, name="practice_home"),
    path("practice/appointments/<slug:code>/seen/", practice.seen, name="practice_seen"),
    path("practice/appointments/<slug:code>/cancel/", practice.cancel, name="practice_cancel"),
    path("practice/link/<str:token>/", links.practitioner, name="practitioner_link"),
    path("practice/link/<str:token>/seen/", links.practitioner_seen, name="practitioner_seen"),
    path(
        "practice/link/<str:token>/cancel/",
        links.practitioner_cancel,
        name="practitioner_cancel",
    ),
]
