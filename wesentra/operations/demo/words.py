"""What the invented company, its customers and their people are called, and what they talk about.

Nobody here exists. Telephone numbers begin with 049, which the numbering plan has given to nobody;
business IDs lie below the first that was ever issued, with right check digits.
"""

GIVEN_FI = (
    "Aleksi Anni Antti Arja Eero Eeva Elina Emilia Erkki Hanna Heidi Heikki Helena Iida Ilkka "
    "Jaana Jari Jenni Johanna Jukka Kaisa Kari Katja Kirsi Laura Leena Markus Matti Mervi Mika "
    "Minna Niko Noora Olli Outi Pasi Petri Päivi Reetta Riikka Saara Sami Sanna Seppo Tiina "
    "Timo Tuomas Ulla Veera Ville"
).split()
FAMILY_FI = (
    "Aaltonen Ahonen Anttila Hakala Harju Heikkinen Heinonen Hietala Hämäläinen Jokinen "
    "Järvinen Kallio Karjalainen Kettunen Kinnunen Koivisto Korhonen Koskinen Kukkonen Laaksonen "
    "Lahtinen Laine Lampinen Lehtonen Leppänen Manninen Mattila Mikkola Mustonen Mäkelä "
    "Niskanen Nurmi Ojala Paavola Pulkkinen Räsänen Saarinen Salminen Savolainen Seppälä "
    "Tikkanen Toivonen Turunen Vainio Vuorinen Väisänen Ylönen Yli-Jokipii Äijälä Öhman"
).split()
GIVEN_SV = (
    "Anders Annika Björn Camilla Christina Erik Fredrik Gunilla Henrik Ingrid Johan Karin "
    "Lars Linnéa Maria Mats Nina Oskar Peter Ulrika"
).split()
FAMILY_SV = (
    "Backman Björklund Eklund Forsblom Fagerström Gustafsson Holmberg Häggman Karlsson "
    "Lindqvist Nyberg Nylund Sandström Sjöberg Stenvall Söderholm Wikström Åkerlund Österberg"
).split()
TITLES_FI = (
    "toimitusjohtaja",
    "myyntipäällikkö",
    "ostaja",
    "talouspäällikkö",
    "toimistosihteeri",
    "projektipäällikkö",
    "huoltopäällikkö",
    "reskontranhoitaja",
    "tuotantopäällikkö",
    "varastopäällikkö",
    "asiakaspalvelija",
    "laatupäällikkö",
)
TITLES_SV = (
    "verkställande direktör",
    "försäljningschef",
    "inköpare",
    "ekonomichef",
    "kontorssekreterare",
    "projektledare",
    "servicechef",
)
PLACES = (
    ("00100", "Helsinki"),
    ("00530", "Helsinki"),
    ("02100", "Espoo"),
    ("01300", "Vantaa"),
    ("33100", "Tampere"),
    ("20100", "Turku"),
    ("90100", "Oulu"),
    ("40100", "Jyväskylä"),
    ("70100", "Kuopio"),
    ("15110", "Lahti"),
    ("28100", "Pori"),
    ("80100", "Joensuu"),
    ("53100", "Lappeenranta"),
    ("13100", "Hämeenlinna"),
)
PLACES_SV = (
    ("65100", "Vasa"),
    ("06100", "Borgå"),
    ("10600", "Ekenäs"),
    ("68600", "Jakobstad"),
    ("22100", "Mariehamn"),
)
STREETS = (
    "Asemakatu",
    "Hämeentie",
    "Kauppakatu",
    "Koulukatu",
    "Puistokatu",
    "Rantatie",
    "Satamakatu",
    "Tehtaankatu",
    "Teollisuustie",
    "Torikatu",
    "Yrittäjäntie",
)
STREETS_SV = ("Fabriksgatan", "Hamngatan", "Skolgatan", "Storgatan", "Strandvägen")

