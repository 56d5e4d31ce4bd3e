#!/usr/bin/python3
"""OpenStack Swift with its S3 interface: proxy, account, container and object server in one process, on loopback.

Usage: object_store.py FOLDER KEY SECRET BUCKET [CERTIFICATE-KEY CERTIFICATE]

It keeps all in FOLDER, has one user and one bucket, prints its port when it is ready, and ends when its standard
input does. Signatures are verified, as the real store does that this is.
"""
import array
import os
import sys

import eventlet
import eventlet.tpool

eventlet.monkey_patch()

from eventlet import wsgi
from swift.common import ring, storage_policy, utils
from swift.common.wsgi import loadapp, make_pre_authed_request

STORAGE = """[DEFAULT]
devices = {folder}/disks
mount_check = false
fallocate_reserve = 0
[pipeline:main]
pipeline = {kind}-server
[app:{kind}-server]
use = egg:swift#{kind}
"""

PROXY = """[pipeline:main]
pipeline = catch_errors listing_formats s3api tempauth bulk slo dlo proxy-server
[app:proxy-server]
use = egg:swift#proxy
account_autocreate = true
[filter:catch_errors]
use = egg:swift#catch_errors
[filter:listing_formats]
use = egg:swift#listing_formats
[filter:s3api]
use = egg:swift#s3api
location = us-east-1
[filter:tempauth]
use = egg:swift#tempauth
user_{account}_{user} = {secret} .admin
[filter:bulk]
use = egg:swift#bulk
[filter:slo]
use = egg:swift#slo
[filter:dlo]
use = egg:swift#dlo
"""


class NoLog:
    def write(self, text):
        pass

    def flush(self):
        pass


class Cache:
    """In the place of memcached. What it may forget, it forgets at once: it holds nothing."""

    def get(self, key, *_, **__):
        return None

    def set(self, key, value, *_, **__):
        pass

    def delete(self, key, *_, **__):
        pass


def with_cache(app):
    def answer(environ, start):
        environ["swift.cache"] = Cache()
        return app(environ, start)

    return answer


def write(path, text):
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


def serve(socket, app):
    eventlet.spawn(wsgi.server, socket, app, log=NoLog(), log_output=False)


def main():
    folder, key, secret, bucket = sys.argv[1:5]
    account, user = key.split(":")
    os.makedirs(f"{folder}/disks/disk", exist_ok=True)
    write(f"{folder}/swift.conf", "[swift-hash]\nswift_hash_path_suffix = test\n")
    utils.set_swift_dir(folder)
    storage_policy.reload_storage_policies()

    sockets = {}
    for kind in ("account", "container", "object"):
        sockets[kind] = eventlet.listen(("127.0.0.1", 0))
        port = sockets[kind].getsockname()[1]
        disk = {"id": 0, "region": 1, "zone": 1, "ip": "127.0.0.1", "port": port, "device": "disk", "weight": 1}
        ring.RingData([array.array("H", [0, 0])], [disk], 31).save(f"{folder}/{kind}.ring.gz")
    for kind, socket in sockets.items():
        write(f"{folder}/{kind}.conf", STORAGE.format(folder=folder, kind=kind))
        serve(socket, loadapp(f"{folder}/{kind}.conf"))
    write(
        f"{folder}/proxy.conf",
        f"[DEFAULT]\nswift_dir = {folder}\n" + PROXY.format(account=account, user=user, secret=secret),
    )
    proxy = with_cache(loadapp(f"{folder}/proxy.conf"))
    made = make_pre_authed_request({}, "PUT", f"/v1/AUTH_{account}/{bucket}").get_response(proxy)
    if made.status_int // 100 != 2:
        sys.exit(f"{bucket}: {made.status}")
    listening = eventlet.listen(("127.0.0.1", 0))
    port = listening.getsockname()[1]
    if len(sys.argv) > 5:
        listening = eventlet.wrap_ssl(listening, keyfile=sys.argv[5], certfile=sys.argv[6], server_side=True)
    serve(listening, proxy)
    print(port, flush=True)
    while eventlet.tpool.execute(os.read, 0, 4096):
        pass


main()
