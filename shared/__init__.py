"""What two or more services really share: small pure types, the wire contract, and the drivers' adapters."""
