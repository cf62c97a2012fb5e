"""What every part of the API shares: routes with their right, errors in one shape, pages by cursor, plain values."""
