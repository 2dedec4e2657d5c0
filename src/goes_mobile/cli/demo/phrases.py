"""What notes of invented encounters are made of. Our own sentences; nobody said them."""

from __future__ import annotations

OPENINGS = (
    "Kam von selbst auf uns zu.",
    "Haben uns zufällig getroffen und lange geredet.",
    "War zuerst still, wurde dann offener.",
    "Kam mit zwei Freunden vorbei.",
    "Wirkt müde, schläft schlecht.",
    "Ist heute gut gelaunt.",
    "Hat auf uns gewartet.",
    "Kurzes Gespräch zwischen Bus und Schule.",
    "Wollte erst nicht reden, blieb dann eine halbe Stunde.",
    "Meldet sich nach längerer Pause wieder.",
    "Kam pünktlich zum Termin.",
    "Hat den Termin vergessen und sich entschuldigt.",
)

BY_TOPIC: dict[str, tuple[str, ...]] = {
    "school": (
        "Die Versetzung ist gefährdet, vor allem wegen Mathe.",
        "Will die Schule nicht abbrechen, kommt aber morgens nicht raus.",
        "Die Klassenlehrerin hat ein Gespräch angeboten.",
        "Überlegt, auf die zweijährige Berufsfachschule zu wechseln.",
    ),
    "absenteeism": (
        "War seit drei Wochen kaum in der Schule.",
        "Fehlt meist montags, Bauchweh vor dem ersten Fach.",
        "Geht wieder hin, aber nur zu den Fächern, die gehen.",
    ),
    "training": (
        "Sucht einen Ausbildungsplatz im Kfz-Bereich.",
        "Hat ein Probearbeiten in der Bäckerei, ist aufgeregt.",
        "Die Ausbildung ist nach der Probezeit geplatzt.",
        "Möchte etwas mit Tieren machen und kennt die Berufe noch nicht.",
        "Könnte im Herbst eine Einstiegsqualifizierung beginnen.",
    ),
    "work": (
        "Arbeitet zwei Abende in der Woche im Lager.",
        "Der Minijob ist weg, der Lohn steht noch aus.",
        "Sucht etwas zur Überbrückung bis September.",
    ),
    "application": (
        "Wir haben zwei Anschreiben zusammen geschrieben.",
        "Der Lebenslauf ist jetzt vollständig.",
        "Drei Absagen in einer Woche, das nagt.",
        "Hat eine Zusage für ein Praktikum.",
    ),
    "housing": (
        "Schläft gerade reihum bei Freunden.",
        "Zu Hause sind es fünf Leute in zwei Zimmern.",
        "Sucht ein Zimmer, die Kaution fehlt.",
        "Der Vermieter hat gekündigt, die Frist läuft.",
    ),
    "debts": (
        "Zwei Mahnungen vom Handyanbieter lagen ungeöffnet im Rucksack.",
        "Die Raten sind vereinbart, das entlastet.",
    ),
    "benefits": (
        "Der Bescheid vom Jobcenter war nicht zu verstehen, wir sind ihn durchgegangen.",
        "Für den Antrag fehlt noch die Schulbescheinigung.",
    ),
    "family": (
        "Streit mit dem Stiefvater, die Mutter hält sich raus.",
        "Passt nach der Schule auf die kleinen Geschwister auf.",
        "Zu Hause ist es ruhiger geworden.",
        "Die Oma ist die wichtigste Person.",
    ),
    "partnership": ("Trennung vor zwei Wochen, das Thema überdeckt alles.", "Die neue Beziehung tut gut."),
    "mental_health": (
        "Redet zum ersten Mal über die Angst vor vielen Leuten.",
        "Nimmt das Angebot der Beratungsstelle an, möchte aber nicht allein hin.",
        "Die Nächte sind schlecht, das Grübeln hört nicht auf.",
    ),
    "health": ("War lange nicht beim Zahnarzt.", "Hat keine Krankenversicherungskarte mehr."),
    "addiction": ("Kifft jeden Abend und will weniger.", "Seit zehn Tagen ohne, ist stolz darauf."),
    "violence": ("Am Wochenende gab es eine Schlägerei, selbst nicht beteiligt.",),
    "offending": (
        "Die Sozialstunden sind fast geschafft.",
        "Hat einen Brief vom Gericht, wir haben ihn zusammen gelesen.",
    ),
    "residence_status": ("Die Duldung läuft im Frühjahr aus.", "Der Termin bei der Ausländerbehörde steht."),
    "mobility": (
        "Ohne Führerschein kommt die Frühschicht nicht in Frage.",
        "Die Busverbindung macht den Betrieb unmöglich.",
    ),
    "leisure": ("Spielt wieder Fußball.", "Sucht einen Ort, an dem man abends sein kann.", "Viel los, gute Stimmung."),
    "digital_media": ("Bis nachts um drei am Handy.", "Wurde im Klassenchat bloßgestellt."),
    "other": ("Einfach so geredet.",),
}

