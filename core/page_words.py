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


def pages() -> Mapping[str, str]:
    """The words of the public pages, by the names under which their templates know them."""
    return {
        **widget(),
        "skip": say("Skip to the content"),
        "help": say("Help centre"),
        "new": say("New request"),
        "back": say("Return something"),
        "language": say("Language"),
        "search": say("Search"),
        "search_label": say("Search for help"),
        "found": say("This should help:").rstrip(" :"),
        "nothing": say("We have no article for that. Write to us, and a person answers."),
        "other": say("Other topics"),
        "helpful": say("Was this helpful?"),
        "yes": say("Yes"),
        "no": say("No"),
        "thanks": say("Thank you, that helps us."),
        "write": say("Not solved? Write to us."),
        "related": say("Related articles"),
        "missing": say("There is nothing at this address."),
        "may_help": say("These articles may help:"),
        "solved": say("👍 That solved it"),
        "your_name": say("Your name"),
        "your_email": say("Your e-mail address"),
        "request": say("Your request"),
        "lost_link": say("Lost the link to your request?"),
        "new_links": say(
            "Say with which e-mail address you wrote to us. New links to your requests go there."
        ),
        "send_links": say("Send me the links"),
        "keep": say("Keep the address of this page: whoever has it can read this and write here."),
        "transcript": say("Download the conversation"),
        "write_message": say("Write a message"),
        "order": say("Order number"),
        "ordered_with": say("The e-mail address it was ordered with"),
        "go_on": say("Continue"),
        "code_sent": say("If the order was placed with that address, a code is on its way there."),
        "code": say("The six digits from the mail"),
        "how_many": say("How many come back?"),
        "why": say("Why does it come back?"),
        "wish": say("What do you want for it?"),
        "note": say("What else should we know?"),
        "photo": say("Pictures or files"),
        "ask_return": say("Ask for the return"),
    }


def from_elsewhere() -> str:
    """Said of a form that was sent from another site."""
    return say("This came from another site. Please send it from here.")


def over(days: int) -> tuple[str, str]:
    """In place of a request that ended long ago: the heading, and what can be done."""
    return (
        say("This request is closed"),
        say(
            "It ended more than {days} days ago, so this link shows it no more. If there is "
            "something left, write to us anew.",
            days=days,
        ),
    )


def begins_anew(days: int) -> str:
    """The same in the widget, where the conversation begins anew."""
    return say(
        "Your last request ended more than {days} days ago, so it is shown here no more. If there is "
        "something left, just write: a new conversation begins.",
        days=days,
    )


def links_sent() -> tuple[str, str]:
    """Said once they named an address, whether anybody is known by it or not."""
    return (
        say("Look into your mail"),
        say("If we know this address, a mail with your links is on its way."),
    )


def too_fast() -> str:
    """Said to whoever sends too many forms."""
    return say("That was too fast. Wait a minute, and try again.")


def nothing_chosen() -> str:
    """Beneath a return of nothing."""
    return say("Nothing is chosen yet. Say how many come back.")
