"""The explorer page: one HTML file, made from the tables of a release, that shows the data to people.

    data       what the page holds: the tables, cut down to what it shows
    layout     where the nodes of the network lie, computed once so that the bytes are stable
    outlines   the coasts and borders behind the places, from Natural Earth
    render     the file itself: template, style and script with the data in it

The file asks for nothing from the network, and a content security policy holds it to that. It carries no
evidence words: the reading view shows a document only from the reader's own copy.
"""
