"""The warning before a page closes by itself, for frames that are not ours."""

from django import template
from django.template.context import Context
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag(takes_context=True)
def idle_notice(context: Context) -> SafeString:
    """Return the warning with its script and style; nothing for somebody who is not signed in."""
    request = context.get("request")
    if request is None or not request.user.is_authenticated:
        return SafeString()
    return SafeString(render_to_string("accounts/_idle_elsewhere.jinja", request=request))
