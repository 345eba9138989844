"""A switch between network namespaces: each has one line to it, with an upload and a download rate, and all are equally far apart.

    switch.py JSON

JSON: {"delayMs": one way, "lines": [{"namespace", "address", "uploadBytesPerSecond", "downloadBytesPerSecond"}, …]};
a rate of null has no limit. The switch opens a TUN device `tun0` in each namespace, says "ready" on a line of its own, and
forwards IPv4 packets until its standard input ends. Then it prints what it did as JSON. The devices end with it.

A packet waits for its sender's line, leaves it, is under way for the delay, waits for its receiver's line, and is delivered. All
these times are computed from each other: a switch that wakes up late delivers late, but no line becomes slower for it. What the
kernel's token buckets let through at once after a pause, a line of a modem does not.

A sending line serves its flows as RFC 8290 has it, without CoDel: each in turn by bytes, and what has only just begun to send
first. A receiving line is one queue.
"""
import ctypes
import fcntl
import heapq
import json
import os
import select
import signal
import socket
import struct
import sys
import time
from collections import Counter, deque

# <sched.h>, <linux/if_tun.h>
CLONE_NEWNET = 0x40000000
TUNSETIFF = 0x400454CA
IFF_TUN = 0x0001
IFF_NO_PI = 0x1000

# RFC 8290 §4.1.2: one packet of Ethernet.
QUANTUM_BYTES = 1514
# What a line's queue holds: a second of a line of 12 Mbit/s, as Linux gives every device (txqueuelen).
QUEUE_PACKETS_MAX = 1000
# Packets taken from one device before the next one has its turn.
READS_MAX = 64
# Of real-time processes (sched(7)): above those of network.mjs. Who forwards for all must not wait for them.
PRIORITY = 2


class SendingLine:
    """A rate, and the flows that share it."""

    def __init__(self, bytes_per_second):
        self.seconds_per_byte = 1 / bytes_per_second if bytes_per_second else 0
        self.free_at = 0.0
        self.packets = 0
        self.dropped = 0
        self.flows = {}
        self.new = deque()
        self.old = deque()

    def enqueue(self, at, packet):
        key = flow_of(packet)
        flow = self.flows.get(key)
        if flow is None:
            flow = self.flows[key] = Flow(key)
            self.new.append(flow)
        flow.packets.append((at, packet))
        flow.bytes += len(packet)
        self.packets += 1
        if self.packets > QUEUE_PACKETS_MAX:
            self._drop_from_fattest()

    def leave(self, now):
        """Takes out the next packet that has begun to leave by now: (when its last byte leaves, packet), or None."""
        if self.packets == 0 or self.free_at > now:
            return None
        came_at, packet = self._next()
        self.free_at = max(self.free_at, came_at) + len(packet) * self.seconds_per_byte
        return self.free_at, packet

    def _next(self):
        while True:
            turn = self.new or self.old
            flow = turn[0]
            if flow.packets and flow.credit > 0:
                came_at, packet = flow.packets.popleft()
                flow.bytes -= len(packet)
                flow.credit -= len(packet)
                self.packets -= 1
                return came_at, packet
            turn.popleft()
            if flow.credit <= 0:
                flow.credit += QUANTUM_BYTES
                self.old.append(flow)
            elif turn is self.new:
                # Empty: it queues up once more, or it would be new again at its next packet.
                self.old.append(flow)
            else:
                del self.flows[flow.key]

    def _drop_from_fattest(self):
        flow = max(self.flows.values(), key=lambda each: each.bytes)
        _, packet = flow.packets.popleft()
        flow.bytes -= len(packet)
        self.packets -= 1
        self.dropped += 1


class Flow:
    """Packets of one connection in one direction."""

    def __init__(self, key):
        self.key = key
        self.packets = deque()
        self.bytes = 0
        self.credit = QUANTUM_BYTES


class ReceivingLine:
    """A rate, and one queue: first in, first out."""

    def __init__(self, bytes_per_second):
        self.seconds_per_byte = 1 / bytes_per_second if bytes_per_second else 0
        self.free_at = 0.0
        self.waiting = 0
        self.dropped = 0

    def take(self, at, packet):
        """When the packet's last byte has been received; None: the queue is full."""
        if self.waiting >= QUEUE_PACKETS_MAX:
            self.dropped += 1
            return None
        self.waiting += 1
        self.free_at = max(self.free_at, at) + len(packet) * self.seconds_per_byte
        return self.free_at


