"""From a draft to posts that are live exactly once: docs/publishing.md tells how."""
