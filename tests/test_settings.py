"""Settings: the environment over the file, and a sentence for everything that is not right."""

import stat
from pathlib import Path

import pytest
from sqlalchemy import make_url

from wesentra import instance as instances
from wesentra.refusal import Refused
from wesentra.settings import KEYS, load


def written(folder: Path, toml: str) -> Path:
    (folder / "settings.toml").write_text(toml, encoding="utf-8")
    return folder


def test_a_new_instance_needs_no_settings(tmp_path: Path) -> None:
    settings = load(tmp_path / "new", {})
    assert make_url(settings.database_url).database == str(tmp_path / "new" / "wesentra.db")
    assert settings.database_owner_url == settings.database_url
    assert (settings.language, settings.assets, settings.prompt_days) == ("fi", "cdn", 90)
    assert settings.behind_proxy is False


def test_the_environment_stands_over_the_file(tmp_path: Path) -> None:
    written(tmp_path, 'language = "sv"\nprompt_days = 30\nserver_names = ["crm.example"]\n')
    settings = load(tmp_path, {"WESENTRA_LANGUAGE": "en", "WESENTRA_BEHIND_PROXY": "yes"})
    assert (settings.language, settings.prompt_days) == ("en", 30)
    assert settings.server_names == ("crm.example",)
    assert settings.behind_proxy is True


def test_the_secret_is_made_once_and_kept_to_its_owner(tmp_path: Path) -> None:
    first = load(tmp_path / "new", {})
    assert len(first.secret_key) == 64
    assert load(tmp_path / "new", {}).secret_key == first.secret_key
    assert stat.S_IMODE((tmp_path / "new" / "secret.key").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o700
    assert first.secret_key not in repr(first)


@pytest.mark.parametrize(
    ("toml", "sentence"),
    [
        ('langauge = "fi"', "unknown setting: langauge"),
        ('language = "de"', "language cannot be 'de'"),
        ('language = ""', "language has no value"),
        ("prompt_days = 0", "prompt_days cannot be 0"),
        ("session_hours = 999999999999", "session_hours cannot be 999999999999"),
        ("prompt_days = true", "prompt_days cannot be True"),
        ('prompt_days = "many"', "prompt_days cannot be 'many'"),
        ('region = "fi"', "region cannot be 'fi'"),
        ('region = "ZZ"', "region cannot be 'ZZ'"),
        ('behind_proxy = "perhaps"', "behind_proxy cannot be 'perhaps'"),
        ('secret_key = "x"', "unknown setting: secret_key"),
        ("language = ", "cannot be read"),
        ('database_url = "mysql://localhost/x"', "not on mysql"),
        ('database_url = "sqlite:///:memory:"', "database_url cannot be"),
        ('database_url = "sqlite://"', "database_url cannot be"),
        ('database_url = "no address"', "database_url is no address of a database"),
        ('database_owner_url = "no address"', "database_owner_url is no address"),
        ('database_owner_url = "sqlite://"', "database_owner_url cannot be"),
        (
            "review_hour_from = 21",
            "review_hour_from has to be less than the setting review_hour_to",
        ),
        ("controller_name = 7", "controller_name cannot be 7"),
        ("server_names = 7", "server_names cannot be 7"),
        ("server_names = [1]", r"server_names cannot be \[1\]"),
    ],
)
def test_what_is_wrong_in_the_file_is_one_sentence(
    tmp_path: Path, toml: str, sentence: str
) -> None:
    with pytest.raises(Refused, match=sentence):
        load(written(tmp_path, toml), {})


WRONG: dict[str, tuple[str, ...]] = {
    "database_url": ("7", '"no address"', '"mysql://localhost/x"', '"postgresql://db.example/x"'),
    "database_owner_url": ("7", '"no address"', '"mysql://localhost/x"', '"sqlite://"'),
    "language": ('"de"', '"FI"', "7"),
    "assets": ('"none"', "true"),
    "controller_name": ("7", '"a\\nb"'),
    "region": ('"Suomi"', '"fi"'),
    "server_names": ("7", "[1]", '["two words"]', '["a", ""]'),
    "behind_proxy": ('"perhaps"', "2"),
    "trusted_proxies": ("7", '["proxy.example"]', '["10.0.0.1/8"]', '["0.0.0.0/0"]', '["::/0"]'),
    "tls_certificate": ("7", '"relative.pem"', '"/alone.pem"'),
    "tls_key": ("7", '"relative.key"', '"/alone.key"'),
    "jobs": ('"perhaps"', "2"),
    "log_stdout": ('"perhaps"', "2"),
    "log_copies": ('"relative/none"', "7"),
    "log_months": ("11", "61", '"two"'),
    "waiting_days": ("31", "-1", '"two"', "1.5"),
    "financial_year_ends": ('"13-01"', '"02-30"', '"1-1"', "1231"),
    "retention_percent": ("0", "101", '"two"'),
    "log_mail_to": ('"nobody"', "7"),
    "log_syslog": ('"http://host"', '"udp://two words"', '"udp://host:70000"'),
    "mail_from": ('"nobody"', "7"),
    "smtp_host": ('"two words"', "7"),
    "smtp_port": ("0", "65536"),
    "smtp_security": ('"perhaps"',),
    "smtp_user": ('"alone"', "7"),
    "smtp_password": ('"alone"', "7"),
    "review_hour_from": ("24", "20", "-1"),
    "review_hour_to": ("0", "25"),
}
NUMBERS = ("0", "-1", "1.5", "true", '"many"', "100001")


def wrong_values() -> list[tuple[str, str]]:
    """Each setting with what it cannot be; what has a number and no words of its own above."""
    own = [(key, value) for key in KEYS for value in WRONG.get(key, NUMBERS)]
    return own + [
        (key, value) for key in KEYS for value in ('""', '" "', "[]", "{a = 1}", "1979-05-27")
    ]


@pytest.mark.parametrize(("key", "value"), wrong_values())
def test_a_wrong_value_is_one_sentence_with_the_name_of_its_setting(
    tmp_path: Path, key: str, value: str
) -> None:
    with pytest.raises(Refused) as refused:
        load(written(tmp_path, f"{key} = {value}\n"), {})
    sentence = str(refused.value)
    assert key in sentence
    assert "\n" not in sentence
    assert not (tmp_path / "secret.key").exists()


@pytest.mark.parametrize("name", ["WESENTRA_LANGUGE", "WESENTRA_", "WESENTRA_SECRET_KEY"])
def test_an_unknown_setting_in_the_environment_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(Refused, match=name):
        load(tmp_path, {name: "x"})


def test_an_instance_that_cannot_be_made_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(Refused, match="cannot be"):
        load(tmp_path / "file" / "instance", {})


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://app@db.example/w",
        "postgresql://app@10.0.0.5/w?sslmode=require",
        "postgresql://app@localhost,db.example/w",
        "postgresql:///w?host=db.example",
        "postgresql://app@localhost/w?hostaddr=10.0.0.5",
        "postgresql:///w?host=127.0.0.1:5432&host=db.example:5432",
        "postgresql:///w?service=far",
    ],
)
def test_postgresql_elsewhere_has_to_prove_who_it_is(tmp_path: Path, url: str) -> None:
    with pytest.raises(Refused, match="verify-full"):
        load(tmp_path, {"WESENTRA_DATABASE_URL": url})
    with pytest.raises(Refused, match="verify-full"):
        load(tmp_path, {"WESENTRA_DATABASE_OWNER_URL": url})


