"""The engine that answers SQL in a reader's browser: fetched by npm, made small, put beside the page."""
