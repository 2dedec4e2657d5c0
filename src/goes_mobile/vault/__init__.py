"""Keys: unlocking, device keys, group and stream keys, grants, enrolment. Pure; the store keeps what is returned."""
