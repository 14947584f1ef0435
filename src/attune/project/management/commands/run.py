"""``attune run``: the service with a demonstration, for a first look. ``make run`` calls it."""

from attune.project.management.commands.serve import Command as ServeCommand


class Command(ServeCommand):
    help = "As serve; an empty embedded database is first filled with invented people."
    with_demo = True
