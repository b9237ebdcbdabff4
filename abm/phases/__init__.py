"""The phases of the month, by theme: governing, making, trading, building, accounts."""
