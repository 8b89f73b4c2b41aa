"""The workers behind the doorbell. A message is an id; the rows decide."""
