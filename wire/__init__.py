"""What crosses a network between browser, gateway, origin and the pages: messages and tokens.

Imports nothing of the house; `wire.typescript` writes the same for the browser.
"""
