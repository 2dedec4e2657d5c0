"""The device's store: sealed entries on disk, an in-memory projection to ask. One write path, one apply path."""
