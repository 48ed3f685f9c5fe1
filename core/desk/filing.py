"""The part of the desk that is about what new tickets get."""

from core.door import Door, question, use_case
from core.tickets import fields, kinds, learning, rule_sets, rules, trying


class Filing(Door):
    """What new tickets get, and are made of: rules, kinds, fields, and what the desk learned."""

    add_rule = use_case(rules.add)
    edit_rule = use_case(rules.edit)
    move_rule = use_case(rules.move)
    remove_rule = use_case(rules.remove)
    switch_rule = use_case(rules.switch)
    take_in_rules = use_case(rule_sets.take_in)
    compare_rules = question(rule_sets.compare)
    whole_rules = question(rule_sets.whole)
    try_rule = question(trying.try_on)
    rule = question(rules.rule)
    rules = question(rules.rules)

    ticket_kinds = question(kinds.kinds)
    add_kind = use_case(kinds.add)
    edit_kind = use_case(kinds.edit)
    remove_kind = use_case(kinds.remove)
    ticket_fields = question(fields.fields)
    asked_for = question(fields.form)
    add_field = use_case(fields.add)
    edit_field = use_case(fields.edit)
    remove_field = use_case(fields.remove)

    exercise = question(learning.exercise)
    newest_lesson = question(learning.newest_lesson)
    keep_lesson = use_case(learning.keep_lesson)
