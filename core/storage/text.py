"""What a database can keep of a text."""

TEXT_AT_MOST = 1_000_000  # characters; platforms allow 40,000 and fewer


def clean(text: str) -> str:
    """The text without what no database keeps: NUL and halves of surrogate pairs."""
    whole = text[:TEXT_AT_MOST].replace("\x00", "")
    return whole.encode("utf-8", "replace").decode("utf-8")