def test_postgresql_elsewhere_that_proves_who_it_is_is_used(tmp_path: Path) -> None:
    url = "postgresql://app@db.example/w?sslmode=verify-full"
    used = make_url(load(tmp_path, {"WESENTRA_DATABASE_URL": url}).database_url)
    assert used.query["sslmode"] == "verify-full"


@pytest.mark.parametrize("said", ["", "&gssencmode=prefer", "&gssencmode=require"])
def test_kerberos_does_not_come_before_tls(tmp_path: Path, said: str) -> None:
    """libpq asks for it first where it can, whatever sslmode says."""
    url = f"postgresql://app@db.example/w?sslmode=verify-full{said}"
    used = make_url(load(tmp_path, {"WESENTRA_DATABASE_URL": url}).database_url)
    assert used.query["gssencmode"] == "disable"


def test_a_service_of_libpq_may_lead_a_local_name_elsewhere(tmp_path: Path) -> None:
    """A service file may have a hostaddr, which comes before the name."""
    environ = {"WESENTRA_DATABASE_URL": "postgresql://app@localhost/w", "PGSERVICE": "far"}
    with pytest.raises(Refused, match="verify-full"):
        load(tmp_path, environ)


@pytest.mark.parametrize("twice", ["verify-full&sslmode=disable", "disable&sslmode=verify-full"])
def test_a_mode_that_is_said_twice_proves_nothing(tmp_path: Path, twice: str) -> None:
    url = f"postgresql://app@db.example/w?sslmode={twice}"
    with pytest.raises(Refused, match="verify-full"):
        load(tmp_path, {"WESENTRA_DATABASE_URL": url})


