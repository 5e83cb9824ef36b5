"""A model as planner: it chooses among governed names, our grammar reads the rest.

question → candidates → prompt → draft → claims checked → governed sentence → grammar → query
"""
