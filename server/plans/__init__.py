"""Operations worked out once: what to ask each resolver, and how to write down what it answers.

graphql-core finds that out anew each time, which is most of what a small answer costs. A plan does
the same work in the same order with the same errors; what it does not cover (directives, looks at
the schema) has none, and graphql-core runs it.
"""

from server.plans.operations import Plan, Planner

__all__ = ["Plan", "Planner"]
