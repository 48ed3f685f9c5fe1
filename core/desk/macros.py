"""The part of the desk that is about macros."""

from core.door import Door, question, use_case
from core.tickets import finding_macros, macros, using


class Macros(Door):
    """What agents say again and again."""

    known_macros = question(finding_macros.macros)
    macro = question(finding_macros.show)
    macro_words = question(using.preview)
    add_macro = use_case(macros.add)
    edit_macro = use_case(macros.edit)
    remove_macro = use_case(macros.remove)
    translate_macro = use_case(macros.translate)
