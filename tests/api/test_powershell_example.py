"""The PowerShell example is not run here: what its text builds is, byte for byte, against the service."""

import hashlib
import json
import re
import time
from pathlib import Path
from uuid import uuid4

import httpx
from cryptography.hazmat.primitives.asymmetric import rsa

from app.client.folder import MOST_BYTES, read_folder
from app.security import clients
from app.security.scopes import FUNCTION_SCOPES, Function
from app.standard.batch import MOST_IN_A_BATCH
from tests.rules.signing import encoded, jwk, key_set, sign
from tests.world import LEEDS, World

SCRIPT = (Path(__file__).parents[2] / "examples/powershell/Send-PlacementNotifications.ps1").read_text("utf-8")
_PART = re.compile(
    r"'(?P<words>[^']*)'|\(ConvertTo-JsonString (?P<text>\$\w+|\"[^\"]+\")\)|(?P<number>\(\$now \+ 120\)|\$now)"
    r"|(?P<escaped>\[Uri\]::EscapeDataString)\((?:'(?P<plain>[^']*)'|(?P<from>\$\w+|\(New-Assertion \$Certificate\)))\)"
    r"|(?P<guid>\[Guid\]::NewGuid\(\)\.ToString\('N'\))|\s*\+\s*"
)

_IN_5_1 = {
    *("ConvertFrom-Json", "Export-Csv", "ForEach-Object", "Get-ChildItem", "Get-Date", "Get-Item", "Join-Path"),
    *("New-Item", "New-Object", "Resolve-Path", "Set-StrictMode", "Sort-Object", "Start-Sleep", "Test-Path"),
    *("Where-Object", "Write-Output"),
}


def built(name: str, values: dict[str, str]) -> str:
    """What the script puts into ``$name``, computed from the script's own text. Fails on a step it does not know."""
    text = re.search(rf"\${name} = ((?:[^\n]*\+\n)*[^\n]*)", SCRIPT)[1]
    made, at = "", 0
    while at < len(text):
        part = _PART.match(text, at)
        assert part, f"a step that is not known: {text[at : at + 40]}"
        made += step(part, values)
        at = part.end()
    return made


def step(part: re.Match[str], values: dict[str, str]) -> str:
    if part["words"] is not None:
        return part["words"]
    if part["text"]:
        return json.dumps(re.sub(r"\$\w+", lambda name: values[name[0]], part["text"].strip('"')))
    if part["number"]:
        return values[part["number"]]
    if part["escaped"]:
        return str(httpx.QueryParams({"x": part["plain"] or values[part["from"]]}))[2:]
    return uuid4().hex if part["guid"] else ""


def test_the_assertion_and_form_its_text_builds_get_a_token(world: World) -> None:
    key = rsa.generate_private_key(65537, 2048)
    with world.database.write() as connection:
        client = clients.register(
            connection,
            organisation=LEEDS,
            name="Nightly job",
            functions=(Function.SOCIAL_CARE,),
            scopes=FUNCTION_SCOPES[Function.SOCIAL_CARE],
            acts_for=(),
            key_set=key_set(jwk(key, "night")),
            now=world.clock(),
        )
    now = int(time.time())
    values = {"$Url": world.url, "$ClientId": client.id, "$KeyId": "night", "$Function": "social_care"}
    values |= {"$now": str(now), "($now + 120)": str(now + 120)}
    header, claims = built("header", values), built("claims", values)
    assert json.loads(header) == {"alg": "RS256", "typ": "JWT", "kid": "night"}
    assertion = sign(key, json.loads(header), json.loads(claims))
    values["(New-Assertion $Certificate)"] = assertion
    form = built("form", values)
    answer = httpx.post(
        f"{world.url}/oauth2/token",
        content=form.encode(),
        headers={"Content-Type": "application/x-www-form-urlencoded"},
    )
    assert answer.status_code == 200, answer.text
    again = httpx.post(f"{world.url}/oauth2/token", content=form.encode(), headers=dict(answer.request.headers))
    assert again.status_code == 401, "an assertion is good once"


def test_its_base64url_its_keys_and_its_batches_are_those_of_the_command(tmp_path: Path) -> None:
    assert "[Convert]::ToBase64String($Bytes).TrimEnd('=').Replace('+', '-').Replace('/', '_')" in SCRIPT
    assert encoded(b"\xfb\xff\xfe") == "-__-"
    (tmp_path / "näght.json").write_bytes(b'{"kind": "start"}')
    files, _ = read_folder(tmp_path)
    order = re.search(r"foreach \(\$part in (.+)\) \{ \$all\.Write", SCRIPT)[1]
    assert order == "($Utf8.GetBytes($Name)), ([byte[]] @(0)), $Content"
    assert files[0].key == hashlib.sha256("näght.json".encode() + bytes([0]) + b'{"kind": "start"}').hexdigest()
    assert f"$MostInABatch = {MOST_IN_A_BATCH}\n" in SCRIPT
    assert f"$MostBytes = {MOST_BYTES // 1024 // 1024}MB\n" in SCRIPT


def test_nothing_but_names_ids_and_codes_is_written_or_shown() -> None:
    shown = re.findall(r"Write-(?:Output|Host|Verbose|Warning|Error|Debug|Information) (.+)", SCRIPT)
    assert shown == [
        "'There is no *.json in the folder.'",
        '"$landed landed, $refused refused. Results: $path"',
        "$stopped",
    ]
    assert "Out-File" not in SCRIPT and "Set-Content" not in SCRIPT and "Start-Transcript" not in SCRIPT
    for thrown in re.findall(r"throw (.+?)(?: \}|\n)", SCRIPT):
        assert re.fullmatch(r"'[^']+'|\"[^\"$]*\$\(\$answer\.Status\)[^\"$]*\"", thrown), thrown


def test_it_uses_only_commands_and_syntax_of_windows_powershell_5_1() -> None:
    own = set(re.findall(r"^function ([\w-]+)", SCRIPT, re.MULTILINE))
    body = re.sub(r"<#.*?#>|(?m:^\s*#.*$)|'[^']*'", "", SCRIPT, flags=re.DOTALL)
    called = set(re.findall(r"(?<![\w$-])[A-Z][a-z]+-[A-Z]\w+", body))
    assert called - own <= _IN_5_1
    later = r"\?\?|\?\.\w|\?\[|&&|\|\||-AsHashtable|-AsByteStream|-Parallel|-SkipHttpErrorCheck|\bclean\b"
    assert re.findall(later, body) == []
