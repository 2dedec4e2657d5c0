"""Ports: what the device offers (keystore, biometrics, connectivity, files, share, clock), and adapters for them."""
