"""The idle lock: who asks for no page is signed out, and loses nothing that they were writing."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth import SESSION_KEY
from django.core import management
from django.db import connection
from django.test import Client
from django.urls import reverse

from attune.accounts.account_panels import forget_unfinished_work
from attune.accounts.models import UnfinishedWork, User, WebSession
from attune.accounts.sessions import SEEN_AT
from attune.accounts.unfinished import MOST_KEPT, Form, form_of, keep, label_of

pytestmark = pytest.mark.django_db
HALF_AN_HOUR = timedelta(minutes=30)
PLANTED = "Kestrel over the weir"
HOME = "/account/"
