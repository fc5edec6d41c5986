"""Settings: the environment, read in one place."""

import os
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from warehouse.config.settings import PUBLIC_URLS, demo_marker, read_settings
from warehouse.errors import ConfigurationError


def test_an_empty_environment_means_the_public_services():
    """Without any variable the live sources are asked and nothing is sample."""
    settings = read_settings({"BAROMETER_DATA": "/nowhere"})

    assert settings.urls == PUBLIC_URLS
    assert settings.published_file == Path("/nowhere/barometer.duckdb")
    assert (settings.credentials, settings.demo) == ({}, False)
    assert settings.credential("GITHUB_TOKEN") is None
    assert settings.credential("CLICKHOUSE_USER") == "demo"


def test_a_base_url_keeps_its_path_prefix():
    """A proxy may stand under a path of its own."""
    settings = read_settings({"PYPISTATS_URL": "http://proxy.example/pypistats/"})

    assert settings.urls["PYPISTATS_URL"] == "http://proxy.example/pypistats"


def test_an_archive_on_object_storage_has_a_mirror_in_the_cache():
    """One folder for each address and endpoint, the same each time; what is read and written stands there."""

    def of(address: str, **others: str) -> Path:
        settings = read_settings({"BAROMETER_DATA": address, "BAROMETER_CACHE": "/nowhere", **others})
        assert settings.remote == address.rstrip("/") and settings.data.parent == Path("/nowhere")
        return settings.data

    assert of("s3://bucket/a") == of("s3://bucket/a/")
    elsewhere = of("s3://bucket/a", AWS_ENDPOINT_URL="https://s3.example.org")
    assert len({of("s3://bucket/a"), of("s3://bucket/b"), of("s3://bucket"), elsewhere}) == 4
    by_default = read_settings({"BAROMETER_DATA": "s3://bucket/a", "XDG_CACHE_HOME": "/nowhere/cache"})
    assert by_default.data.parent == Path("/nowhere/cache/barometer")
    assert read_settings({"BAROMETER_DATA": "/nowhere"}).remote is None


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("gs://bucket/a", "gs://bucket"),
        ("s3://", "s3://"),
        ("s3://hunter17:hunter18@bucket/a", "s3://bucket"),
        ("s3://bucket/a b", "s3://bucket"),
        ("s3://bucket/a?endpoint=x", "s3://bucket"),
    ],
)
def test_another_address_is_refused_without_what_may_be_secret(address: str, shown: str):
    """Only S3's is promised; a login stands in the variables that AWS's own tools read."""
    told = f"^BAROMETER_DATA: found '{shown}', expected a folder, or object storage like s3://bucket/prefix"
    with pytest.raises(ConfigurationError, match=told) as raised:
        read_settings({"BAROMETER_DATA": address})
    assert "hunter" not in str(raised.value)


@pytest.mark.parametrize("text", ["yesterday", "2025-13-01T00:00:00Z", "2025-08-06T06:00:00"])
def test_a_malformed_clock_is_named_with_what_was_expected(text: str):
    """A time that cannot be read, or has no zone, is refused before anything is written."""
    with pytest.raises(ConfigurationError, match=r"BAROMETER_NOW: found .*, expected an ISO 8601 time"):
        read_settings({"BAROMETER_NOW": text})


def test_a_malformed_base_url_is_named():
    """An address without a scheme is refused."""
    with pytest.raises(ConfigurationError, match="GITHUB_API_URL: found 'localhost:1'"):
        read_settings({"GITHUB_API_URL": "localhost:1"})


ADDRESSES = (
    "HTTP_PROXY",
    "https_proxy",
    "ALL_PROXY",
    "WIKIMEDIA_URL",
    "BAROMETER_SITE_URL",
    "PREFECT_API_URL",
    "AWS_ENDPOINT_URL",
)


