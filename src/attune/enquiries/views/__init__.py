"""Pages of the questionnaire. No address says why somebody came."""
