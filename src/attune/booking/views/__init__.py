"""Pages of booking: while it is done, behind a link, of the member, of the practitioner."""
