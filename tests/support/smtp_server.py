"""A mail server for tests: keeps each mail as a file, and refuses as it is told.

smtp_server.py HOST PORT starttls|implicit|plain FOLDER

FOLDER has cert.pem and key.pem. Mails lie there as 1.eml, 2.eml ... A file named `rule` there, such as
"RCPT 451 later", is what is answered to that command. Says "ready" once it listens; ends with its standard input.
"""
import logging
import os
import ssl
import sys

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

host, port, mode, folder = sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4]


def rule(command):
    try:
        with open(os.path.join(folder, "rule"), encoding="ascii") as file:
            text = file.read()
    except FileNotFoundError:
        return None
    return text[5:] if text.startswith(command + " ") else None


class Handler:
    async def handle_RCPT(self, server, session, envelope, address, options):
        refusal = rule("RCPT")
        if refusal:
            return refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        refusal = rule("DATA")
        if refusal:
            return refusal
        number = 1
        while os.path.exists(os.path.join(folder, f"{number}.eml")):
            number += 1
        head = f"X-Envelope: {envelope.mail_from} {' '.join(envelope.rcpt_tos)}\r\n".encode()
        with open(os.path.join(folder, "part"), "wb") as file:
            file.write(head + envelope.content)
        os.rename(os.path.join(folder, "part"), os.path.join(folder, f"{number}.eml"))
        return "250 OK"


def authenticate(server, session, envelope, mechanism, login):
    isRight = isinstance(login, LoginPassword) and (login.login, login.password) == (b"keys", b"let me in")
    return AuthResult(success=isRight, handled=False)


options = {"authenticator": authenticate, "auth_required": mode != "plain"}
if mode == "plain":
    options["auth_require_tls"] = True
else:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(os.path.join(folder, "cert.pem"), os.path.join(folder, "key.pem"))
    if mode == "starttls":
        options.update(tls_context=context, require_starttls=True)
    else:
        options.update(ssl_context=context, auth_require_tls=False)
logging.getLogger("mail.log").setLevel(logging.CRITICAL)
controller = Controller(Handler(), hostname=host, port=port, **options)
controller.start()
print("ready", flush=True)
sys.stdin.read()
controller.stop()
