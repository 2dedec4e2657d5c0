"""What client and server share: operations, entries, certificates, grants, wire messages. No I/O."""
