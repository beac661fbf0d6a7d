"""How does uPay start, and who is at the door?"""
