"""What is made of a new ticket: pure judgements of what its customer wrote, each with its reasons."""
