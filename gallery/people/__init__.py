"""People who sign in: who they are, their passwords, their sessions, what they did."""
