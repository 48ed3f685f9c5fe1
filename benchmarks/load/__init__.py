"""Load: many live desk sessions and a stream of messages, on a server as an operator runs it."""
