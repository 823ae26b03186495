"""smtp_sink.py - a mail server for tests over real TCP: keeps what it is given, refuses or stalls when told to."""
import email, email.policy, socketserver, threading, time


class Sink:
    """.mails: [(from, [to], message)]; .refuse: {address: "550 5.1.1 no such user"}; .temporary: reply to every RCPT; .stall: seconds."""

    def __init__(self):
        sink = self
        self.mails, self.refuse, self.temporary, self.stall, self.commands = [], {}, None, 0, []

        class Handler(socketserver.StreamRequestHandler):
            def say(self, text):
                self.wfile.write((text + "\r\n").encode())

            def handle(self):
                sender, to = None, []
                time.sleep(sink.stall)
                self.say("220 sink.example ESMTP")
                while line := self.rfile.readline():
                    text = line.decode("utf-8", "replace").strip()
                    sink.commands.append(text)
                    verb = text.upper()
                    if verb.startswith("EHLO"):
                        self.wfile.write(b"250-sink.example\r\n250 8BITMIME\r\n")
                    elif verb.startswith("MAIL FROM:"):
                        sender, to = text[10:].split()[0].strip("<>"), []
                        self.say("250 ok")
                    elif verb.startswith("RCPT TO:"):
                        address = text[8:].split()[0].strip("<>")
                        reply = sink.temporary or sink.refuse.get(address, "250 ok")
                        to.append(address)
                        self.say(reply)
                    elif verb == "DATA":
                        self.say("354 go on")
                        data = b""
                        while not data.endswith(b"\r\n.\r\n"):
                            data += self.rfile.readline()
                        sink.mails.append((sender, to, email.message_from_bytes(data[:-5] + b"\r\n", policy=email.policy.default)))
                        self.say("250 2.0.0 kept")
                    elif verb == "QUIT":
                        self.say("221 bye")
                        return
                    else:
                        self.say("250 ok" if verb in ("RSET", "NOOP") else "502 what")

        socketserver.ThreadingTCPServer.allow_reuse_address = True
        self.server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def wait(self, n, seconds=10):
        end = time.monotonic() + seconds
        while len(self.mails) < n and time.monotonic() < end:
            time.sleep(0.05)
        return self.mails

    def close(self):
        self.server.shutdown()
        self.server.server_close()
