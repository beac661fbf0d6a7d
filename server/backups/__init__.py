"""How does a wallet come back whole, and only whole, on another machine?"""
