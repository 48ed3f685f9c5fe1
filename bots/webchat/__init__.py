"""Web chat: customers on any site, by a widget that shows what stands in their conversation."""
