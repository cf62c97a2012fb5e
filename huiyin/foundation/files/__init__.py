"""Files people hand in: judged by content, cleaned, kept under random names outside the web root."""
