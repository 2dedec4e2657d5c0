"""The preset dictionary of format 1's deflate: words that a first compression window would otherwise have to spell out.

Part of the format: never edit it. A better one would be format 2. Field names and codes stand last, nearest to the
data, where references to them cost least.
"""

WORDS = (
    "Praktikumsvertrag Praktikumsplatz Berufsvorbereitung Einstiegsqualifizierung Berufskolleg Berufsschule "
    "Führerschein Fahrtkosten Monatskarte Zeugnis Schulsozialarbeit Klassenlehrer Ausbildungsplatz "
    "Ausbildungsvertrag Aufenthaltserlaubnis Ausländerbehörde Schuldnerberatung Ratenzahlung Kündigung Mietvertrag "
    "Notunterkunft Krankenversicherung Hausarzt Therapie Suchtberatung Jugendgerichtshilfe Sozialstunden Polizei "
    "Familie Geschwister Großeltern Freundin Freunde Mutter Vater Eltern Bruder Schwester Handwerk Werkstatt Pflege "
    "Lager Küche Friseur Bäckerei Kfz Einzelhandel Baustelle Bewerbungsunterlagen Anschreiben Lebenslauf "
    "Vorstellungsgespräch Probearbeiten Berufsberatung Bürgergeld Kindergeld BAföG Antrag Unterlagen Formular "
    "Bescheid Jobcenter Agentur für Arbeit Jugendamt Jugendbüro Workmobil Bahnhof Haltepunkt Marktplatz Jugendhaus "
    "Schule Ausbildung Praktikum Bewerbung Arbeit Wohnung Termin Beratung Begleitung Gespräch Stimmung Telefon "
    "Nachricht vereinbart vereinbaren besprochen begleitet abgebrochen angefangen geschrieben gesprochen getroffen "
    "gekommen gegangen versprochen überlegt unsicher zuversichtlich Montag Dienstag Mittwoch Donnerstag Freitag "
    "Samstag vormittags nachmittags nächste Woche letzte Woche heute morgen gemeinsam zusammen alleine wieder noch "
    "nicht schon immer sehr gut schlecht besser kommt geht will möchte kann soll muss hat ist war wird wurde haben "
    "sein seit nach vor bei mit ohne für über unter zwischen und oder aber weil dass wenn ich er sie es wir ihm ihr "
    "ihn der die das den dem ein eine einen einer keine zum zur beim vom im am an auf aus Möchte wissen, ob . Hat "
    "erzählt, dass . Wir haben . Danach . Er sucht . Sie sucht . Braucht Hilfe bei . Fragt nach . "
)
NAMES = (
    "work_form street_work single_advice intensive_group_work other_group_offer project community_work contact_type "
    "first repeat chance crisis setting single group event place stop office street school workshop home authority "
    "employer online phone other topics/absenteeism topics/training topics/work topics/application topics/housing "
    "topics/debts topics/benefits topics/family topics/partnership topics/mental_health topics/health "
    "topics/addiction topics/violence topics/offending topics/residence_status topics/mobility topics/leisure "
    "topics/digital_media topics/other topics/school actions/informed actions/application_help actions/phone_call "
    "actions/accompanied actions/referred actions/crisis_help actions/appointment_made actions/material_handed_out "
    "actions/advised actions/listened head_counts/unknown/no_answer head_counts/under_14/ head_counts/age_25_27/ "
    "head_counts/age_21_24/ head_counts/age_18_20/female head_counts/age_14_17/male diverse review_answer verdict "
    "approved question returned comment seen record participation young_person alias given_name family_name "
    "birth_year birth_date gender languages contact safe_contact_note consent purpose data_categories given_on "
    "revoked_on form signed_here on_paper spoken task title due assignee about done_at done_note person review "
    "outing day starts ends team vehicle stops/ arrived left head_count weather observation place_note outcome "
    "next_step next_step_on municipality minutes mood people/ note draft outing encounter Esslingen am Neckar "
    "Nürtingen Kirchheim unter Teck Plochingen Ostfildern Leinfelden-Echterdingen site +00:00 +01:00 2027-01-01T "
    "2026-12-01T 2026-11-01T1 2026-"
)
DEFLATE_1 = (WORDS + NAMES).encode()
