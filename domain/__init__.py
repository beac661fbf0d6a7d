"""What is true, and what may happen?"""
