"""Modules of JavaScript that pages share: elements from text, and a little Markdown."""
