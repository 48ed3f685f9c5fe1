"""The site: health and the one-time link; pages for staff and public come here."""
