"""Checkpoints arrive where the administrator says, follow after an outage, and tell of a forger."""

import email
import email.policy
import re
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import update

from tests.audit.receiving import MailServer, SyslogServer, receiving
from tests.audit.test_forgery import forge, look, with_new_checkpoints
from tests.databases import Database, sqlite_only
from wesentra import clock, mail
from wesentra.app import create_app
from wesentra.audit import (
    chain,
    copies,
    deliveries,
    evidence,
    exported,
    keys,
    results,
    stored,
)
from wesentra.audit.deliveries import Delivery, LogDelivery
from wesentra.audit.targets import targets_of
from wesentra.audit.verdict import Fault, Finding, Verdict
from wesentra.models.base import db, meant_to_write
from wesentra.operations import tls
from wesentra.refusal import Refused
from wesentra.settings import Settings


@pytest.fixture(autouse=True)
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    """A checkpoint every five entries."""
    monkeypatch.setattr(chain, "CHECKPOINT_ENTRIES", 5)
    monkeypatch.setattr(stored, "CHECKPOINT_ENTRIES", 5)


@pytest.fixture
def trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """TLS of a mail server whose authority this machine knows."""
    files = tls.ensure(tmp_path / "mail")
    monkeypatch.setenv("SSL_CERT_FILE", str(files.authority))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(files.certificate, files.key)
    return context


def by_mail(settings: Settings, server: MailServer, **more: object) -> Settings:
    """Settings that send checkpoints there."""
    return replace(
        settings,
        **{  # type: ignore[arg-type]
            "log_mail_to": ("minna@example.fi",),
            "mail_from": "wesentra@example.fi",
            "smtp_host": "localhost",
            "smtp_port": server.port,
            "smtp_security": "starttls",
            **more,
        },
    )


