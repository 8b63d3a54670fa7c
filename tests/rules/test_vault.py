"""Keys, sealing, blind indexes, commitments and frames."""

import base64
import os
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.settings import Settings
from app.vault import frame
from app.vault.errors import KeysUnusable, Tampered
from app.vault.keys import Keys, load_keys, make_demo_keys
from app.vault.vault import Vault

CHILD, OTHER_CHILD = "chd_one", "chd_two"
LEEDS, SHROPSHIRE = "E08000035", "E06000051"


def keys(current: str = "one", **masters: bytes) -> Keys:
    return Keys(current, masters or {"one": b"1" * 32}, index=b"i" * 32, cursor=b"c" * 32)


def settings(directory: Path, **changes: Any) -> Settings:
    return Settings(database_url="sqlite:///", public_url="http://localhost", keys_dir=directory, **changes)


def encoded(key: bytes) -> str:
    return base64.b64encode(key).decode()


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    make_demo_keys(tmp_path / "keys")
    return tmp_path / "keys"


class TestKeys:
    def test_demo_keys_are_private_and_say_what_they_are(self, directory: Path) -> None:
        assert directory.stat().st_mode & 0o777 == 0o700
        assert {path.stat().st_mode & 0o777 for path in directory.iterdir()} == {0o600}
        assert load_keys(settings(directory)).are_demo

    def test_demo_keys_never_overwrite_keys(self, directory: Path) -> None:
        before = (directory / "master.json").read_bytes()
        with pytest.raises(FileExistsError):
            make_demo_keys(directory)
        assert (directory / "master.json").read_bytes() == before

    def test_master_keys_may_come_from_the_environment_instead(self, directory: Path) -> None:
        (directory / "master.json").unlink()
        text = orjson.dumps({"current": "b", "keys": {"a": encoded(b"a" * 32), "b": encoded(b"b" * 32)}}).decode()
        loaded = load_keys(settings(directory, master_keys=text))
        assert (loaded.current, loaded.masters["b"], loaded.are_demo) == ("b", b"b" * 32, False)

    @pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o700, 0o660])
    @pytest.mark.parametrize("name", ["master.json", "index.key", "cursor.key"])
    def test_a_file_others_may_read_is_refused_with_the_way_out(self, directory: Path, name: str, mode: int) -> None:
        (directory / name).chmod(mode)
        with pytest.raises(KeysUnusable, match=f"{name} has mode {mode:04o}.*chmod 600"):
            load_keys(settings(directory))

    def test_a_read_only_file_is_accepted(self, directory: Path) -> None:
        (directory / "index.key").chmod(0o400)
        load_keys(settings(directory))

    @pytest.mark.parametrize("name", ["master.json", "index.key", "cursor.key"])
    def test_a_missing_file_is_named(self, directory: Path, name: str) -> None:
        (directory / name).unlink()
        with pytest.raises(KeysUnusable, match=f"{name} is missing"):
            load_keys(settings(directory))

    def test_a_directory_in_place_of_a_file_is_refused(self, directory: Path) -> None:
        (directory / "index.key").unlink()
        (directory / "index.key").mkdir()
        with pytest.raises(KeysUnusable, match="cannot be read"):
            load_keys(settings(directory))

    @pytest.mark.parametrize("content", [b"", b"short", b"!" * 44, base64.b64encode(b"x" * 16), b"\xff" * 44])
    def test_a_key_of_the_wrong_length_or_shape_is_refused(self, directory: Path, content: bytes) -> None:
        (directory / "index.key").write_bytes(content)
        with pytest.raises(KeysUnusable, match=r"base64 of 32 bytes.*openssl rand"):
            load_keys(settings(directory))

    @pytest.mark.parametrize(
        "document",
        [
            b"",
            b"[]",
            b"null",
            b'{"current": "a"}',
            b'{"current": "a", "keys": 7}',
            b'{"current": "a", "keys": {}}',
            b'{"current": ["a"], "keys": {}}',
            b'{"current": "a", "keys": {"a": 7}}',
            b'{"current": "a", "keys": {"a": "c2hvcnQ="}}',
            b'{"current": "", "keys": {"": "c2hvcnQ="}}',
        ],
    )
    def test_a_malformed_master_file_is_refused(self, directory: Path, document: bytes) -> None:
        (directory / "master.json").write_bytes(document)
        with pytest.raises(KeysUnusable, match=r"master\.json"):
            load_keys(settings(directory))

    def test_keys_are_never_printed(self) -> None:
        shown = repr(keys())
        assert "111" not in shown
        assert "iii" not in shown
        assert "ccc" not in shown


