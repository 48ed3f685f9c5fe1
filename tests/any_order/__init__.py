"""Everything in any order: a model of the desk that says what each verb must come to."""
