"""Google Trends: search interest, compared within one question, or imported from an export."""
