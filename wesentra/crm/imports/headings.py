"""The words over columns, in Finnish, Swedish and English, and the fields that they mean."""

from collections.abc import Iterable
from dataclasses import dataclass

from wesentra.crm.values.fold import words
from wesentra.texts import mark


@dataclass(frozen=True)
class Field:
    """A field a column can be brought into; `label` is a message id, `words` its headings."""

    key: str
    about: str
    label: str
    words: tuple[str, ...]


def _field(key: str, about: str, label: str, listing: str) -> Field:
    return Field(key, about, label, tuple(word.strip() for word in listing.split(",")))


FIELDS: dict[str, Field] = {
    field.key: field
    for field in (
        _field("company", "company", mark("Company"),
            "yritys, yrityksen nimi, yhtiö, firma, organisaatio, asiakas, asiakkaan nimi, "
            "toiminimi, företag, företagsnamn, företagets namn, bolag, organisation, kund, "
            "company, company name, organization, business name, employer, account name"),
        _field("business_id", "company", mark("Business ID"),
            "y-tunnus, ytunnus, yritystunnus, y tunnus, alv-tunnus, alv numero, fo-nummer, "
            "fo nummer, organisationsnummer, momsnummer, business id, company id, vat, vat number, "
            "vat id, registration number"),
        _field("street", "company", mark("Street address"),
            "käyntiosoite, osoite, katuosoite, lähiosoite, postiosoite, adress, gatuadress, "
            "besöksadress, postadress, address, street, street address, visiting address, "
            "business street, address 1, address line 1, address1"),
        _field("postal_code", "company", mark("Postal code"),
            "postinumero, postinro, pnro, postnummer, postnr, postal, postal code, postcode, "
            "post code, zip, zip code, business postal code"),
        _field("post_office", "company", mark("Post office"),
            "postitoimipaikka, toimipaikka, ptp, paikkakunta, kaupunki, kunta, postort, ort, stad, "
            "postanstalt, adressort, city, town, business city, post office"),
        _field("country", "company", mark("Country"),
            "maa, maakoodi, maatunnus, land, landskod, country, country code, business country"),
        _field("billing_address", "company", mark("Billing address"),
            "laskutusosoite, laskutus, laskun osoite, faktureringsadress, fakturaadress, "
            "billing address, invoice address, invoicing address"),
        _field("einvoice_address", "company", mark("E-invoice address"),
            "verkkolaskuosoite, verkkolasku, ovt, ovt-tunnus, e-fakturaadress, nätfakturaadress, "
            "e-faktura, e-invoice address, e-invoice, einvoice, einvoice address"),
        _field("einvoice_operator", "company", mark("E-invoice operator"),
            "välittäjä, välittäjätunnus, operaattori, verkkolaskuoperaattori, förmedlare, "
            "förmedlarkod, operatör, e-invoice operator, operator, operator id"),
        _field("switchboard", "company", mark("Switchboard"),
            "vaihde, puhelinvaihde, yrityksen puhelin, växel, telefonväxel, företagets telefon, "
            "switchboard, company phone, company main phone, office phone"),
        _field("name", "contact", mark("Name"),
            "yhteyshenkilö, yhteyshenkilön nimi, nimi, henkilö, kontaktperson, kontakt, namn, "
            "contact, contact person, contact name, name, full name, fullname, display name"),
        _field("given_name", "contact", mark("Given name"),
            "etunimi, etunimet, förnamn, first name, firstname, given name, forename"),
        _field("family_name", "contact", mark("Family name"),
            "sukunimi, efternamn, last name, lastname, family name, surname"),
        _field("title", "contact", mark("Title"),
            "titteli, tehtävä, tehtävänimike, nimike, asema, rooli, titel, befattning, "
            "uppgiftsbeteckning, roll, title, job title, position, role"),
        _field("phone", "contact", mark("Phone"),
            "puhelin, puhelinnumero, puh, puhnro, puh.nro, puhelinnro, matkapuhelin, matkapuh, "
            "gsm, gsm-numero, gsm-nro, kännykkä, telefon, telefonnummer, tel, tfn, mobil, "
            "mobiltelefon, phone, phone number, phone 1, phone1, telephone, mobile, mobile phone, "
            "cell, business phone"),
        _field("email", "contact", mark("E-mail"),
            "sähköposti, sähköpostiosoite, s-posti, email, e-mail, e-post, epost, "
            "e-postadress, email address, e-mail address, mail, e-mail 1 value"),
        _field("language", "contact", mark("Language"),
            "kieli, asiointikieli, språk, kontaktspråk, language"),
        _field("note", "contact", mark("Note"),
            "huomautuksia, huomautus, huomautukset, huom, muistiinpano, muistiinpanot, lisätiedot, "
            "lisätieto, kommentti, kommentit, anmärkning, anmärkningar, anteckningar, kommentar, "
            "note, notes, remark, remarks, comment, comments"),
        _field("group", "row", mark("Group"),
            "ryhmä, asiakasryhmä, rekisteröityjen ryhmä, asiakastyyppi, grupp, kundgrupp, "
            "group, customer group"),
        _field("source", "row", mark("Source of data"),
            "lähde, tietolähde, mistä saatu, källa, uppgiftskälla, source, lead source, "
            "source of data, data source"),
    )
}  # fmt: skip
"""Every field by its key, in the order in which a page offers them."""

SURE = 1.0
LIKELY = 0.6
_LIKELY_LENGTH = 4


def plain(heading: str) -> str:
    """Return a heading for comparing: folded words with one space, `E-mail*` as `e mail`."""
    return " ".join(words(heading.replace("_", " ")))


_EXACT = {plain(word): key for key, field in FIELDS.items() for word in field.words}
_PART = {
    word: key for word, key in _EXACT.items() if " " not in word and len(word) >= _LIKELY_LENGTH
}


def meaning(heading: str) -> tuple[str | None, float]:
    """Return the key of the field a heading names, and how sure that is (0 to 1)."""
    text = plain(heading)
    if text in _EXACT:
        return _EXACT[text], SURE
    for word in reversed(text.split()):
        if word in _PART:
            return _PART[word], LIKELY
    return None, 0.0


def known(cells: Iterable[str]) -> int:
    """Return how many of `cells` are headings for sure."""
    return sum(plain(cell) in _EXACT for cell in cells if len(cell) < 60)


def field_key(text: str) -> str | None:
    """Return the field that a user names in a mapping file: by key or by a known heading."""
    key = text.strip().lower()
    return key if key in FIELDS else _EXACT.get(plain(text))