class TestChildKeys:
    def test_a_wrapped_key_is_unwrapped_for_its_child_and_organisation(self) -> None:
        vault = Vault(keys())
        made = vault.new_key(CHILD, LEEDS)
        assert len(made.key) == 32
        assert made.key not in made.wrapped
        assert vault.unwrap(made.wrapped, made.master_key_id, CHILD, LEEDS) == made.key

    @pytest.mark.parametrize(("child", "organisation"), [(OTHER_CHILD, LEEDS), (CHILD, SHROPSHIRE), (LEEDS, CHILD)])
    def test_a_wrapped_key_put_in_another_place_does_not_open(self, child: str, organisation: str) -> None:
        vault = Vault(keys())
        made = vault.new_key(CHILD, LEEDS)
        with pytest.raises(Tampered):
            vault.unwrap(made.wrapped, made.master_key_id, child, organisation)

    def test_a_rotated_master_key_opens_old_keys_and_rewraps_them(self) -> None:
        made = Vault(keys()).new_key(CHILD, LEEDS)
        rotated = Vault(keys("two", one=b"1" * 32, two=b"2" * 32))
        wrapped, kid = rotated.rewrap(made.wrapped, made.master_key_id, CHILD, LEEDS)
        assert kid == "two"
        assert Vault(keys("two", two=b"2" * 32)).unwrap(wrapped, kid, CHILD, LEEDS) == made.key

    def test_a_master_key_that_was_taken_away_is_asked_for(self) -> None:
        made = Vault(keys()).new_key(CHILD, LEEDS)
        with pytest.raises(KeysUnusable, match="Put the old key back"):
            Vault(keys("two", two=b"2" * 32)).unwrap(made.wrapped, made.master_key_id, CHILD, LEEDS)


class TestSealing:
    def test_the_same_words_never_look_the_same_twice(self) -> None:
        vault, key = Vault(keys()), os.urandom(32)
        assert vault.seal(key, "a", b"words") != vault.seal(key, "a", b"words")

    def test_sealed_words_open_only_in_their_place_and_under_their_key(self) -> None:
        vault, key = Vault(keys()), os.urandom(32)
        sealed = vault.seal(key, "ntf_1|child", b"words")
        assert vault.unseal(key, "ntf_1|child", sealed) == b"words"
        for wrong_key, wrong_aad in ((os.urandom(32), "ntf_1|child"), (key, "ntf_1|risks")):
            with pytest.raises(Tampered):
                vault.unseal(wrong_key, wrong_aad, sealed)

    def test_every_changed_or_missing_byte_is_noticed(self) -> None:
        vault, key = Vault(keys()), os.urandom(32)
        sealed = vault.seal(key, "a", b"words")
        for place in range(len(sealed)):
            changed = bytearray(sealed)
            changed[place] ^= 1
            for hostile in (bytes(changed), sealed[:place]):
                with pytest.raises(Tampered):
                    vault.unseal(key, "a", hostile)

    def test_what_is_the_services_own_survives_a_rotation(self) -> None:
        sealed = Vault(keys()).seal_own("assertions", "digest", b"words")
        rotated = Vault(keys("two", one=b"1" * 32, two=b"2" * 32))
        assert rotated.unseal_own("assertions", "digest", sealed) == b"words"

    def test_what_is_sealed_for_one_purpose_does_not_open_for_another(self) -> None:
        vault = Vault(keys())
        sealed = vault.seal_own("assertions", "digest", b"words")
        with pytest.raises(Tampered):
            vault.unseal_own("practitioners", "digest", sealed)

    def test_every_cut_of_what_is_the_services_own_is_noticed(self) -> None:
        vault = Vault(keys())
        sealed = vault.seal_own("assertions", "digest", b"words")
        for length in range(len(sealed)):
            with pytest.raises(Tampered):
                vault.unseal_own("assertions", "digest", sealed[:length])


class TestIndexesAndCommitments:
    def test_an_index_finds_equal_texts_of_one_purpose_only(self) -> None:
        vault = Vault(keys())
        assert vault.index("nhs", "9990000018") == vault.index("nhs", "9990000018")
        assert vault.index("nhs", "9990000018") != vault.index("local_id", "9990000018")
        assert vault.index("a", "bc") != vault.index("ab", "c")

    def test_a_commitment_follows_from_key_place_and_words(self) -> None:
        vault, key = Vault(keys()), os.urandom(32)
        commitment = vault.commitment(key, "a", b"words")
        assert commitment == vault.commitment(key, "a", b"words")
        others = ((os.urandom(32), "a", b"words"), (key, "b", b"words"), (key, "a", b"other"))
        assert commitment not in {vault.commitment(*other) for other in others}


class TestFrame:
    @given(st.dictionaries(st.from_regex(r"[a-z_]{1,30}", fullmatch=True), st.binary(max_size=80), max_size=20))
    def test_what_was_packed_is_unpacked_in_its_order(self, parts: dict[str, bytes]) -> None:
        assert list(frame.unpack(frame.pack(parts)).items()) == list(parts.items())

    def test_every_cut_and_every_addition_is_noticed(self) -> None:
        whole = frame.pack({"child": b"one", "risks": b"", "legal": b"three"})
        for hostile in (*(whole[:length] for length in range(len(whole))), whole + b"x"):
            with pytest.raises(Tampered):
                frame.unpack(hostile)

    @given(st.binary(max_size=200))
    def test_hostile_bytes_raise_nothing_else(self, data: bytes) -> None:
        try:
            parts = frame.unpack(data)
        except Tampered:
            return
        assert frame.pack(parts) == data

    def test_a_part_named_twice_is_refused(self) -> None:
        one = b"\x01a" + (0).to_bytes(4, "big")
        with pytest.raises(Tampered) as refused:
            frame.unpack(b"\x01\x02" + one + one)
        assert "twice" in refused.value.detail

    @pytest.mark.parametrize("parts", [{"": b""}, {"é": b""}, {"x" * 256: b""}, {str(n): b"" for n in range(256)}])
    def test_a_frame_that_could_not_be_read_back_is_not_made(self, parts: dict[str, bytes]) -> None:
        with pytest.raises(ValueError, match=r"part|ascii|frame"):
            frame.pack(parts)
