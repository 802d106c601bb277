"""What holds of conformance resources, for who validates them and for who goes by them."""