@pytest.mark.parametrize("name", ["PGHOST", "PGHOSTADDR", "PGSERVICE"])
def test_the_environment_of_libpq_is_looked_at_too(tmp_path: Path, name: str) -> None:
    with pytest.raises(Refused, match="verify-full"):
        load(tmp_path, {"WESENTRA_DATABASE_URL": "postgresql:///w", name: "10.0.0.5"})


@pytest.mark.parametrize(
    "url",
    [
        "postgresql:///w?host=/run/postgresql",
        "postgresql://app:secret@127.0.0.1:5432/w",
        "postgres://app@localhost/w",
        "postgresql+psycopg://app@[::1]:5432/w",
    ],
)
def test_postgresql_on_this_machine_is_used_as_it_is(tmp_path: Path, url: str) -> None:
    used = make_url(load(tmp_path, {"WESENTRA_DATABASE_URL": url}).database_url)
    assert used == make_url(url).set(drivername="postgresql+psycopg")


def test_postgresql_without_its_driver_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    with pytest.raises(Refused, match=r"wesentra\[postgresql\]"):
        load(tmp_path, {"WESENTRA_DATABASE_URL": "postgresql://app@localhost/crm"})


def test_the_instance_is_chosen_in_this_order(tmp_path: Path) -> None:
    environ = {"WESENTRA_INSTANCE": str(tmp_path / "named")}
    assert instances.choose(tmp_path / "given", environ) == tmp_path / "given"
    assert instances.choose(None, environ) == tmp_path / "named"
    assert instances.choose(None, {}).name == "instance"


def test_an_installed_program_keeps_its_instance_with_the_user(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(instances, "checkout", lambda: None)
    monkeypatch.setattr(instances.sys, "platform", "linux")
    environ = {"XDG_DATA_HOME": str(tmp_path)}
    assert instances.choose(None, environ) == tmp_path / "wesentra"


MAIL = 'log_mail_to = "a@b.example"\nmail_from = "c@d.example"\n'


@pytest.mark.parametrize(
    ("toml", "sentence"),
    [
        ('log_syslog = "http://host"', "log_syslog cannot be"),
        ('log_syslog = "udp://"', "log_syslog cannot be"),
        ('log_syslog = "tls:///dev/log"', "log_syslog cannot be"),
        ('log_syslog = "tcp://host:many"', "log_syslog cannot be"),
        ('log_mail_to = "nobody"', "log_mail_to cannot be"),
        (MAIL, "log_mail_to needs the setting smtp_host"),
        ('log_mail_to = "a@b.example"\nsmtp_host = "localhost"', "needs the setting mail_from"),
        ('smtp_user = "a"', "smtp_user needs the setting smtp_password"),
        (MAIL + 'smtp_host = "mail.example"\nsmtp_security = "none"', "unencrypted"),
        ('smtp_security = "perhaps"', "smtp_security cannot be"),
        ('mail_from = "a@b.example\\nBcc: c@d.example"', "mail_from cannot be"),
    ],
)
def test_a_receiver_of_checkpoints_that_cannot_be_one_is_refused(
    tmp_path: Path, toml: str, sentence: str
) -> None:
    with pytest.raises(Refused, match=sentence):
        load(written(tmp_path, toml), {})


def test_receivers_of_checkpoints_are_read(tmp_path: Path) -> None:
    more = 'smtp_host = "127.0.0.1"\nsmtp_security = "none"\nlog_syslog = "udp://localhost"\n'
    settings = load(written(tmp_path, MAIL + more), {"WESENTRA_LOG_MAIL_TO": "a@b.fi, c@d.fi"})
    assert settings.log_mail_to == ("a@b.fi", "c@d.fi")
    assert settings.log_syslog == "udp://localhost"


def test_the_password_of_mail_is_never_said(tmp_path: Path) -> None:
    secret = "hunter2-hunter2"
    environ = {"WESENTRA_SMTP_USER": "a", "WESENTRA_SMTP_PASSWORD": secret}
    assert secret not in repr(load(tmp_path, environ))
    with pytest.raises(Refused) as refused:
        load(written(tmp_path, "smtp_password = 12345"), {})
    assert "12345" not in str(refused.value)
