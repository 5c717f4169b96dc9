"""Code lists and what they imply. The lists are data (`schema/codes/`, `schema/languages/`); this package reads them.

``scheme``     an action scheme: its codes as a tree, what each code requires, and its values on scales. Pure
``reading``    a scheme's folder → a scheme, with everything that is wrong in it
``shipped``    the schemes and languages that come with the package, read once
``languages``  names of weekdays and months
"""
