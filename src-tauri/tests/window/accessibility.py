"""What a screen reader is told about the window: one line for each object, `role<TAB>name<TAB>states`.

The desktop's own accessibility bus is asked (AT-SPI), not the page.
"""

import sys
import time

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi

LIMIT = 30.0
STATES = ("FOCUSED", "CHECKED", "EXPANDABLE", "INVALID_ENTRY", "REQUIRED")


def application(name):
    begun = time.monotonic()
    while time.monotonic() - begun < LIMIT:
        desktop = Atspi.get_desktop(0)
        for index in range(desktop.get_child_count()):
            child = desktop.get_child_at_index(index)
            if child is not None and name in (child.get_name() or ""):
                yield child
        time.sleep(0.2)


def walk(node, depth=0):
    if node is None or depth > 60:
        return
    try:
        states = node.get_state_set()
        told = [state for state in STATES if states.contains(getattr(Atspi.StateType, state))]
        yield node.get_role_name(), node.get_name() or "", ",".join(told)
        for index in range(node.get_child_count()):
            yield from walk(node.get_child_at_index(index), depth + 1)
    except gi.repository.GLib.GError:
        # The page changed while it was read.
        return


def main():
    name, wanted = sys.argv[1], sys.argv[2]
    for found in application(name):
        lines = list(walk(found))
        if any(wanted in line[1] for line in lines):
            for line in lines:
                print("\t".join(part.replace("\n", " ").replace("\t", " ") for part in line))
            return 0
    print(f"no object of {name} is called {wanted}", file=sys.stderr)
    return 1


sys.exit(main())
