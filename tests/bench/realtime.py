#!/usr/bin/env python3
"""Sets the stage for the realtime load generator and runs it: --url, --pid, --email, --password, and how much."""
import argparse
import json
import subprocess
import sys
import urllib.parse
import urllib.request


def call(url, method, path, body=None, token=None):
    request = urllib.request.Request(url + path, method=method, data=json.dumps(body).encode() if body is not None else None)
    request.add_header("Content-Type", "application/json")
    if token:
        request.add_header("Authorization", "Bearer " + token)
    with urllib.request.urlopen(request) as reply:
        return json.load(reply)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", required=True)
    parser.add_argument("--pid", default="")
    parser.add_argument("--email", required=True)
    parser.add_argument("--password", required=True)
    parser.add_argument("--program", required=True)
    parser.add_argument("--subscribers", type=int, default=5000)
    parser.add_argument("--changes", type=int, default=1000)
    parser.add_argument("--writers", type=int, nargs="*", default=[1, 8])
    parser.add_argument("--rule", default="", help="the list rule")
    args = parser.parse_args()

    def ask(method, path, body=None, token=None):
        return call(args.url, method, "/api/v1" + path, body, token)

    login = {"account": "SY0000", "email": args.email, "password": args.password}
    admin = ask("POST", "/auth/login", login)["token"]
    account = ask("POST", "/accounts", {"name": "Bench"}, admin)
    user = {"email": "u@bench.example.com", "password": "Str0ng!Passw0rd", "account_id": account["id"], "role": "user"}
    made = ask("POST", "/users", user, admin)
    ask("POST", f"/users/{made['id']}/verify", {}, admin)
    login = {"account": account["account_code"], "email": user["email"], "password": user["password"]}
    token = ask("POST", "/auth/login", login)["token"]
    address = urllib.parse.urlsplit(args.url).netloc
    for number, writers in enumerate(args.writers):
        fields = [{"name": "title", "type": "text"}, {"name": "body", "type": "text"}, {"name": "n", "type": "number"}]
        rules = {f"{name}_rule": "" for name in ("view", "create", "update", "delete")}
        ask("POST", "/collections", {"name": f"bench{number}", "schema": fields, "list_rule": args.rule, **rules}, admin)
        command = [args.program, address, token, f"bench{number}", str(args.subscribers), str(args.changes), str(writers)]
        subprocess.run(command + ([args.pid] if args.pid else []), check=True)
        sys.stdout.flush()


if __name__ == "__main__":
    main()