@pytest.mark.parametrize("name", ADDRESSES)
@pytest.mark.parametrize(
    "address",
    [
        "http://me:{}@[::1",
        "http://me:{}@host:port/",
        "http://me:{}@host:99999",
        "http://me:{}@",
        "me:{}@",
        "http://me:{} @host",
        "http://me:{}@h\u00f6st",
        "http://me:{}@host\n.example",
    ],
)
def test_a_malformed_address_is_refused_without_its_password(name: str, address: str):
    """By whomever it is read in the end, it is told here and in one line."""
    for password in ("hunt3r", "hun/t3r", "hun@t3r", "hun://t3r"):
        with pytest.raises(ConfigurationError, match=rf"^{name}: found [^\n]*, expected [^\n]*$") as told:
            read_settings({name: address.format(password)})
        assert "hun" not in str(told.value) and "t3r" not in str(told.value)


@pytest.mark.parametrize(
    "name",
    ["CLICKHOUSE_USER", "BAROMETER_NOTIFY", "PREFECT_API_AUTH_STRING", "PREFECT_SERVER_DATABASE_PASSWORD"],
)
def test_what_may_be_secret_is_refused_unseen(name: str):
    """With a control character or a sign beyond ASCII in it, in one line."""
    for wrong in ("hunt\x1ber", "hunt\x00er", "hunt\u00e9r", "hunt\u202er"):
        with pytest.raises(ConfigurationError, match=rf"^{name}: found [^\n]*, expected [^\n]*$") as told:
            read_settings({name: wrong})
        assert "hunt" not in str(told.value)


def test_an_address_of_news_may_stand_in_a_file(tmp_path: Path):
    """Where no list of processes and no environment shows it; one that cannot be read is told."""
    file = tmp_path / "notify"
    here = {"BAROMETER_NOTIFY_FILE": str(file)}
    with pytest.raises(ConfigurationError, match=r"^BAROMETER_NOTIFY_FILE: .*notify: No such file"):
        read_settings(here)
    file.write_text("mailtos://me:hunter2@example.org\njson://example.org/\n")

    assert read_settings(here).notify == "mailtos://me:hunter2@example.org\njson://example.org/"
    assert read_settings(here).secrets.values >= {"hunter2", "me:hunter2"}
    with pytest.raises(ConfigurationError, match=r"^BAROMETER_NOTIFY_FILE: found BAROMETER_NOTIFY beside it"):
        read_settings(here | {"BAROMETER_NOTIFY": "json://example.org/"})
    file.write_bytes(b"\xff\xfe")
    with pytest.raises(ConfigurationError, match=r"no text, expected a file with addresses"):
        read_settings(here)
    file.unlink()
    os.mkfifo(file)
    with pytest.raises(ConfigurationError, match=r"notify: found a pipe, expected a file with addresses"):
        read_settings(here)


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("https://example.org/new?title={title}", r"found \{title\}, expected of \{chart\}, \{figure\}, "),
        ("ftp://example.org/{chart}", "BAROMETER_CORRECTIONS_URL: found "),
        ("https://me:hunter2@example.org/{page}", "BAROMETER_CORRECTIONS_URL: found a login"),
    ],
)
def test_what_is_no_address_for_corrections_is_refused(url: str, told: str):
    """An unknown place, another scheme, a login; a web address or a letter box is taken as it is."""
    for good in (
        "https://example.org/new?title={chart}&body={page}%20{date}%20{figure}",
        "mailto:a@example.org",
    ):
        assert read_settings({"BAROMETER_CORRECTIONS_URL": good}).corrections_url == good
    with pytest.raises(ConfigurationError, match=told) as error:
        read_settings({"BAROMETER_CORRECTIONS_URL": url})
    assert "hunter2" not in str(error.value)


def test_a_login_is_not_published():
    """The site's address stands in its feeds."""
    with pytest.raises(ConfigurationError, match=r"^BAROMETER_SITE_URL: found a login") as told:
        read_settings({"BAROMETER_SITE_URL": "https://me:hunter2@example.org/"})
    assert "hunter2" not in str(told.value)


