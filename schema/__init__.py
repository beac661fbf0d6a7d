"""What does a client see?"""
