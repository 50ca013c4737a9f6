"""Settings: sensible when nothing is set, and refused with one message when something is wrong."""

import stat
from pathlib import Path

import pytest

from server.settings import SettingsError, SmtpServer, kept_secret, read_settings


def read(folder: Path, **variables: str):
    return read_settings({"TOUCHSTONE_DATA": str(folder), **{f"TOUCHSTONE_{name}": text for name, text in variables.items()}})


def test_nothing_needs_to_be_set(tmp_path: Path) -> None:
    settings = read_settings({"HOME": str(tmp_path)})
    assert settings.data == tmp_path / ".local/share/touchstone"
    assert settings.database_url == f"sqlite:///{settings.data}/touchstone.sqlite3"
    assert settings.base_url == "http://127.0.0.1:8000"
    assert settings.sandbox == "confined"
    assert settings.smtp_url is None
    assert not settings.https


def without_a_home(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HOME", raising=False)
    monkeypatch.setattr("os.getuid", lambda: 2_123_456_789)  # as in a container that was started as some number


def test_a_user_without_a_home_needs_a_folder_for_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    without_a_home(monkeypatch)
    assert read_settings({"TOUCHSTONE_DATA": str(tmp_path)}).data == tmp_path
    assert read_settings({"XDG_DATA_HOME": str(tmp_path)}).data == tmp_path / "touchstone"
    with pytest.raises(SettingsError, match="TOUCHSTONE_DATA is not set, and the user of the server has no home folder"):
        read_settings({})
    with pytest.raises(SettingsError, match="TOUCHSTONE_DATA begins with a home folder that there is none of"):
        read_settings({"TOUCHSTONE_DATA": "~/data"})


def test_every_wrong_setting_is_named_in_one_message(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        read(tmp_path, PORT="eighty", SANDBOX="loose", BASE_URL="example.org", SECRET="short", DATABASE_URL="mysql://x")
    assert [problem.split()[0] for problem in caught.value.problems] == [
        "TOUCHSTONE_PORT",
        "TOUCHSTONE_DATABASE_URL",
        "TOUCHSTONE_BASE_URL",
        "TOUCHSTONE_SECRET",
        "TOUCHSTONE_SANDBOX",
    ]
    assert str(caught.value).startswith("5 settings are wrong:")


def test_the_message_never_shows_what_may_hold_a_password(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        read(tmp_path, SECRET="canary-a", DATABASE_URL="canary-b", SMTP_URL="canary-c", PORT="shown")
    assert "canary" not in str(caught.value)
    assert "'shown'" in str(caught.value)


def test_a_misspelt_setting_is_refused_with_the_likely_name(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"TOUCHSTONE_BASEURL is not a setting\. Did you mean TOUCHSTONE_BASE_URL\?"):
        read(tmp_path, BASEURL="https://example.org")


def test_variables_of_the_tests_are_left_alone(tmp_path: Path) -> None:
    assert read(tmp_path, TEST_POSTGRES_URL="anything").port == 8000


@pytest.mark.parametrize("number", ["0", "65536", "-1", "1.5", ""])
def test_a_port_is_a_port_or_left_out(tmp_path: Path, number: str) -> None:
    if not number:
        assert read(tmp_path, PORT=number).port == 8000
    else:
        with pytest.raises(SettingsError, match="must be a whole number from 1 to 65535"):
            read(tmp_path, PORT=number)


def test_common_spellings_of_postgres_addresses_use_the_installed_driver(tmp_path: Path) -> None:
    assert read(tmp_path, DATABASE_URL="postgres://u:p@h/d").database_url == "postgresql+psycopg://u:p@h/d"
    assert read(tmp_path, DATABASE_URL="postgresql://u:p@h/d").database_url == "postgresql+psycopg://u:p@h/d"


def test_a_mail_server_is_read_from_its_address(tmp_path: Path) -> None:
    assert read(tmp_path, SMTP_URL="smtp://a%40b:c%3Ad@mail.example.org:2525?starttls=1").smtp_url == SmtpServer(
        "mail.example.org", 2525, "a@b", "c:d", "starttls"
    )
    assert read(tmp_path, SMTP_URL="smtps://mail.example.org").smtp_url == SmtpServer("mail.example.org", 465, None, None, "tls")
    assert read(tmp_path, SMTP_URL="smtp://mail.example.org").smtp_url == SmtpServer("mail.example.org", 25, None, None, "none")


def test_the_sender_of_mails_follows_the_base_address(tmp_path: Path) -> None:
    settings = read(tmp_path, BASE_URL="https://practice.example.org/")
    assert settings.base_url == "https://practice.example.org"
    assert settings.mail_from == "touchstone@practice.example.org"
    assert settings.https


def test_a_base_address_has_no_path(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="without a path"):
        read(tmp_path, BASE_URL="https://example.org/practice")


def test_a_server_that_listens_everywhere_is_still_reached_locally(tmp_path: Path) -> None:
    assert read(tmp_path, HOST="0.0.0.0").base_url == "http://127.0.0.1:8000"
    assert read(tmp_path, HOST="::1", PORT="9000").base_url == "http://[::1]:9000"


def test_the_secret_is_made_once_and_closed_to_others(tmp_path: Path) -> None:
    first = read(tmp_path / "data").secret
    assert len(first) >= 32
    assert read(tmp_path / "data").secret == first
    assert stat.S_IMODE((tmp_path / "data" / "secret").stat().st_mode) == 0o600
    assert sorted(path.name for path in (tmp_path / "data").iterdir()) == ["secret"]


def test_two_folders_have_two_secrets(tmp_path: Path) -> None:
    assert kept_secret(tmp_path / "a") != kept_secret(tmp_path / "b")


def test_a_data_folder_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SettingsError, match="a file lies there"):
        read(tmp_path / "file")