def test_the_demo_folder_carries_its_clock(tmp_path: Path):
    """A later command on the demo's folder has the demo's time, unless BAROMETER_NOW says another."""
    demo_marker(tmp_path).write_text('{"now": "2025-08-06T06:00:00+00:00", "config": "any.toml"}')
    here = {"BAROMETER_DATA": str(tmp_path)}

    assert read_settings(here).demo
    assert read_settings(here).clock() == datetime(2025, 8, 6, 6, tzinfo=UTC)
    later = read_settings(here | {"BAROMETER_NOW": "2026-01-01T01:00:00+01:00"})
    assert later.clock() == datetime(2026, 1, 1, tzinfo=UTC)


def test_credentials_are_not_shown():
    """No token or key is in the text of the settings."""
    settings = read_settings({"GITHUB_TOKEN": "ghp_secret", "STACKEXCHANGE_KEY": "se_secret"})

    assert settings.credential("GITHUB_TOKEN") == "ghp_secret"
    assert "secret" not in repr(settings)


@pytest.mark.parametrize("name", ["GITHUB_TOKEN", "STACKEXCHANGE_KEY"])
def test_a_credential_that_no_header_can_hold_is_refused_unseen(name: str):
    """A line end around it is none of it; within it, the failing request would show the credential."""
    settings = read_settings({name: " secret\r\n"})
    assert "secret" in settings.credentials.values()
    for wrong in ("sec\nret", "sec ret", "s\u00e9cret"):
        with pytest.raises(
            ConfigurationError, match=rf"^{name}: found a blank, a line end or a sign"
        ) as told:
            read_settings({name: wrong})
        assert "ret" not in str(told.value)


def test_the_environment_s_contact_goes_before_the_configuration_s(tmp_path: Path):
    """One in the file is used where the environment has none; a file that cannot be read has none."""
    config = tmp_path / "ecosystem.toml"
    here = {"BAROMETER_CONFIG": str(config)}
    assert read_settings(here).contact is None

    config.write_text('contact = "https://example.org/~ops"')
    assert read_settings(here).contact == "https://example.org/~ops"
    assert read_settings(here | {"BAROMETER_CONTACT": "ops@example.org\n"}).contact == "ops@example.org"
    for wrong in ("contact = 3", 'contact = "somebody"', "contact = "):
        config.write_text(wrong)
        assert read_settings(here).contact is None


@pytest.mark.parametrize(
    "text",
    [
        "somebody",
        "a@b",
        "ops@example.org, root@example.org",
        "Ops <ops@example.org>",
        "ops@example.org\nX: y",
        "\u00f6ps@example.org",
        "ftp://example.org/",
        "https://example.org/(ops)",
        'https://example.org/"',
        f"https://example.org/{'o' * 200}",
    ],
)
def test_a_contact_is_one_address_that_a_header_can_hold(text: str):
    """Anything else is refused, with what was found and expected."""
    with pytest.raises(
        ConfigurationError, match=r"BAROMETER_CONTACT: found .*, expected an e-mail address or"
    ):
        read_settings({"BAROMETER_CONTACT": text})


@pytest.mark.parametrize(
    ("given", "limit"),
    [
        (None, "40%"),
        ("", "40%"),
        ("2GB", "800MB"),
        ("2 GiB", "858MB"),
        ("1.5gb", "600MB"),
        ("3000 MB", "1200MB"),
    ],
)
def test_duckdb_counts_a_part_of_the_memory_that_a_build_may_take(given: str | None, limit: str):
    """Of what is given, else of the machine's: as much again is not counted, and Python has a share."""
    environment = {"BAROMETER_DATA": "/nowhere"} | ({} if given is None else {"BAROMETER_MEMORY": given})

    assert read_settings(environment).memory_limit == limit
    with duckdb.connect() as connection:
        connection.execute(f"set memory_limit = '{limit}'")


@pytest.mark.parametrize("given", ["2", "much", "-1GB", "40%", "500MB", "1e9GB", "2GB; select 1", "nanGB"])
def test_too_little_memory_or_none_is_refused(given: str):
    """A limit under which builds were never seen to end is none to begin with."""
    with pytest.raises(
        ConfigurationError, match=r"^BAROMETER_MEMORY: found .*, expected 1GB or more, like 2GB"
    ):
        read_settings({"BAROMETER_MEMORY": given})
