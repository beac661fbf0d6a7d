"""Which wires leave the house?"""
