"""What does uPay stand on, and is anything known against it?"""
