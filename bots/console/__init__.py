"""The console: a local channel that needs no token, both sides of a conversation in the browser."""
