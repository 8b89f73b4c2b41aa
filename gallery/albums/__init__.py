"""What can be done with albums and their photos. Callers own the transactions."""
