"""What several screens draw of the same record: a task's line, an encounter's facts, a delivery's pill."""
