"""Discord's limits on what may be posted, told apart from the code that keeps them."""

from typing import Any

Json = dict[str, Any]


def refused(body: Json) -> str | None:
    """Why Discord would refuse this message; None where it would not."""
    if units(body.get("content") or "") > 2_000:
        return "content over 2,000"
    if units(str(body.get("nonce") or "")) > 25:
        return "a nonce over 25"
    if not (body.get("content") or body.get("embeds") or body.get("files")):
        return "an empty message"
    return _embeds(body.get("embeds") or []) or _rows(body.get("components") or [])


def calls_somebody(body: Json) -> bool:
    """Whether a mention in this message would be a ping."""
    allowed = body.get("allowed_mentions")
    return allowed is None or bool(
        allowed.get("parse") or allowed.get("users") or allowed.get("roles")
    )


def units(text: str) -> int:
    """The length of a text, counted the longer way."""
    return len(text.encode("utf-16-le")) // 2


def _embeds(embeds: list[Json]) -> str | None:
    if len(embeds) > 10:
        return f"{len(embeds)} embeds"
    total = 0
    for embed in embeds:
        parts = _parts(embed)
        wrong = next((f"over {most}" for text, most in parts if units(text) > most), None)
        if wrong or not any(text for text, _ in parts) or len(embed.get("fields") or []) > 25:
            return wrong or "an empty embed, or too many fields"
        total += sum(units(text) for text, _ in parts)
    return "embeds over 6,000" if total > 6_000 else None


def _parts(embed: Json) -> list[tuple[str, int]]:
    """Every text of an embed, with the longest it may be."""
    fields = embed.get("fields") or []
    empty = any(not each["name"].strip() or not each["value"].strip() for each in fields)
    return [
        (embed.get("title") or "", 256),
        (embed.get("description") or "", 4_096),
        ((embed.get("footer") or {}).get("text") or "", 2_048),
        ((embed.get("author") or {}).get("name") or "", 256),
        *((each["name"], 256) for each in fields),
        *((each["value"], 1_024) for each in fields),
        *([("an empty field", 0)] if empty else []),
    ]


def _rows(rows: list[Json]) -> str | None:
    if len(rows) > 5:
        return f"{len(rows)} rows"
    ids: list[str] = []
    for row in rows:
        if not 0 < len(row["components"]) <= 5:
            return f"{len(row['components'])} components in a row"
        for each in row["components"]:
            ids.append(each["custom_id"])
            if not 0 < units(each["custom_id"]) <= 100:
                return "a custom_id"
            if each["type"] == 2 and not 0 < units(each["label"]) <= 80:
                return "the label of a button"
            if each["type"] == 3 and not 0 < len(each["options"]) <= 25:
                return "the options of a menu"
    return "a custom_id twice" if len(ids) != len(set(ids)) else None


def refused_modal(modal: Json) -> str | None:
    """Why Discord would refuse this form."""
    if not 0 < units(modal["custom_id"]) <= 100 or not 0 < units(modal["title"]) <= 45:
        return "id or title of a modal"
    if not 0 < len(modal["components"]) <= 5:
        return f"{len(modal['components'])} inputs"
    for label in modal["components"]:
        if units(label["label"]) > 45 or units(label["component"].get("value") or "") > 4_000:
            return "label or value of an input"
    return None
