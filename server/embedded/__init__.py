"""Which services does uPay bring along, so that a machine needs nothing but Python?"""
