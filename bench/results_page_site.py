"""The settings of production, with one empty view more among the addresses."""

from attune.project.settings import *  # noqa: F403

ROOT_URLCONF = "results_page_urls"
