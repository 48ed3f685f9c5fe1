"""The page: one document, one style sheet, a few modules of plain JavaScript; no build step."""
