"""The part of the desk that is about what is said."""

from core import posts, views
from core.door import Door, question, use_case
from core.tickets import attaching, changes, conversation, heard, reading, transcribing


class Messages(Door):
    """What is said on tickets, and what becomes of it."""

    reply = use_case(conversation.reply)
    note = use_case(conversation.note)
    hear = use_case(conversation.hear)
    correct = use_case(conversation.correct)
    unsend = use_case(conversation.unsend)
    message_edited = use_case(changes.edited)
    message_deleted = use_case(changes.deleted)
    reacted = use_case(changes.reacted)
    ask_transcript = use_case(transcribing.ask_transcript)
    transcript = question(transcribing.transcript)

    messages = question(views.messages)
    said_at = question(posts.said_at)
    file = question(attaching.kept)
    heard_last = question(heard.heard_last)
    pulse = question(posts.pulse)
    ticket_of_post = question(views.ticket_of_post)
    ticket_discussed_at = question(views.ticket_discussed_at)
    conversation = question(reading.read)
