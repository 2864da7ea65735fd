"""The one thing query does besides reading: pass an acknowledgement on."""
