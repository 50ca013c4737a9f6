"""Every forgery, by family."""

from tests.attacks.grading.forgeries.data import DATA
from tests.attacks.grading.forgeries.files import FILES
from tests.attacks.grading.forgeries.forgery import Forgery
from tests.attacks.grading.forgeries.objects import OBJECTS
from tests.attacks.grading.forgeries.patches import PATCHES
from tests.attacks.grading.forgeries.protocol import PROTOCOL
from tests.attacks.grading.forgeries.reading import READING
from tests.attacks.grading.forgeries.stalling import STALLING
from tests.attacks.grading.forgeries.telling import TELLING

FAMILIES: dict[str, list[Forgery]] = {
    "Objects that agree with everything": OBJECTS,
    "Odd data": DATA,
    "Patches": PATCHES,
    "Looking the answer up": READING,
    "Telling and timing": TELLING,
    "Forged messages": PROTOCOL,
    "Killing and stalling": STALLING,
    "Edited notebook files": FILES,
}
FORGERIES = [forgery for family in FAMILIES.values() for forgery in family]