@contextmanager
def inside(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield
        db.session.remove()


def sent(app: Flask, settings: Settings) -> None:
    """The night's signature, with everything that belongs to it."""
    with inside(app):
        evidence.checkpoint(db.engine, settings, daily=True)


def delivery(app: Flask, target: str) -> Delivery:
    with inside(app):
        return next(one for one in deliveries.all_of() if one.target == target)


def a_day_passes(app: Flask) -> None:
    """What was delivered was so yesterday."""
    with inside(app), meant_to_write(), db.engine.begin() as connection:
        yesterday = clock.now() - timedelta(days=1)
        connection.execute(update(LogDelivery).values(at=yesterday))


def checkpoints_in(text: str, folder: Path) -> list[int]:
    file = folder / "received.txt"
    file.write_text(text)
    return [one.number for one in exported.copied(file)]


# --- mail -------------------------------------------------------------------------------------


def test_a_day_s_checkpoints_are_one_message(
    app: Flask, settings: Settings, trusted: ssl.SSLContext, tmp_path: Path
) -> None:
    for number in range(1, 13):
        look(app, number)
    with receiving(MailServer(trusted, password="sesame")) as server:
        own = by_mail(settings, server, smtp_user="wesentra", smtp_password="sesame")
        sent(app, own)
        assert server.encrypted == [True]
        assert checkpoints_in(server.messages[0], tmp_path) == [1, 2, 3, 4]
        sent(app, own)  # nothing lacks
        assert len(server.messages) == 1
        look(app, 13)
        sent(app, own)  # one a day
        assert len(server.messages) == 1
        a_day_passes(app)
        sent(app, own)
        assert checkpoints_in(server.messages[1], tmp_path) == [5]
    read = email.message_from_string(server.messages[0], policy=email.policy.default)
    assert read["To"] == "minna@example.fi"
    assert "1–4" in read["Subject"]
    assert "verify --copies" in read.get_body().get_content()  # type: ignore[union-attr]
    attached = next(read.iter_attachments())  # type: ignore[attr-defined]
    assert checkpoints_in(attached.get_content(), tmp_path) == [1, 2, 3, 4]
    assert delivery(app, "mail").number == 5


@sqlite_only
def test_mail_goes_out_by_tls_from_the_first_byte(
    app: Flask, settings: Settings, trusted: ssl.SSLContext
) -> None:
    look(app, 1)
    with receiving(MailServer(trusted, at_once=True)) as server:
        sent(app, by_mail(settings, server, smtp_security="tls"))
        assert server.encrypted == [True]


@sqlite_only
@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_certificate_of_an_unknown_authority_gets_no_mail(
    app: Flask, settings: Settings, tmp_path: Path, security: str
) -> None:
    files = tls.ensure(tmp_path / "stranger")
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(files.certificate, files.key)
    look(app, 1)
    with receiving(MailServer(context, at_once=security == "tls")) as server:
        with pytest.raises(Refused, match="could not be copied"):
            sent(app, by_mail(settings, server, smtp_security=security))
        assert server.messages == []
    assert delivery(app, "mail").failed_since is not None


@sqlite_only
def test_a_wrong_password_is_said_without_the_password(
    app: Flask, settings: Settings, trusted: ssl.SSLContext
) -> None:
    look(app, 1)
    with receiving(MailServer(trusted, password="sesame")) as server:
        own = by_mail(settings, server, smtp_user="wesentra", smtp_password="Hunter-2-Hunter")
        assert "Hunter" not in repr(own)
        with pytest.raises(Refused) as refused:
            sent(app, own)
    assert str(refused.value).endswith(f"localhost:{server.port}: SMTPAuthenticationError 535.")


@sqlite_only
def test_a_receiver_that_is_not_known_there_is_a_failure_and_stays_unnamed(
    app: Flask, settings: Settings, trusted: ssl.SSLContext
) -> None:
    look(app, 1)
    with (
        receiving(MailServer(trusted, unknown=("ari@",))) as server,
        pytest.raises(Refused) as refused,
    ):
        sent(app, by_mail(settings, server, log_mail_to=("ari@example.fi",)))
    assert "ari" not in str(refused.value)
    assert delivery(app, "mail").number == 0


def test_only_a_receiver_who_did_not_take_it_is_sent_it_again(
    app: Flask, settings: Settings, trusted: ssl.SSLContext
) -> None:
    both = ("minna@example.fi", "ari@example.fi")
    look(app, 1)
    with receiving(MailServer(trusted, unknown=("ari@",))) as server:
        own = by_mail(settings, server, log_mail_to=both)
        for _hour in range(3):
            with pytest.raises(Refused, match="could not be copied"):
                sent(app, own)
            look(app, 2)
        assert [message.count("To: minna@example.fi") for message in server.messages] == [1]
        known = delivery(app, "mail")
        assert known.number == 0
        assert known.failed_since is not None
        server.unknown = ()
        sent(app, own)
        assert ["To: ari@example.fi" in message for message in server.messages] == [False, True]
    known = delivery(app, "mail")
    assert (known.number > 0, known.failed_since) == (True, None)


@sqlite_only
def test_another_place_that_fails_brings_no_more_mail(
    app: Flask, settings: Settings, trusted: ssl.SSLContext, tmp_path: Path
) -> None:
    with receiving(MailServer(trusted)) as server:
        own = replace(by_mail(settings, server), log_copies=tmp_path / "gone")
        for number in range(1, 4):
            look(app, number)
            with pytest.raises(Refused, match="could not be copied"):
                sent(app, own)
        assert len(server.messages) == 1


def test_what_lacked_during_an_outage_follows(
    app: Flask, settings: Settings, trusted: ssl.SSLContext, tmp_path: Path
) -> None:
    gone = MailServer(trusted)
    gone.close()
    look(app, 1)
    for number in range(2, 8):
        with pytest.raises(Refused, match="could not be copied"):
            sent(app, by_mail(settings, gone))
        look(app, number)
    since = delivery(app, "mail").failed_since
    assert since is not None
    with receiving(MailServer(trusted)) as server:
        sent(app, by_mail(settings, server))
    known = delivery(app, "mail")
    assert checkpoints_in(server.messages[0], tmp_path) == list(range(1, known.number + 1))
    assert (known.failed_since, len(server.messages)) == (None, 1)


@sqlite_only
def test_a_server_that_hangs_holds_up_neither_another_place_nor_the_job(
    app: Flask, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copies, "PATIENCE", 0.5)
    monkeypatch.setattr(mail, "TIMEOUT", 3)
    look(app, 1)
    with receiving(MailServer(hangs=True)) as server:
        own = replace(by_mail(settings, server), log_copies=tmp_path)
        with pytest.raises(Refused, match="timed out"):
            sent(app, own)
        assert delivery(app, "folder").number == 1
        assert delivery(app, "mail").failed_since is not None


@sqlite_only
def test_a_mail_that_was_refused_or_never_sent_needs_no_night(
    app: Flask, settings: Settings, trusted: ssl.SSLContext
) -> None:
    def soon(own: Settings) -> tuple[bool, int]:
        with inside(app):
            served = copies.Copies(targets_of(own))
            return served.lack(db.engine), served.bring(db.engine)

    look(app, 1)
    sent(app, settings)
    with receiving(MailServer(trusted)) as server:
        own = by_mail(settings, server)
        assert soon(own) == (True, 1)
        look(app, 2)
        sent(app, settings)
        assert soon(own) == (False, 0)
        with inside(app):
            deliveries.failed(db.engine, delivery_name(own))
        assert soon(own) == (True, 1)
        assert len(server.messages) == 2


def delivery_name(settings: Settings) -> str:
    """The name of the place that its first receiver of mail is."""
    return targets_of(settings)[0].name


# --- syslog -----------------------------------------------------------------------------------

HEADER = re.compile(r"<109>1 \d{4}-\d\d-\d\dT[\d:.]+\+00:00 \S+ wesentra - checkpoint - \{")


@pytest.mark.parametrize("kind", ["udp", "tcp", "tls"])
def test_syslog_gets_each_checkpoint_and_what_lacked(
    app: Flask, settings: Settings, tmp_path: Path, trusted: ssl.SSLContext, kind: str
) -> None:
    server = SyslogServer(kind, context=trusted)
    own = replace(settings, log_syslog=f"{kind}://127.0.0.1:{server.port}")
    look(app, 1)
    sent(app, own)
    first = server.wait_for(1)[0]
    server.close()
    if kind != "udp":
        length, _, first = first.partition(" ")
        assert int(length) == len(first)
    assert HEADER.match(first)
    for number in range(2, 13):
        look(app, number)
    with pytest.raises(Refused, match="could not be copied"):
        sent(app, own)
    assert delivery(app, "syslog").number == 1
    with receiving(SyslogServer(kind, port=server.port, context=trusted)) as again:
        sent(app, own)
        text = "\n".join(again.wait_for(3 if kind == "udp" else 1))
    assert checkpoints_in(text, tmp_path) == [2, 3, 4]
    known = delivery(app, "syslog")
    assert (known.number, known.failed_since) == (4, None)


@sqlite_only
def test_a_certificate_of_an_unknown_authority_gets_no_syslog(
    app: Flask, settings: Settings, tmp_path: Path
) -> None:
    files = tls.ensure(tmp_path / "stranger")
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(files.certificate, files.key)
    look(app, 1)
    with receiving(SyslogServer("tls", context=context)) as server:
        own = replace(settings, log_syslog=f"tls://127.0.0.1:{server.port}")
        with pytest.raises(Refused, match="could not be copied"):
            sent(app, own)
        assert server.received == []


@sqlite_only
@pytest.mark.parametrize("kind", ["packets", "tcp"])
def test_a_socket_of_this_machine_takes_them_too(
    app: Flask, settings: Settings, tmp_path: Path, kind: str
) -> None:
    place = str(tmp_path / "log")
    look(app, 1)
    with receiving(SyslogServer(kind, path=place)) as server:
        sent(app, replace(settings, log_syslog=place))
        assert checkpoints_in(server.wait_for(1)[0], tmp_path) == [1]


@sqlite_only
def test_a_checkpoint_made_beside_a_look_goes_out_at_once(settings: Settings) -> None:
    with receiving(SyslogServer("udp")) as server:
        own = create_app(replace(settings, log_syslog=f"udp://127.0.0.1:{server.port}"))
        look(own, 1)
        assert HEADER.match(server.wait_for(1)[0])
    with own.app_context():
        db.engine.dispose()


@sqlite_only
def test_a_place_that_hangs_does_not_hold_up_a_look(settings: Settings) -> None:
    """Its thread waits; looks are written, and no second thread comes to wait with it."""
    full = socket.create_server(("127.0.0.1", 0), backlog=0)
    port = full.getsockname()[1]
    own = create_app(replace(settings, log_syslog=f"tcp://127.0.0.1:{port}"))
    begun = time.monotonic()
    before = threading.active_count()
    for number in range(1, 40):
        look(own, number)
    assert threading.active_count() - before <= 1
    assert time.monotonic() - begun < copies.PATIENCE
    full.close()
    with own.app_context():
        db.engine.dispose()


# --- standard output, and places that are not named any more --------------------------------------


@sqlite_only
def test_the_server_s_output_gets_them(
    app: Flask, settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    look(app, 1)
    sent(app, replace(settings, log_stdout=True))
    assert checkpoints_in(capsys.readouterr().out, tmp_path) == [1]


@sqlite_only
def test_a_place_that_is_not_named_any_more_is_forgotten(app: Flask, settings: Settings) -> None:
    with inside(app):
        deliveries.failed(db.engine, "mail")
        deliveries.failed(db.engine, "syslog")
        copies.Copies(()).forget_others(db.engine)
        assert deliveries.all_of() == []


# --- what they are for --------------------------------------------------------------------------


@pytest.mark.parametrize("way", ["mail", "udp", "tcp"])
def test_a_log_made_anew_with_the_stolen_key_is_found_by_what_was_received(
    app: Flask,
    database: Database,
    settings: Settings,
    trusted: ssl.SSLContext,
    tmp_path: Path,
    way: str,
) -> None:
    for number in range(1, 13):
        look(app, number)
    if way == "mail":
        with receiving(MailServer(trusted)) as server:
            sent(app, by_mail(settings, server))
        received = "From wesentra Sun Nov 22\n" + server.messages[0]
    else:
        with receiving(SyslogServer(way)) as server:
            sent(app, replace(settings, log_syslog=f"{way}://127.0.0.1:{server.port}"))
            lines = server.wait_for(4 if way == "udp" else 1)
        received = "Nov 22 03:00:01 host other: x\n" + "\n".join(lines)
    kept = tmp_path / "kept.txt"
    kept.write_text(received)
    forge(database, with_new_checkpoints(keys.signing_key(settings.instance)))
    with inside(app):
        assert evidence.examined(db.engine, settings, "hand", None).finding is None
        found = evidence.examined(db.engine, settings, "hand", kept).finding
    assert found is not None
    assert (found.fault, found.entry) == (Fault.REWRITTEN, 2)


@sqlite_only
def test_a_copy_that_was_cut_off_is_passed_over_and_one_that_was_changed_is_not(
    app: Flask, settings: Settings, tmp_path: Path
) -> None:
    for number in range(1, 8):
        look(app, number)
    sent(app, replace(settings, log_copies=tmp_path))
    kept = tmp_path / "wesentra-checkpoints.jsonl"
    whole = kept.read_text()
    kept.write_text(whole + whole.splitlines()[0][:-30])
    with inside(app):
        assert evidence.examined(db.engine, settings, "hand", kept).finding is None
        kept.write_text(whole.replace('"last":6', '"last":5'))
        found = evidence.examined(db.engine, settings, "hand", kept).finding
        assert isinstance(found, Finding)
        kept.write_text("nothing of the kind")
        with pytest.raises(Refused, match="holds no checkpoint"):
            evidence.examined(db.engine, settings, "hand", kept)


# --- the folder is not there, or not what it was -------------------------------------------------


def examined(app: Flask, settings: Settings, by: results.By, kept: Path | None = None) -> Verdict:
    with inside(app):
        return evidence.examined(db.engine, settings, by, kept)


def stands(app: Flask) -> Finding | None:
    with inside(app):
        found = results.standing()
    assert found is not None
    return found.finding


@pytest.fixture
def share(app: Flask, settings: Settings, tmp_path: Path) -> Settings:
    """Settings that name a folder, which has taken four checkpoints."""
    folder = tmp_path / "share"
    folder.mkdir()
    own = replace(settings, log_copies=folder)
    for number in range(1, 13):
        look(app, number)
    sent(app, own)
    return own


CUT = (
    "delete from log_subject where entry_id > 6",
    "delete from log_entry where id > 6",
    "delete from log_checkpoint where last > 6",
    "update log_head set last = 6, signed = 6, hash = (select hash from log_entry where id = 6)",
    "update log_day set entries = 6, shown = 6, requests = 6",
    "update log_total set entries = 6, shown = 6, requests = 6",
)


def test_an_empty_share_settles_nothing_and_gets_nothing_anew(
    app: Flask, database: Database, share: Settings
) -> None:
    assert share.log_copies is not None
    file = share.log_copies / "wesentra-checkpoints.jsonl"
    forge(database, *CUT)
    found = examined(app, share, "job").finding
    assert found is not None
    assert found.fault == Fault.CUT
    away = file.read_text()
    file.unlink()
    lacking = examined(app, share, "job").finding
    assert lacking is not None
    assert lacking.fault == Fault.COPIES
    assert stands(app) == found
    with pytest.raises(Refused, match="does not hold what was copied there"):
        sent(app, share)
    assert not file.exists()
    assert delivery(app, "folder").failed_since is not None
    file.write_text(away)
    assert examined(app, share, "job").finding == found


@sqlite_only
@pytest.mark.parametrize("left", ["", '{"type":"checkpoint","number":"x"}\n', "first"])
def test_what_the_folder_took_and_does_not_hold_is_a_fault(
    app: Flask, share: Settings, left: str
) -> None:
    assert share.log_copies is not None
    file = share.log_copies / "wesentra-checkpoints.jsonl"
    assert examined(app, share, "job").finding is None
    file.write_text(file.read_text().splitlines()[0] + "\n" if left == "first" else left)
    found = examined(app, share, "job").finding
    assert found is not None
    assert found.fault == Fault.COPIES
    assert stands(app) == found


def test_an_old_mail_is_compared_beside_the_folder_and_not_in_its_place(
    app: Flask, database: Database, share: Settings, tmp_path: Path
) -> None:
    assert share.log_copies is not None
    old = tmp_path / "old-mail.txt"
    kept = share.log_copies / "wesentra-checkpoints.jsonl"
    old.write_text(kept.read_text().splitlines()[0])
    forge(database, *CUT)
    found = examined(app, share, "job").finding
    assert found is not None
    assert examined(app, share, "hand", old).finding == found
    without = replace(share, log_copies=None)
    assert examined(app, without, "hand", old).finding is None
    assert stands(app) == found


@sqlite_only
def test_a_folder_that_is_given_up_begins_anew(app: Flask, share: Settings) -> None:
    assert share.log_copies is not None
    (share.log_copies / "wesentra-checkpoints.jsonl").unlink()
    with pytest.raises(Refused):
        sent(app, share)
    found = examined(app, share, "job").finding
    assert stands(app) == found
    with inside(app):
        copies.Copies(()).forget_others(db.engine)
    sent(app, share)
    assert examined(app, share, "job").finding is None
    assert stands(app) is None
