"""Pages about what we may do, and about complaints."""
