"""What a sweep says: tables, pictures and sentences made of what its folder holds."""
