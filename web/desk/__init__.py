"""The staff pages: queue, tickets, articles, people, the dashboard. NiceGUI, under ``/desk``."""
