"""E-mail, as far as it goes today: what the desk itself sends, such as codes."""
