#!/usr/bin/env python3
"""What a request costs at two sizes of a collection: the same requests over few and over many records, in turn.

    sizes.py --url http://127.0.0.1:8000 [--pid PID] [--sizes 10000,1000000] [--seconds 4] [--rounds 3]

It makes a fresh account with a collection of each size (by import, of lines), drives view, lists, cursor pages and expanding
lists with wrk at each size in turn (small, large, small, large …), and prints the medians and their ratio. An author has 40
records at either size, so what an indexed filter finds is alike. The import and the export of the largest are timed, and
with --pid the memory that they took is told. Needs wrk (Debian package) and Python 3.11. Exit status 1 if any reply of a
workload was not 2xx or a cursor could not be reached.
"""
import argparse, http.client, json, re, statistics, sys, time, urllib.parse, uuid

from load import RULES, Server

AUTHOR_HAS = 40
PAGE = 30
DEEP = 10_000


class Sized(Server):
    """A server with a collection of some size, in an account of its own."""

    def seed(self, rows):
        u = self.make_tenant()
        self.people, self.posts = f"people_{u}", f"posts_{u}"
        admin = self.admin_token
        self.call("POST", "/api/v1/collections", {"name": self.people, "schema": [
            {"name": "name", "type": "text", "required": True}, {"name": "city", "type": "text"}]}, admin)
        self.call("POST", "/api/v1/collections", {"name": self.posts, "schema": [
            {"name": "title", "type": "text", "required": True}, {"name": "body", "type": "text"},
            {"name": "status", "type": "text"}, {"name": "views", "type": "number"},
            {"name": "author", "type": "reference", "collection": self.people, "on_delete": "set_null"}],
            "indexes": [{"fields": ["author", "-views"]}]}, admin)
        for name in (self.people, self.posts):
            self.call("PUT", f"/api/v1/collections/{name}/rules", dict(RULES), admin)
        self.token = self.call("POST", "/api/v1/auth/login", self.login_body)["token"]
        self.lines(self.people, ({"name": f"Person {i}", "city": f"City {i % 10}"} for i in range(max(1, rows // AUTHOR_HAS))))
        authors = self.export(self.people)
        before, start = self.peak(), time.time()
        self.lines(self.posts, (
            {"title": f"Post {i}", "body": "lorem ipsum " * 12, "status": ("draft", "live", "old")[i % 3], "views": i % 1000,
             "author": authors[i // AUTHOR_HAS % len(authors)]} for i in range(rows)))
        took = time.time() - start
        print(f"import of {rows} records: {took:.0f} s, {rows / took:.0f}/s{self.grown(before)}", flush=True)
        before, start = self.peak(), time.time()
        ids = self.export(self.posts)
        took = time.time() - start
        print(f"export of {len(ids)} records: {took:.0f} s, {len(ids) / took:.0f}/s{self.grown(before)}", flush=True)
        if len(ids) != rows:
            raise SystemExit(f"{rows} records were sent, {len(ids)} came back")
        step = max(1, len(ids) // 2000)
        self.ids, self.authors = ids[::step], authors[:: max(1, len(authors) // 500)]
        self.deep = self.cursor(min(DEEP, rows // PAGE - 2))

    def make_tenant(self):
        a, u = self.args, uuid.uuid4().hex[:8]
        admin = self.call("POST", "/api/v1/auth/login", {"account": "SY0000", "email": a.email, "password": a.password})["token"]
        account = self.call("POST", "/api/v1/accounts", {"name": f"Sizes {u}", "slug": f"sizes-{u}"}, admin)
        roles = {r["name"]: r["id"] for r in self.call("GET", "/api/v1/roles", None, admin)["items"]}
        self.login_body = {"account": f"sizes-{u}", "email": f"user-{u}@example.com", "password": "Str0ng!Passw0rd"}
        user = self.call("POST", "/api/v1/users", {"email": self.login_body["email"], "password": self.login_body["password"],
                                                   "account_id": account["id"], "role_id": roles["user"]}, admin)
        self.call("POST", f"/api/v1/users/{user['id']}/verify", None, admin)
        self.admin_token = admin
        return u

    def lines(self, collection, records):
        """Imports records as they are made, without holding them."""
        def blocks():
            block = []
            for record in records:
                block.append(json.dumps(record))
                if len(block) == 1000:
                    yield ("\n".join(block) + "\n").encode()
                    block = []
            if block:
                yield ("\n".join(block) + "\n").encode()
        c = http.client.HTTPConnection(self.base.hostname, self.base.port, timeout=3600)
        c.request("POST", f"/api/v1/records/{collection}/import?mode=skip", blocks(), encode_chunked=True, headers={
            "Content-Type": "application/x-ndjson", "Authorization": f"Bearer {self.token}", "Transfer-Encoding": "chunked"})
        reply = c.getresponse()
        text = reply.read()
        if reply.status != 200 or json.loads(text).get("skipped"):
            raise SystemExit(f"import into {collection} answered {reply.status}: {text[:300]!r}")

    def export(self, collection):
        """The ids of all records, read from an export line by line of CSV."""
        c = http.client.HTTPConnection(self.base.hostname, self.base.port, timeout=3600)
        c.request("GET", f"/api/v1/records/{collection}/export?format=csv&fields=id", headers={"Authorization": f"Bearer {self.token}"})
        reply = c.getresponse()
        if reply.status != 200:
            raise SystemExit(f"export of {collection} answered {reply.status}")
        reply.readline()
        return [line.split(b",", 1)[0].decode() for line in reply if line.strip()]

    def cursor(self, page):
        """The cursor of a page of the list, walked to in larger steps."""
        left, cursor, c = page * PAGE, "", http.client.HTTPConnection(self.base.hostname, self.base.port, timeout=120)
        while left > 0:
            limit = min(left, 100)
            c.request("GET", f"/api/v1/records/{self.posts}?fields=status&limit={limit}&cursor={urllib.parse.quote(cursor)}",
                      headers={"Authorization": f"Bearer {self.token}"})
            reply = c.getresponse()
            got = json.loads(reply.read())
            if reply.status != 200 or not got["next_cursor"]:
                raise SystemExit(f"no page {page}: {str(got)[:300]}")
            cursor, left = got["next_cursor"], left - limit
        self.page = page
        return urllib.parse.quote(cursor)

    def peak(self):
        """The most memory that the server has had, in MiB, since this was last asked."""
        if not self.pid:
            return None
        found = int(re.search(r"VmHWM:\s+(\d+)", open(f"/proc/{self.pid}/status").read())[1]) / 1024
        with open(f"/proc/{self.pid}/clear_refs", "w") as f:
            f.write("5")
        return found

    def grown(self, before):
        return "" if before is None else f", memory at most {self.peak():.0f} MiB ({self.rss():.0f} at its end)"

    def workloads(self):
        p = f"/api/v1/records/{self.posts}"
        ids = f"local ids = {{{','.join(map(json.dumps, self.ids))}}}\n"
        authors = f"local ids = {{{','.join(map(json.dumps, self.authors))}}}\n"
        by_author = f'"{p}?limit={PAGE}&filter=author%20%3D%20%22" .. ids[math.random(#ids)] .. "%22'
        return {
            "view": ids + self.lua("GET", [f'"{p}/" .. ids[math.random(#ids)]']),
            f"list of {PAGE}": self.lua("GET", [f'"{p}?limit={PAGE}"']),
            "list, indexed filter": authors + self.lua("GET", [by_author + '"']),
            "the same, ordered": authors + self.lua("GET", [by_author + '&sort=-views"']),
            "list, no total": self.lua("GET", [f'"{p}?limit={PAGE}&filter=views%20%3E%20500&skip_total=true"']),
            "cursor, first page": self.lua("GET", [f'"{p}?limit={PAGE}&cursor="']),
            "cursor, deep page": self.lua("GET", [f'"{p}?limit={PAGE}&cursor={self.deep}"']),
            "list, expanded": self.lua("GET", [f'"{p}?limit={PAGE}&expand=author"']),
            "create": self.lua("POST", [f'"{p}"'], json.dumps({"title": "A new post", "body": "lorem ipsum " * 12, "status": "live", "views": 7})),
        }


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--url", required=True)
    p.add_argument("--pid", type=int)
    p.add_argument("--sizes", default="10000,1000000")
    p.add_argument("--seconds", type=int, default=4)
    p.add_argument("--rounds", type=int, default=3)
    p.add_argument("--connections", type=int, default=8)
    p.add_argument("-k", default="", help="only the workloads whose name contains this")
    p.add_argument("--email", default="admin@example.com")
    p.add_argument("--password", default="Adm1n!Passw0rd")
    args = p.parse_args()
    sizes = [int(size) for size in args.sizes.split(",")]
    servers = [Sized(args.url, args.pid, args) for _ in sizes]
    for server, size in zip(servers, sizes):
        server.seed(size)
    failed, work = False, [server.workloads() for server in servers]
    print("deep pages: " + ", ".join(f"{s.page} of {size}" for s, size in zip(servers, sizes)))
    print(f"{'request':22} " + " | ".join(f"{size:>12} r/s {'p50 ms':>7} {'p99 ms':>7}" for size in sizes) + " | p50 ratio")
    for name in work[0]:
        if args.k not in name:
            continue
        runs = [[] for _ in servers]
        for _ in range(args.rounds):
            for i, server in enumerate(servers):
                runs[i].append(server.wrk(work[i][name], args.seconds, args.connections))
        row = [{k: statistics.median(r[k] for r in run) for k in ("rps", "p50_ms", "p99_ms")} for run in runs]
        failed |= any(r["errors"] for run in runs for r in run)
        cells = [f"{f['rps']:>16.0f} {f['p50_ms']:>7.2f} {f['p99_ms']:>7.2f}" for f in row]
        print(f"{name:22} " + " | ".join(cells) + f" | {row[-1]['p50_ms'] / row[0]['p50_ms']:.1f}x", flush=True)
    if failed:
        print("some replies were not 2xx")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
