"""What the world does: a monthly agent-based market of four supply chains."""
