"""The doorbell and the workers behind it. A message is an id; the rows decide."""
