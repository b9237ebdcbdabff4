"""Tours and lessons: files that a teacher can add to, and what reads, checks and fills them."""
