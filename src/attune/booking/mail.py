"""Messages about appointments."""
