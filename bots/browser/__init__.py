"""What the channels share that are pages of ours: reading what a page asks, and showing what is said."""
