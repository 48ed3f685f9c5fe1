"""What goes into spreadsheets: values that stay values."""

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""How a cell begins that a spreadsheet would carry out. https://owasp.org/www-community/attacks/CSV_Injection"""


def cell(value: object) -> str:
    """A value as a spreadsheet may show it, and never as a formula."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(FORMULA) else text
