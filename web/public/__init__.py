"""Public pages: the help centre, forms, and a request by its secret link. They work without scripts."""