class Port:
    """A namespace at the switch."""

    def __init__(self, line):
        self.device = open_device(line['namespace'])
        self.address = socket.inet_aton(line['address'])
        self.sending = SendingLine(line['uploadBytesPerSecond'])
        self.receiving = ReceivingLine(line['downloadBytesPerSecond'])


class Switch:
    def __init__(self, ports, delay_s):
        self.ports = {port.device: port for port in ports}
        self.by_address = {port.address: port for port in ports}
        self.delay_s = delay_s
        # (when, number, what, port, packet): in order of time, and of their making.
        self.events = []
        self.made = 0
        self.delivered = 0
        # Deliveries by how late they were, whole milliseconds.
        self.late_ms = Counter()

    def run(self, until):
        """Forwards until the file `until` has something to read, or has ended."""
        readable = [until, *self.ports]
        while True:
            wait_s = max(0, self.events[0][0] - time.monotonic()) if self.events else None
            ready, _, _ = select.select(readable, [], [], wait_s)
            if until in ready:
                return
            for device in ready:
                self._read(self.ports[device])
            self._happen()

    def figures(self):
        ports = self.ports.values()
        dropped = sum(port.sending.dropped + port.receiving.dropped for port in ports)
        return {'delivered': self.delivered, 'dropped': dropped, 'lateMs': {'p50': self._late(0.5), 'p99': self._late(0.99)}}

    def _read(self, port):
        for _ in range(READS_MAX):
            try:
                packet = os.read(port.device, 65536)
            except BlockingIOError:
                return
            if packet[0] >> 4 == 4 and packet[16:20] in self.by_address:
                port.sending.enqueue(time.monotonic(), packet)
                self._let_go(port, time.monotonic())

    def _happen(self):
        now = time.monotonic()
        while self.events and self.events[0][0] <= now:
            at, _, what, port, packet = heapq.heappop(self.events)
            what(port, at, packet, now)

    def _let_go(self, port, now):
        """Lets the line have what it can send by now, and looks again when that has left."""
        while (left := port.sending.leave(now)) is not None:
            left_at, packet = left
            self._at(left_at + self.delay_s, self._arrive, self.by_address[packet[16:20]], packet)
            if port.sending.free_at > now:
                self._at(port.sending.free_at, self._free, port, None)

    def _free(self, port, _at, _packet, now):
        self._let_go(port, now)

    def _arrive(self, port, at, packet, _now):
        received_at = port.receiving.take(at, packet)
        if received_at is not None:
            self._at(received_at, self._deliver, port, packet)

    def _deliver(self, port, at, packet, now):
        port.receiving.waiting -= 1
        self.delivered += 1
        self.late_ms[int((now - at) * 1000)] += 1
        try:
            os.write(port.device, packet)
        except OSError:
            port.receiving.dropped += 1

    def _at(self, when, what, port, packet):
        self.made += 1
        heapq.heappush(self.events, (when, self.made, what, port, packet))

    def _late(self, share):
        sofar = 0
        for ms in sorted(self.late_ms):
            sofar += self.late_ms[ms]
            if sofar >= share * self.delivered:
                return ms
        return 0


def flow_of(packet):
    """Addresses, protocol and ports (RFC 791; the ports of TCP and UDP lie at the same place)."""
    head_bytes = (packet[0] & 15) * 4
    return packet[9], packet[12:20], packet[head_bytes : head_bytes + 4]


def open_device(namespace):
    """A TUN device in another network namespace. This process is in that namespace afterwards."""
    libc = ctypes.CDLL(None, use_errno=True)
    where = os.open(f'/run/netns/{namespace}', os.O_RDONLY)
    try:
        if libc.setns(where, CLONE_NEWNET) != 0:
            raise OSError(ctypes.get_errno(), f'cannot enter the namespace {namespace}')
    finally:
        os.close(where)
    device = os.open('/dev/net/tun', os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(device, TUNSETIFF, struct.pack('16sH22x', b'tun0', IFF_TUN | IFF_NO_PI))
    return device


def main():
    config = json.loads(sys.argv[1])
    # Ctrl-C goes to all at a terminal: who started the switch ends it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(PRIORITY))
    switch = Switch([Port(line) for line in config['lines']], config['delayMs'] / 1000)
    print('ready', flush=True)
    switch.run(until=sys.stdin.fileno())
    try:
        print(json.dumps(switch.figures()), flush=True)
    except BrokenPipeError:
        # Nobody is left to hear it, nor what Python would say of that at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == '__main__':
    main()