BY_ACTION: dict[str, tuple[str, ...]] = {
    "listened": ("Wir haben vor allem zugehört.",),
    "informed": ("Adressen und Öffnungszeiten mitgegeben.",),
    "advised": ("Möglichkeiten zusammen sortiert.",),
    "application_help": ("Unterlagen durchgesehen und ergänzt.",),
    "phone_call": ("Gemeinsam beim Betrieb angerufen.",),
    "accompanied": ("Zum Termin begleitet.",),
    "referred": ("Kontakt zur Beratungsstelle hergestellt.",),
    "crisis_help": ("Lange geblieben, bis es wieder ging.",),
    "appointment_made": ("Nächsten Termin fest ausgemacht.",),
    "material_handed_out": ("Material mitgegeben.",),
}

GROUPS = (
    "Viel los nach Schulschluss, die meisten kennen uns.",
    "Gruppe auf der Mauer, Musik, gute Stimmung.",
    "Zwei fragen nach einem Praktikum, einer will beim nächsten Halt allein reden.",
    "Regen, alle unter dem Vordach. Tee hat geholfen.",
    "Neue Gesichter dabei, erst einmal vorgestellt.",
    "Gespräch über die Prüfungen, viele sind nervös.",
    "Streit in der Gruppe, konnte beruhigt werden.",
    "Bewerbungsrunde am Tisch, vier Lebensläufe angefangen.",
)

STEPS = (
    "Beim Betrieb nachfragen",
    "Bewerbung schicken",
    "Rückruf Schulsozialarbeit",
    "Termin bei der Berufsberatung ausmachen",
    "Unterlagen fürs Jobcenter zusammenstellen",
    "Liste mit Ausbildungsbetrieben mitbringen",
    "Zum Termin begleiten",
    "Noch einmal wegen des Zimmers telefonieren",
    "Schulbescheinigung besorgen",
    "Nachfragen, wie es gelaufen ist",
)

DONE = ("Erledigt, hat geklappt.", "Nicht erreicht, später noch einmal.", "Erledigt.", "Zusammen gemacht.")

OBSERVATIONS = (
    "Ruhig, wenig Laufkundschaft.",
    "Viele Jüngere, auch unter 14.",
    "Neue Gruppe am Brunnen.",
    "Bahnhofssicherheit war freundlich.",
    "",
    "",
)

QUESTIONS: dict[str, tuple[str, ...]] = {
    "War das ein Erstkontakt?": (
        "Ja, zum ersten Mal.",
        "Nein, wir kannten uns vom Sehen. Habe es so gelassen.",
    ),
    "Was ist als Nächstes vereinbart?": (
        "Wir telefonieren nächste Woche.",
        "Kommt am Montag noch einmal vorbei.",
        "Nichts Festes, wir sehen uns beim nächsten Halt.",
    ),
    "Wer begleitet, falls es zu einem Termin kommt?": (
        "Ich gehe mit.",
        "Das macht das Jugendbüro, ist abgesprochen.",
    ),
    "Steht hier ein Name in der Notiz?": ("Nein, das ist ein Spitzname.", "Nein, nur der Alias."),
}
"""What supervisors ask about one young person, and the answers that fit."""

QUESTIONS_ABOUT_GROUPS: dict[str, tuple[str, ...]] = {
    "Die Zahl der Jugendlichen scheint hoch. Bitte prüfen.": (
        "Habe nachgesehen, es stimmt so.",
        "Stimmt, es war Schulschluss. Wir haben beide gezählt.",
    ),
    "Waren das überwiegend neue Gesichter?": ("Zur Hälfte. Die anderen kennen wir.", "Nein, fast alle kennen uns."),
}

SAFE_CONTACT = (
    "Nur über Signal schreiben, nicht anrufen.",
    "Nicht zu Hause anrufen.",
    "Am besten nachmittags schreiben.",
    "Über die Schulsozialarbeit.",
)

ALIASES = (
    "Falke", "Lerche", "Schmetterling", "Komet", "Kiwi", "Panda", "Blitz", "Socke", "Nemo", "Pixel", "Mango", "Rabe",
    "Tiger", "Wolke", "Zimt", "Flip", "Momo", "Kralle", "Sunny", "Bär", "Echo", "Fips", "Gecko", "Hase", "Igel", "Jojo",
    "Kobold", "Libelle", "Mütze", "Nugat", "Otter", "Pfeil", "Quirl", "Rio", "Smiley", "Turbo", "Uhu", "Vulkan",
    "Wiesel", "Yoyo", "Zebra", "Amsel", "Biene", "Cosmo", "Delfin", "Elch", "Fuchs", "Grille", "Hummel", "Koi",
)  # fmt: skip

SIGNATURE = (
    "180,210 205,120 235,60 250,75 240,150 232,215 262,150 300,110 318,130 310,190 330,200 362,150 385,80 398,62 "
    "402,90 388,170 384,205 420,170 470,150 540,165 640,150 740,128;190,262 360,248 560,240"
)
"""A scribble, as :mod:`goes_mobile.records.strokes` keeps it."""
