"""A mail server for tests: takes messages by SMTP, remembers them, and can be told what to do."""

import socketserver
import threading
from collections.abc import Callable
from email import message_from_bytes


class Conversation(socketserver.StreamRequestHandler):
    """One client's SMTP, as far as Django speaks it."""

    def handle(self):
        self.say("220 sink")
        while line := self.rfile.readline():
            word = line.split()[0].upper() if line.strip() else b""
            if word == b"DATA":
                self.say("354 go on")
                self.take_message()
            elif word == b"QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 fine")

    def take_message(self):
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line)
        self.server.sink.take(b"".join(lines))
        self.say("250 taken")

    def say(self, words):
        self.wfile.write(f"{words}\r\n".encode())


class Sink:
    """Runs until the block ends. ``ids`` holds the Message-IDs in the order they came."""

    def __init__(self, after_data: Callable[[int], None] = lambda number: None):
        self.ids, self.after_data = [], after_data
        self.server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Conversation)
        self.server.daemon_threads, self.server.sink = True, self

    @property
    def port(self):
        return self.server.server_address[1]

    def take(self, content):
        """Keep a message; then, before the client is told so, do what the test asked for."""
        self.ids.append(message_from_bytes(content)["Message-ID"])
        self.after_data(len(self.ids))

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_error):
        self.server.shutdown()
        self.server.server_close()
