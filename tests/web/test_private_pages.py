import pytest
from django.http import HttpResponse

from attune.accounts.audience import Audience, audience
from attune.web.middleware import PrivatePagesMiddleware


def answered(rf, who: Audience) -> HttpResponse:
    @audience(who)
    def view(request):
        return HttpResponse("words")

    def get_response(request):
        middleware.process_view(request, view, (), {})
        return view(request)

    middleware = PrivatePagesMiddleware(get_response)
    return middleware(rf.get("/"))


@pytest.mark.parametrize("who", [one for one in Audience if one is not Audience.ANYONE])
def test_page_that_depends_on_who_asks_is_neither_kept_nor_indexed(rf, who):
    answer = answered(rf, who)
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["X-Robots-Tag"] == "noindex, nofollow"


def test_page_for_anyone_may_be_kept_and_indexed(rf):
    answer = answered(rf, Audience.ANYONE)
    assert "X-Robots-Tag" not in answer
    assert "no-store" not in answer.get("Cache-Control", "")
