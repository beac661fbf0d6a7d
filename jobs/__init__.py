"""What does the clock ask?"""
