"""Send a placement notification and acknowledge it, the way two councils' systems would.

It needs httpx and python-jose, a running service, and a client file for each side: JSON with ``client_id``,
``kid`` and ``key``, the name of the private key in PEM beside it. ``make run`` makes them under ``var/clients``:

    .venv/bin/python examples/send_and_acknowledge.py

With your own, registered by ``placement-notify clients add``:

    python examples/send_and_acknowledge.py --url https://notify.example --sender leeds.json --host shropshire.json
"""

import argparse
import json
import time
from pathlib import Path
from uuid import uuid4

import httpx
from jose import jwt

HERE = Path(__file__).parent
MINIMUM = HERE / "documents" / "start_emergency_minimum.json"


def get_token(url, client_file, function, name, role):
    """Sign an assertion that says which person is at work, and exchange it for a token. Good for ten minutes."""
    client = json.loads(client_file.read_text())
    key = (client_file.parent / client["key"]).read_text()
    now = int(time.time())
    assertion = jwt.encode(
        {
            "iss": client["client_id"],
            "sub": client["client_id"],
            "aud": f"{url}/oauth2/token",
            "iat": now,
            "exp": now + 120,
            "jti": uuid4().hex,
            "practitioner": {"name": name, "role": role},
        },
        key,
        algorithm="ES256",
        headers={"kid": client["kid"]},
    )
    answer = httpx.post(
        f"{url}/oauth2/token",
        data={
            "grant_type": "client_credentials",
            "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            "client_assertion": assertion,
            "function": function,
        },
    )
    return checked(answer)["access_token"]


def checked(answer):
    """The answer's JSON, or an end that says what to do: every refusal names its code and the fields at fault."""
    if answer.is_success:
        return answer.json()
    problem = answer.json()
    print(f"{problem['status']} {problem['code']}: {problem['detail']}")
    for error in problem.get("errors", []):
        print(f"  {error['pointer']}: {error['message']}")
    raise SystemExit(1)


def post(service, path, document):
    """POST once. Should the network fail, send the same document again with the same Idempotency-Key."""
    key = uuid4().hex
    for attempt in range(3):
        try:
            return checked(service.post(path, json=document, headers={"Idempotency-Key": key}))
        except httpx.TransportError:
            time.sleep(2**attempt)
    raise SystemExit("The service cannot be reached. Ring the receiving team, and send it again later.")


def send(service):
    """Send the emergency minimum. The answer says who is told, what is still owed and by when."""
    document = json.loads(MINIMUM.read_text())
    document["reference"] = uuid4().hex[:12]  # your own; unique for each notification
    document["child"]["local_id"] = f"EX{uuid4().hex[:8].upper()}"
    sent = post(service, "/v1/notifications", document)
    print(f"Sent {sent['id']}")
    for each in sent["recipients"]:
        print(f"  told: {each['organisation']} {each['function']}, answer by {each['acknowledge_by']}")
    print(f"  still owed: {len(sent['outstanding'])} facts, the first due {min(x['due'] for x in sent['outstanding'])}")
    return sent["id"]


def take_on(service, notification_id):
    """Find it in the inbox, open it by name, and acknowledge it."""
    waiting, path = [], "/v1/inbox?state=unopened"
    while path:
        page = checked(service.get(path))
        waiting += [item["notification_id"] for item in page["items"]]
        path = page["next_cursor"] and f"/v1/inbox?state=unopened&cursor={page['next_cursor']}"
    if notification_id not in waiting:
        raise SystemExit("It is not in the inbox.")
    opened = checked(service.get(f"/v1/notifications/{notification_id}"))
    print(f"Opened; given: {', '.join(opened['sections_shared'])}")
    document = {"outcome": "accepted", "note": "We have rung the home."}
    acknowledged = post(service, f"/v1/notifications/{notification_id}/acknowledgements", document)
    print(f"Acknowledged at {acknowledged['at']}")


def print_board(service, notification_id):
    """What the sender sees of each recipient."""
    board = checked(service.get("/v1/sent"))["items"]
    item = next(item for item in board if item["notification_id"] == notification_id)
    for each in item["recipients"]:
        person = each["acknowledged_by"]
        state = f"acknowledged by {person['name']}" if person else "opened" if each["opened_at"] else "sent"
        print(f"  {each['organisation']} {each['function']}: {state}")


def main():
    parser = argparse.ArgumentParser(description="Send a placement notification and acknowledge it.")
    parser.add_argument("--url", default="http://127.0.0.1:8000")
    parser.add_argument("--sender", type=Path, default=Path("var/clients/leeds.json"))
    parser.add_argument("--host", type=Path, default=Path("var/clients/shropshire.json"))
    asked = parser.parse_args()

    sender = get_token(asked.url, asked.sender, "emergency_duty", "Idris Examplar", "Emergency duty social worker")
    host = get_token(asked.url, asked.host, "emergency_duty", "Seren Madeup", "Emergency duty social worker")
    with (
        httpx.Client(base_url=asked.url, headers={"Authorization": f"Bearer {sender}"}) as leeds,
        httpx.Client(base_url=asked.url, headers={"Authorization": f"Bearer {host}"}) as shropshire,
    ):
        notification_id = send(leeds)
        take_on(shropshire, notification_id)
        print_board(leeds, notification_id)


if __name__ == "__main__":
    main()
