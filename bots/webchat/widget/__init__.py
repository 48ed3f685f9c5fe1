"""The widget: modules of plain JavaScript, which `bots.webchat.script` joins; no build step."""
