"""A TCP proxy that does to connections what networks do: stalls, resets, cuts, flips bits, or is not there at all."""
import contextlib
import random
import socket
import struct
import threading
import time

KINDS = ("stall", "reset", "cut", "flip")


class Proxy:
    """In front of a port of this machine. With a `gap`, in seconds, one fault follows the other with so much between them on
    average, each at a random byte of whatever passes then; with `partition` nothing gets through. `happened` counts them.
    Each text of `planted`, once: the lowest bit of the byte behind it flips where it passes first."""

    def __init__(self, port, kinds=KINDS, seed=1):
        self.target, self.random, self.lock = port, random.Random(seed), threading.Lock()
        self.gap, self.next, self.partition, self.happened = None, 0.0, False, dict.fromkeys(kinds, 0)
        self.server = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.url = f"http://127.0.0.1:{self.server.getsockname()[1]}"
        self.open, self.planted = set(), []

    def __enter__(self):
        threading.Thread(target=self.accept, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.close()
        self.cut_all()

    def cut_all(self):
        for one in list(self.open):
            close(one)

    def accept(self):
        with contextlib.suppress(OSError):
            while True:
                client = self.server.accept()[0]
                threading.Thread(target=self.serve, args=(client,), daemon=True).start()

    def serve(self, client):
        if self.partition:
            return close(client, reset=True)
        try:
            server = socket.create_connection(("127.0.0.1", self.target), timeout=10)
        except OSError:
            return close(client, reset=True)
        self.open |= {client, server}
        threads = [threading.Thread(target=self.pump, args=pair, daemon=True) for pair in ((client, server), (server, client))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.open -= {client, server}
        close(client)
        close(server)

    def fault(self):
        """The one that is due, if any: that which has happened least."""
        with self.lock:
            if not self.gap or time.monotonic() < self.next:
                return None
            self.next = time.monotonic() + self.random.expovariate(1 / self.gap)
            kind = min(self.happened, key=self.happened.get)
            self.happened[kind] += 1
            return kind

    def spoil(self, data):
        with self.lock:
            for text in [text for text in self.planted if text in data[:-1]]:
                self.planted.remove(text)
                at = data.index(text) + len(text)
                data = data[:at] + bytes([data[at] ^ 1]) + data[at + 1:]
        return data

    def pump(self, source, target):
        """Bytes from one to the other."""
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                kind, at = self.fault(), self.random.randrange(len(data))
                if kind == "stall":
                    time.sleep(self.random.uniform(0.5, 4))
                elif kind == "flip":
                    data = data[:at] + bytes([data[at] ^ 1 << self.random.randrange(8)]) + data[at + 1:]
                elif kind:
                    target.sendall(data[:at])
                    return close(source, kind == "reset"), close(target, kind == "reset")
                target.sendall(self.spoil(data) if self.planted else data)
        with contextlib.suppress(OSError):
            target.shutdown(socket.SHUT_WR)


def close(one, reset=False):
    with contextlib.suppress(OSError):
        if reset:  # without the rest of what is to be sent
            one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        else:
            one.shutdown(socket.SHUT_RDWR)
    one.close()
