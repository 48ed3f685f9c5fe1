"""What somebody wrote in Discord's dialect, as the Markdown that the desk keeps (`core.markdown`)."""

import re
from collections.abc import Iterable

from bots.markdown import FENCE, barred

_CODE = re.compile(r"```(?:([\w+#.-]+)\n)?(.*?)```|(``?)(?!`)(.+?)\3", re.DOTALL)
_URL = re.compile(r"(?<![<(\w])(https?://[^\s<>]*[^\s<>.,;:!?)\]}'\"])")
_NOT_MEANT = re.compile(
    r"^(?P<space> {4,}|\t+)|^(?P<rule>\s{0,3}(?:[-=_*]\s*){2,}|\s{0,3}[-=*+])$"
    r"|^(?P<mark>#{4,}|\+)(?=\s)"
    r"|^(?P<label>\[)(?=[^\]\n]*\]:)|(?P<entity>&)(?=#?\w+;)",
    re.MULTILINE,
)
_BLOCK_QUOTE = re.compile(r"^>>> (.*)\Z", re.DOTALL | re.MULTILINE)
_NESTED = re.compile(r"(?:[-*]|\d+\.) ")
_LISTED = re.compile(r"\s*(?:[-*]|\d+\.) ")
_GOES_ON = re.compile(r"[>\s]|(?:[-*]|\d+\.) |```")
_SMALL = re.compile(r"^-# ", re.MULTILINE)


def kept(native: str) -> str:
    """What somebody wrote on Discord, as the desk keeps it. Mentions are names in it already."""
    done, last = [], 0
    for found in _CODE.finditer(native):
        done += [_from_text(native[last : found.start()]), _from_code(found)]
        last = found.end()
    whole = "".join([*done, _from_text(native[last:])])
    whole = _BLOCK_QUOTE.sub(lambda found: barred(found[1]), whole)
    return "\n".join(_ended(whole.split("\n"))).strip("\n")


def _ended(lines: Iterable[str]) -> Iterable[str]:
    """A line beneath a quote or a list stands apart: Markdown would take it for more of that."""
    before, in_code = "", False
    for line in lines:
        ends_quote = before.startswith(">") and not line.startswith(">")
        ends_list = _LISTED.match(before) and not _GOES_ON.match(line)
        if line.strip() and not in_code and (ends_quote or ends_list):
            yield ""
        in_code ^= line.startswith(FENCE)
        before = line
        yield line


def _from_code(found: re.Match[str]) -> str:
    """A fence stands on lines of its own, wherever it stood on Discord, but for one in a quote."""
    if found[2] is None or ("\n" not in found[2] and not found[1]) or _is_quoted(found):
        return found[0]
    fenced = f"{FENCE}{found[1] or ''}\n{found[2].strip(chr(10))}\n{FENCE}"
    before = found.string[: found.start()].rstrip(" ")
    opening = "" if not before or before.endswith(("\n", ">")) else "\n"
    closing = "" if found.string[found.end() : found.end() + 1] in {"", "\n"} else "\n"
    return f"{opening}{fenced}{closing}"


def _is_quoted(found: re.Match[str]) -> bool:
    """Whether every line of the code has the bar of a quote."""
    begins = found.string.rfind("\n", 0, found.start()) + 1
    lines = found.string[begins : found.end()].split("\n")
    return all(line.startswith("> ") or line == ">" for line in lines)


def _from_text(text: str) -> str:
    """Text outside code, where what only Markdown gives a meaning loses it."""
    text = _NOT_MEANT.sub(_taken_as_words, _SMALL.sub("", text))
    return _URL.sub(lambda found: f"<{found[0]}>" if set(found[0]) & set("*_~") else found[0], text)


def _taken_as_words(found: re.Match[str]) -> str:
    if found["space"]:
        in_a_list = _NESTED.match(found.string, found.end()) and _NESTED.match(
            found.string[: found.start()].rstrip("\n").rpartition("\n")[2].lstrip()
        )
        return found["space"] if in_a_list else "   "
    if found["rule"]:
        bare = found["rule"].lstrip()
        return found["rule"][: -len(bare)] + "\\" + bare
    return f"\\{found[0]}"
