"""Angry words, in five languages: by some a matter is more urgent, by some it is escalated."""

FRAUD = ("scam", "abzocke", "arnaque", "estafa", "golpe")
"""What a shop is called by whoever feels cheated: a threat, and more urgent."""

THREATS = (
    *("lawyer", "attorney", "sue you", "take you to court", "legal action", "chargeback"),
    *("consumer protection", "report you", "scammers", "rip off", "ripoff", "anwalt"),
    *("rechtsanwalt", "anzeige erstatten", "verklage", "vor gericht", "betrüger"),
    *("verbraucherschutz", "verbraucherzentrale", "avocat", "porter plainte", "tribunal", "escroc"),
    *("escrocs", "signal conso", "abogado", "denunciar", "demandaré", "estafadores", "tribunales"),
    *("advogado", "processar vocês", "procon", "golpistas"),
)
"""The other threats: one is enough for an escalation."""

ANGRY = (
    *("unacceptable", "ridiculous", "outrageous", "furious", "disgusting", "pathetic", "useless"),
    *("fed up", "worst", "never again", "angry", "unverschämt", "unverschämtheit", "frechheit"),
    *("inakzeptabel", "lächerlich", "wütend", "katastrophe", "nie wieder", "saftladen"),
    *("schlimmste", "sauer", "inadmissible", "inacceptable", "scandaleux", "furieux", "furieuse"),
    *("honteux", "ras le bol", "plus jamais", "nul", "inaceptable", "ridículo", "vergüenza"),
    *("furioso", "furiosa", "pésimo", "indignante", "nunca más", "harto", "harta", "inaceitável"),
    *("absurdo", "vergonha", "péssimo", "nunca mais"),
)
"""What counts for both: two for an escalation, one for the priority."""

INSULTS = (
    *("incompetent", "joke", "disgrace", "unfähig", "incompétents", "incompétent", "incompetentes"),
    "palhaçada",
)
"""What counts for an escalation alone, like those: of people, not of the matter."""

CROSS = (
    *("terrible", "horrible", "disappointed", "enttäuscht", "decepcionado", "decepcionada", "déçu"),
    *("déçue", "cansado", "cansada", "ridícula", "raiva"),
)
"""What counts for the priority alone: somebody is sad or tired of it, and no more."""
