"""libtorrent as a program for tests and benchmarks: says what happens in lines of JSON, reaches nobody but whom it is told.

    libtorrent-client.py make PATH PIECE_LENGTH TORRENT [--webseed URL]... [--tracker URL]...
    libtorrent-client.py run SOURCE FOLDER [--peer HOST:PORT]... [--tracker URL]... [--whole] [--sparing]
                             [--upload BYTES_PER_SECOND] [--download BYTES_PER_SECOND]

SOURCE is a .torrent file or a magnet link. A line of input "peer HOST:PORT" tells of another peer. Ends by SIGTERM, or when its input ends.
"""
import argparse
import json
import os
import select
import signal
import sys
import time

import libtorrent as lt


def main():
    parser = argparse.ArgumentParser()
    commands = parser.add_subparsers(required=True)
    make = commands.add_parser("make")
    make.add_argument("path")
    make.add_argument("piece_length", type=int)
    make.add_argument("torrent")
    make.add_argument("--webseed", action="append", default=[])
    make.add_argument("--tracker", action="append", default=[])
    make.set_defaults(go=make_torrent)
    run = commands.add_parser("run")
    run.add_argument("source")
    run.add_argument("folder")
    run.add_argument("--peer", action="append", default=[])
    run.add_argument("--tracker", action="append", default=[])
    run.add_argument("--whole", action="store_true", help="all of it is there; nothing is checked")
    run.add_argument("--sparing", action="store_true", help="give each piece once, as far as that can be (BEP 16)")
    run.add_argument("--upload", type=int, default=0)
    run.add_argument("--download", type=int, default=0)
    run.set_defaults(go=run_torrent)
    arguments = parser.parse_args()
    arguments.go(arguments)


def make_torrent(arguments):
    path = os.path.abspath(arguments.path)
    parent = os.path.dirname(path)
    storage = lt.file_storage()
    # In the order of names: by itself libtorrent takes a folder's files as the file system lists them.
    for file in sorted(files_below(path), key=lambda file: os.fsencode(os.path.relpath(file, parent))):
        storage.add_file(os.path.relpath(file, parent), os.path.getsize(file))
    torrent = lt.create_torrent(storage, piece_size=arguments.piece_length, flags=lt.create_torrent.v1_only)
    for url in arguments.webseed:
        torrent.add_url_seed(url)
    for url in arguments.tracker:
        torrent.add_tracker(url)
    lt.set_piece_hashes(torrent, parent)
    with open(arguments.torrent, "wb") as out:
        out.write(lt.bencode(torrent.generate()))
    info = lt.torrent_info(arguments.torrent)
    say("made", infohash=str(info.info_hash()), pieces=info.num_pieces())


def files_below(path):
    if os.path.isfile(path):
        return [path]
    return [os.path.join(folder, name) for folder, _, names in os.walk(path) for name in names]


def run_torrent(arguments):
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    session = lt.session(SETTINGS)
    handle = session.add_torrent(parameters_of(arguments))
    # The limits of a session don't hold for loopback, those of a torrent do.
    if arguments.upload:
        handle.set_upload_limit(arguments.upload)
    if arguments.download:
        handle.set_download_limit(arguments.download)
    for peer in arguments.peer:
        connect(handle, peer)
    # Until it has looked at what is there it hangs up on everybody.
    while handle.status().state in (lt.torrent_status.checking_files, lt.torrent_status.checking_resume_data):
        time.sleep(TICK_S)
    say("ready", port=session.listen_port())
    alerted, alert = os.pipe()
    os.set_blocking(alerted, False)
    session.set_alert_fd(alert)
    finished = False
    while True:
        readable, _, _ = select.select([sys.stdin, alerted], [], [], TICK_S)
        if alerted in readable:
            os.read(alerted, 4096)
        if sys.stdin in readable:
            line = sys.stdin.readline()
            if line == "":
                return
            connect(handle, line.split()[1])
        alerts = session.pop_alerts()
        status = handle.status()
        for alert in alerts:
            tell(alert, status)
        # What it has all of is verified, but not all of it need be in the files yet.
        if status.is_seeding and not finished:
            finished = True
            handle.flush_cache()
        say("stats", **figures(status), spreadPieces=spread_pieces(handle))


def spread_pieces(handle):
    """How many pieces at least one neighbour has."""
    neighbours = [peer.pieces for peer in handle.get_peer_info()]
    return sum(map(any, zip(*neighbours)))


def parameters_of(arguments):
    if arguments.source.startswith("magnet:"):
        parameters = lt.parse_magnet_uri(arguments.source)
    else:
        parameters = lt.add_torrent_params()
        parameters.ti = lt.torrent_info(arguments.source)
    parameters.save_path = arguments.folder
    parameters.trackers += arguments.tracker
    parameters.flags &= ~(lt.torrent_flags.auto_managed | lt.torrent_flags.paused)
    if arguments.whole:
        parameters.flags |= lt.torrent_flags.seed_mode
    if arguments.sparing:
        parameters.flags |= lt.torrent_flags.super_seeding
    return parameters


def connect(handle, peer):
    host, port = peer.rsplit(":", 1)
    handle.connect_peer((host.strip("[]"), int(port)))


def tell(alert, status):
    if isinstance(alert, lt.metadata_received_alert):
        say("metadata")
    elif isinstance(alert, lt.cache_flushed_alert) and status.is_seeding:
        say("whole", **figures(status))
    elif isinstance(alert, (lt.file_error_alert, lt.hash_failed_alert, lt.peer_ban_alert, lt.listen_failed_alert)):
        say("trouble", says=alert.message())


def figures(status):
    return {
        "heldBytes": status.total_wanted_done,
        "wantedBytes": status.total_wanted,
        "downBytes": status.total_payload_download,
        "upBytes": status.total_payload_upload,
        "wastedBytes": status.total_failed_bytes + status.total_redundant_bytes,
        "peers": status.num_peers,
    }


def say(event, **fields):
    print(json.dumps({"event": event, **fields}), flush=True)


TICK_S = 0.1
SETTINGS = {
    "listen_interfaces": "127.0.0.1:0",
    "enable_dht": False,
    "enable_lsd": False,
    "enable_upnp": False,
    "enable_natpmp": False,
    # Nobody else here speaks it, and waiting for that to show takes seconds.
    "enable_outgoing_utp": False,
    "enable_incoming_utp": False,
    # All of a swarm are on one address.
    "allow_multiple_connections_per_ip": True,
    "min_reconnect_time": 1,
    "min_announce_interval": 1,
    "alert_mask": lt.alert.category_t.error_notification
    | lt.alert.category_t.status_notification
    | lt.alert.category_t.storage_notification,
}

main()
