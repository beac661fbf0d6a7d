"""What may be asked?"""
