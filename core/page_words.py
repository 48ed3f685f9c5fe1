"""What customers read on pages of ours beside what the desk says: labels, hints, headings."""

from collections.abc import Mapping

from core.speaking import say


def widget() -> Mapping[str, str]:
    """The words of the chat widget, by the names under which its script knows them."""
    return {
        "title": say("How can we help?"),
        "hello": say("Hello! What can we help you with? Just write it here."),
        "open": say("Open the chat"),
        "close": say("Close the chat"),
        "conversation": say("Conversation"),
        "write": say("Write a message"),
        "send": say("Send"),
        "cancel": say("Cancel"),
        "attach": say("Attach files"),
        "remove": say("Remove"),
        "unread": say("new messages"),
        "you": say("You"),
        "desk": say("Support"),
        "coming": say("on its way…"),
        "optional": say("optional"),
        "choose": say("Choose…"),
        "offline": say(
            "Nobody is here right now. Write all the same: the answer comes here, and waits for you."
        ),
        "name": say("Your name"),
        "email": say("Your e-mail address"),
        "save": say("Save"),
        "lost": say("We cannot be reached at the moment. Please try again."),
    }