FIRMS = (
    ("Koivurannan Sähkö Oy", "contract-customer", "fi"),
    ("Pohjoisen Putki ja Pelti Oy", "contract-customer", "fi"),
    ("Kivikaari Rakennus Oy", "contract-customer", "fi"),
    ("Hopeakuusen Isännöinti Oy", "contract-customer", "fi"),
    ("Saaristons Båtservice Ab", "contract-customer", "sv"),
    ("Tuulivaaran Leipomo Oy", "contract-customer", "fi"),
    ("Mäntyharjun Huolto Oy", "contract-customer", "fi"),
    ("Norrskärs Bygg Ab", "contract-customer", "sv"),
    ("Virtakosken Konepaja Oy", "contract-customer", "fi"),
    ("Lumikellon Hoiva Oy", "prospect", "fi"),
    ("Aurinkolahden Hotelli Oy", "prospect", "fi"),
    ("Kotikulman Kiinteistöt Oy", "prospect", "fi"),
    ("Björkviks Trädgård Ab", "prospect", "sv"),
    ("Taitaja-Tiimi Oy", "prospect", "fi"),
    ("Käpälämäen Eläinpalvelut Oy", "prospect", "fi"),
    ("Esimerkkilän kaupunki", "stakeholder", "fi"),
    ("Kaukaisen Yrittäjät ry", "stakeholder", "fi"),
    ("Exempelbygdens Företagare rf", "stakeholder", "sv"),
    ("Paperiarkki Toimistotarvike Oy", "supplier", "fi"),
    ("Pilvipouta Ohjelmistot Oy", "supplier", "fi"),
    ("Sinisen Tilan Siivous Oy", "supplier", "fi"),
    ("Räystään Pelti Oy", "former-customer", "fi"),
)
SOLE_TRADERS = (
    ("Hieronta {family}", "contract-customer", "fi"),
    ("Remontti {family}", "prospect", "fi"),
    ("Firma {family} Översättningar", "supplier", "sv"),
)
STEMS = (
    "Ahvenkosken Alapihan Harjulan Hiidenmaan Hirvirannan Honkajärven Jokivarren Kaislikon "
    "Kalliokosken Kanervikon Karhulahden Kerttulan Ketunkallion Kolmikannan Kultasiiven "
    "Kuusilahden Lehtorinteen Lokkiluodon Metsäkulman Myllypuron Niittyniemen Ojanpään Onnelan "
    "Peltomaan Pihlajaveden Pikkukosken Poutasaaren Rajamäen Rantakylän Riekkotunturin Salmenkylän "
    "Sarastuksen Savikiven Suvannon Suvipihan Tammelan Tervalammen Tuomirannan Uudenkallion "
    "Vaahterikon Valkeakiven Vanhankylän Vehkalahden Vuorikylän Ylätalon"
).split()
TRADES = (
    "Apteekki Arkkitehdit Asennus Autokorjaamo Elektroniikka Energia Fysioterapia Graafinen Huolto "
    "Huonekalu Insinöörit Isännöinti Kahvila Kalusto Keittiöt Kiinteistöt Kirjapaino Koneistus "
    "Konsultointi Kuljetus Kukka Kylmälaite Laatoitus Leipomo Lukko Maalaus Maansiirto "
    "Matkailu Metalli Mittaus Muovi Nosto Ohjelmistot Painotalo Pakkaus Peruna Puutarha Rakennus "
    "Ravintola Saneeraus Siivous Sähkö Taimisto Tarvike Tekstiili Tietotekniikka Tilitoimisto "
    "Turvallisuus Vaate Valaisin Varaosa Verstas Viestintä Yhtiöt"
).split()

SOURCES = ("henkilöltä itseltään", "yrityksen verkkosivuilta", "YTJ:stä", "suositus", "messuilta")
NOTES = (
    "Tavoittaa parhaiten aamupäivisin.",
    "Haluaa laskut ensisijaisesti verkkolaskuna.",
    "Toivoo yhteydenottoja sähköpostitse.",
    "Sijainen lomien aikana on toimistosihteeri.",
    "Perjantaisin etätöissä.",
)
SUMMARIES = (
    "Kysyi laskun eräpäivää. Sovittiin uusi lasku kuun loppuun.",
    "Huoltokäynnin ajankohta sovittiin ensi viikolle.",
    "Reklamaatio toimituksesta: yksi osa puuttui, lähetetään huomenna.",
    "Kävimme läpi sopimuksen sisällön ja hinnat.",
    "Pyysi tarjousta lisätyöstä.",
    "Kiitti nopeasta palvelusta. Ei muuta.",
    "Kertoi, että laskutusosoite vaihtuu kuun vaihteessa.",
    "Sovittiin vuosipalaverin päivä.",
    "Tiedusteli toimitusaikaa. Vastattu sähköpostilla.",
)
SUMMARIES_SV = (
    "Frågade om fakturans förfallodag. Vi kom överens om en ny faktura.",
    "Kom överens om en tid för servicebesöket nästa vecka.",
    "Bad om offert på tilläggsarbete.",
)
STEPS = (
    "Lähetä päivitetty tarjous",
    "Soita tarjouksesta",
    "Tarkista laskutusosoite",
    "Sovi vuosipalaverin aika",
    "Lähetä sopimusluonnos",
    "Varmista huoltokäynnin ajankohta",
    "Kysy, menikö toimitus perille",
)
