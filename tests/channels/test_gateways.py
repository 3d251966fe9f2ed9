"""The SMS gateways as their providers call them, with the providers' own libraries against stand-ins on loopback."""

import asyncio
import json
import queue
import time
from contextlib import contextmanager
from urllib.parse import urlencode

import httpx
import pytest
from notifications_python_client.notifications import NotificationsAPIClient
from starlette.testclient import TestClient
from twilio.base.exceptions import TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.request_validator import RequestValidator
from twilio.rest import Client

from bot.errors import TIMED_OUT_AFTER_SEND, PermanentSendError, TransientSendError
from bot.messages import Address, OutboundMessage
from bot.messaging.channels import charsets
from bot.messaging.channels.kannel import Kannel
from bot.messaging.channels.notify import Notify
from bot.messaging.channels.twilio import OPTED_OUT, Twilio
from bot.settings import Settings, SettingsError
from bot.text.phone_numbers import NumberError, e164
from bot.web.pages import pages
from bot.web.webhooks import routes
from tests.support.components import needs
from tests.support.gateways import KEY, PUBLIC, Keeper, kannel, notify, stand_in, twilio

ADA = "+447700900001"


@pytest.fixture
def keeper():
    return Keeper()


@pytest.fixture
def client(keeper):
    channels = {
        "twilio": Twilio("token", "Clinic", PUBLIC, None),
        "notify": Notify("template", "bearer-token", None),
        "kannel": Kannel("http://127.0.0.1:1/", "u", "p", "Clinic", "a-token", PUBLIC, httpx.AsyncClient()),
    }
    application = pages(routes(channels, keeper.store, keeper.note))
    return TestClient(application, raise_server_exceptions=False)


SMS = {"MessageSid": "SM1", "From": ADA, "To": "+447700900000", "Body": "what if i miss", "NumMedia": "0"}
NOTE = {"id": "n1", "source_number": "447700900001", "destination_number": "447700900000", "message": "hello", "date_received": "2026-11-24T09:00:00.000000Z"}  # fmt: skip


def test_a_message_of_each_gateway_is_kept_with_the_same_number(client, keeper):
    assert twilio(client, SMS).status_code == 200
    assert notify(client, NOTE).status_code == 200
    assert kannel(client).status_code == 200
    assert [(a.channel, a.provider_id, a.address.value) for a in keeper.arrivals] == [
        ("twilio", "SM1", ADA),
        ("notify", "n1", ADA),
        ("kannel", "uuid-1", ADA),
    ]


def test_req_24_what_twilio_did_not_sign_is_refused_and_nothing_kept(client, keeper):
    unsigned = client.post("/webhooks/twilio", content=urlencode(SMS))
    wrongly = twilio(client, SMS, token="another")
    elsewhere = twilio(client, SMS, url="https://elsewhere.example.org/webhooks/twilio")
    signature = RequestValidator("token").compute_signature(f"{PUBLIC}/webhooks/twilio", SMS)
    tampered = client.post("/webhooks/twilio", content=urlencode(SMS | {"Body": "changed"}), headers={"x-twilio-signature": signature})  # fmt: skip
    assert [r.status_code for r in (unsigned, wrongly, elsewhere, tampered)] == [403] * 4
    assert keeper.arrivals == []
    assert twilio(client, SMS | {"SomethingNew": "x", "Empty": ""}).status_code == 200


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
def test_notify_is_known_by_its_token_however_the_scheme_is_written(client, keeper, scheme):
    headers = {"authorization": f"{scheme} bearer-token"}
    assert client.post("/webhooks/notify", content=json.dumps(NOTE), headers=headers).status_code == 200
    assert len(keeper.arrivals) == 1


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer wrong", "Basic bearer-token", "bearer-token", "bearer", "Bearer "]
)
def test_req_25_notify_without_its_token_is_refused(client, keeper, header):
    response = client.post("/webhooks/notify", content=json.dumps(NOTE), headers={"authorization": header})
    assert response.status_code == 403
    assert keeper.arrivals == []


def test_kannel_without_its_token_is_refused(client, keeper):
    assert kannel(client, token="").status_code == 403
    assert kannel(client, token="wrong").status_code == 403
    assert client.get("/webhooks/kannel/receipt?id=x&type=1").status_code == 403
    assert keeper.arrivals == keeper.receipts == []


@pytest.mark.parametrize("body", [b"", b"[]", b"not json", b"{}", b"[" * 5000, b'{"id": 5}', b"\xff", json.dumps(NOTE | {"message": None}).encode()])  # fmt: skip
def test_req_18_bad_input_is_4xx_and_never_500(client, body):
    assert notify(client, body).status_code == 400
    assert client.post("/webhooks/kannel?token=a-token", content=body).status_code == 400
    assert client.post("/webhooks/twilio", content=body).status_code == 403


ODD_IDS = ["", "\ud800", "a\0b", "\n", 5, None, [], {}]


@pytest.mark.parametrize("given", [{"id": i} for i in ODD_IDS] + [{"status": s} for s in (["delivered"], {}, None, 5)])
def test_req_18_odd_ids_and_statuses_of_notify_are_4xx(client, keeper, given):
    receipt = {"id": "n9", "status": "delivered"} | given
    assert notify(client, receipt, "/webhooks/notify/receipt").status_code == 400
    if "id" in given:
        assert notify(client, NOTE | given).status_code == 400
    assert keeper.arrivals == keeper.receipts == []


@pytest.mark.parametrize("sid", ["", "a\0b", "\x7f"])
def test_req_18_odd_ids_of_twilio_and_kannel_are_4xx(client, keeper, sid):
    receipt = {"MessageSid": sid, "MessageStatus": "delivered"}
    assert twilio(client, SMS | {"MessageSid": sid}).status_code == 400
    assert twilio(client, receipt, "/webhooks/twilio/receipt").status_code == 400
    assert kannel(client, id=sid).status_code == 400
    query = urlencode({"token": "a-token", "id": sid, "type": "1"})
    assert client.get(f"/webhooks/kannel/receipt?{query}").status_code == 400
    assert keeper.arrivals == keeper.receipts == []


def test_req_20_half_a_character_in_a_text_of_notify_can_be_kept(client, keeper):
    assert notify(client, NOTE | {"message": "i want to die \ud83d"}).status_code == 200
    assert keeper.arrivals[0].text == "i want to die \ufffd"


CURLY = "I don’t want to live 😭"


@pytest.mark.parametrize(
    ("text", "charset", "declared"),
    [
        (CURLY, "utf-16-be", 'text/plain; charset="UTF-16BE"'),
        ("STOP", "utf-16-be", "text/plain; charset=UTF-16BE"),
        (CURLY, "utf-16-be", 'text/plain; charset="UCS-2"'),
        (CURLY, "utf-16-be", "text/plain; charset=ISO-10646-UCS-2"),
        (CURLY, "utf-16-be", "text/plain; charset=utf-16"),
        (CURLY, "utf-16", "text/plain; charset=utf-16"),
        (CURLY, "utf-16-le", "text/plain; charset=UTF-16LE"),
        (CURLY, "utf-8", 'text/plain; charset="UTF-8"'),
        (CURLY, "utf-8-sig", "text/plain; charset=utf-8"),
        ("café £5 – no", "windows-1252", "text/plain; charset=WINDOWS-1252"),
        ("café £5", "latin-1", 'TEXT/PLAIN; Charset="iso-8859-1"'),
        ("хочу", "koi8-r", "text/plain; charset=KOI8-R"),
        (CURLY, "utf-16-be", "application/octet-stream"),
        (CURLY, "utf-16-be", ""),
        (CURLY, "utf-8", ""),
        ("café £5 – no", "windows-1252", "text/plain"),
        (CURLY, "utf-16-be", "text/plain; charset=x-unheard-of"),
        (CURLY, "utf-8", "text/plain; charset=base64"),
        (CURLY, "utf-8", 'text/plain; charset="u\0tf"'),
    ],
)
def test_a_text_of_kannel_is_read_in_the_charset_it_declares(client, keeper, text, charset, declared):
    query = urlencode({"token": "a-token", "id": "1", "from": "07700900001"})
    headers = {"content-type": declared} if "\0" not in declared else {}
    response = client.post(f"/webhooks/kannel?{query}", content=text.encode(charset), headers=headers)
    assert response.status_code == 200
    assert keeper.arrivals[0].text == text


def test_the_alphabet_of_text_messages_is_read():
    assert charsets.text(b"Hi \x00\x01 \x1b\x65 \x7f", "text/plain; charset=GSM") == "Hi @£ € à"


@pytest.mark.parametrize(
    "declared", ["idna", "punycode", "unicode_escape", "undefined", "zip", "rot13", "%s", "ü", "a" * 500]
)
def test_no_declared_charset_loses_a_text(declared):
    assert charsets.text(b"i want to die", f"text/plain; charset={declared}") == "i want to die"


def test_kannel_may_give_its_token_as_a_password_and_the_number_in_a_header(client, keeper):
    headers = {"x-kannel-from": "+447700900001"}
    for password, status in (("a-token", 200), ("wrong", 403)):
        response = client.post("/webhooks/kannel?id=1", content=b"hi", headers=headers, auth=("kannel", password))
        assert response.status_code == status
    assert client.post("/webhooks/kannel?id=1", headers=headers | {"authorization": "Basic ???"}).status_code == 403
    assert [arrival.address for arrival in keeper.arrivals] == [Address.sms(ADA)]


def test_req_18_a_picture_without_text_is_kept_as_such(client, keeper):
    assert twilio(client, SMS | {"Body": "", "NumMedia": "1"}).status_code == 200
    assert keeper.arrivals[0].text is None


def test_req_20_a_body_over_64_kb_is_413_and_any_text_is_kept(client, keeper):
    assert kannel(client, "x" * 65_537).status_code == 413
    for text in ("", "x" * 1600, "\0", "\u202eabc", "😀" * 100):
        assert kannel(client, text).status_code == 200
    assert (
        client.post("/webhooks/kannel?token=a-token&id=1&from=07700900001", content=b"\xed\xa0\xbd").status_code == 200
    )


def test_a_database_that_is_down_is_said_so_that_the_provider_comes_again(client, keeper):
    keeper.down = True
    assert [twilio(client, SMS).status_code, notify(client, NOTE).status_code, kannel(client).status_code] == [503] * 3


def test_receipts_are_kept_and_what_is_not_final_is_not(client, keeper):
    receipt = {"MessageSid": "SM9", "MessageStatus": "undelivered", "ErrorCode": str(OPTED_OUT)}
    assert twilio(client, receipt, "/webhooks/twilio/receipt").status_code == 200
    assert twilio(client, receipt | {"MessageStatus": "sent"}, "/webhooks/twilio/receipt").status_code == 200
    assert notify(client, {"id": "n9", "status": "delivered"}, "/webhooks/notify/receipt").status_code == 200
    assert notify(client, {"id": "n9", "status": "sending"}, "/webhooks/notify/receipt").status_code == 200
    assert client.get("/webhooks/kannel/receipt?token=a-token&id=k9&type=2").status_code == 200
    assert client.get("/webhooks/kannel/receipt?token=a-token&id=k9&type=8").status_code == 200
    assert [(r.channel, r.provider_id, r.delivered, r.detail) for r in keeper.receipts] == [
        ("twilio", "SM9", False, "error 21610"),
        ("notify", "n9", True, "delivered"),
        ("kannel", "k9", False, "type 2"),
    ]


# Numbers


@pytest.mark.parametrize("written", ["07700900001", "447700900001", "+447700900001", "00447700900001", "07700 900 001", "+44 (0)7700 900001"])  # fmt: skip
def test_req_22_one_person_however_the_number_is_written(written):
    assert e164(written) == ADA


@pytest.mark.parametrize(
    "written", ["", "12345", "80999", "Clinic", "02079460000", "+44770090000", "abc", "+", "0" * 40]
)
def test_req_22_what_is_no_mobile_number_is_refused(client, keeper, written):
    with pytest.raises(NumberError):
        e164(written)
    assert kannel(client, **{"from": written}).status_code == 400
    assert keeper.arrivals == []


# Sending


@pytest.mark.parametrize(
    ("status", "error"), [(201, None), (429, TransientSendError), (500, TransientSendError), (400, PermanentSendError)]
)
def test_notify_sends_one_placeholder_through_its_own_client(status, error):
    def answer(path, body):
        return status, {"id": "notification-1"} if status == 201 else {"errors": [{"error": "x", "message": "y"}]}

    with stand_in(answer) as (url, seen):
        channel = Notify("template-1", "t", NotificationsAPIClient(KEY, base_url=url, timeout=5))
        if error:
            with pytest.raises(error):
                asyncio.run(channel.send(ADA, OutboundMessage("words")))
        else:
            assert asyncio.run(channel.send(ADA, OutboundMessage("words"))).provider_id == "notification-1"
    sent = json.loads(seen[0][1])
    assert (sent["phone_number"], sent["template_id"], sent["personalisation"]) == (
        ADA,
        "template-1",
        {"reply": "words"},
    )


def test_a_provider_out_of_reach_is_tried_again():
    nowhere = "http://127.0.0.1:9"
    notify_channel = Notify("t", "b", NotificationsAPIClient(KEY, base_url=nowhere, timeout=1))
    kannel_channel = Kannel(nowhere, "u", "p", "Clinic", "t", PUBLIC, httpx.AsyncClient(timeout=1))
    for channel in (notify_channel, kannel_channel):
        with pytest.raises(TransientSendError):
            asyncio.run(channel.send(ADA, OutboundMessage("words")))


@pytest.mark.parametrize(
    ("status", "code", "error"),
    [(429, 20429, TransientSendError), (503, 0, TransientSendError), (400, OPTED_OUT, PermanentSendError)],
)
def test_twilio_says_whether_to_try_again(status, code, error):
    class Messages:
        def create(self, **fields):
            assert fields["status_callback"] == f"{PUBLIC}/webhooks/twilio/receipt"
            raise TwilioRestException(status, "uri", "message", code)

    class Client:
        messages = Messages()

    with pytest.raises(error, match=str(code if error is PermanentSendError else status)):
        asyncio.run(Twilio("token", "Clinic", PUBLIC, Client()).send(ADA, OutboundMessage("words")))


def test_kannel_is_given_the_number_the_text_and_where_receipts_go():
    headers = []
    with stand_in(lambda path, body: (202, "Accepted"), headers) as (url, seen):

        async def send():
            async with httpx.AsyncClient() as http:
                channel = Kannel(f"{url}/cgi-bin/sendsms", "leafline", "pw", "Clinic", "tok", PUBLIC, http)
                return await channel.send(ADA, OutboundMessage("café £5 – no"))

        sent = asyncio.run(send())
    path, body = seen[0]
    assert (path, body) == ("/cgi-bin/sendsms", "café £5 – no"), "nothing stands in an address that is logged"
    fields = headers[0]
    assert (fields["X-Kannel-To"], fields["X-Kannel-From"]) == (ADA, "Clinic")
    assert (fields["X-Kannel-Username"], fields["X-Kannel-Password"]) == ("leafline", "pw")
    assert (fields["X-Kannel-Coding"], fields["Content-Type"]) == ("2", "text/plain; charset=UTF-8")
    receipts = f"https://kannel:tok@bot.example.org/webhooks/kannel/receipt?id={sent.provider_id}&type=%d"
    assert fields["X-Kannel-DLR-Url"] == receipts


def test_req_14_what_a_provider_may_have_taken_is_not_sent_twice():
    """It takes the message and says nothing until whoever sent it has given up."""

    def answer(path, body):
        time.sleep(1)
        return 202, {"id": "1", "sid": "1"}

    with stand_in(answer) as (url, seen):
        twilio_client = Client("AC0", "token", http_client=TwilioHttpClient(timeout=0.3))
        twilio_client.api.base_url = url
        channels = [
            Notify("t", "b", NotificationsAPIClient(KEY, base_url=url, timeout=0.3)),
            Kannel(url, "u", "p", "Clinic", "t", PUBLIC, httpx.AsyncClient(timeout=0.3)),
            Twilio("token", "Clinic", PUBLIC, twilio_client),
        ]
        for channel in channels:
            with pytest.raises(PermanentSendError, match=TIMED_OUT_AFTER_SEND):
                asyncio.run(channel.send(ADA, OutboundMessage("words")))
        time.sleep(1)
    assert len(seen) == len(channels)


# Settings


def test_a_gateway_set_up_by_half_is_refused():
    with pytest.raises(SettingsError, match="LEAFLINE_TWILIO_TOKEN, LEAFLINE_SMS_SENDER, LEAFLINE_PUBLIC_URL"):
        Settings.from_env({"LEAFLINE_TWILIO_ACCOUNT": "AC1"})
    with pytest.raises(SettingsError, match="at most 11"):
        Settings.from_env({"LEAFLINE_SMS_SENDER": "Much Too Long A Name"})
    with pytest.raises(SettingsError, match="expected one like https"):
        Settings.from_env({"LEAFLINE_PUBLIC_URL": "bot.example.org/"})


# A real Kannel


@pytest.fixture(scope="module")
def gateway(tmp_path_factory):
    import shutil

    needs("Kannel (Debian's kannel)", shutil.which("bearerbox", path="/usr/sbin:/usr/bin"))
    needs("Kannel's simulated SMS centre (Debian's kannel-extras)", shutil.which("/usr/lib/kannel/test/fakesmsc"))
    from deploy.kannel.demo import Kannel as Gateway

    gateway = Gateway(tmp_path_factory.mktemp("kannel"))
    with gateway.running():
        yield gateway


@contextmanager
def service(gateway, **environment):
    import sys

    from deploy.kannel.demo import process

    command = [sys.executable, "-m", "bot", "serve"]
    with process(command, gateway.folder / "bot.log", gateway.environment | environment) as running:
        yield running


def came(phone, seconds=30):
    return phone.get(timeout=seconds)


def test_a_text_goes_in_at_the_sms_centre_and_the_answer_comes_out_there(bot, gateway):
    with service(gateway):
        gateway.wait_for_the_bot()
        with gateway.phone("what times are the sessions") as phone:
            assert "10am and 3pm" in came(phone)
        with gateway.phone("what if i miss a session") as phone:
            first, second = came(phone), came(phone)
        assert "catch-up" in first + second
        with gateway.phone("STOP", sender="07700900222") as phone:
            assert "send START" in came(phone)
        # One text a call: of several, the simulated SMS centre sends any, and some twice.
        with gateway.phone("what times are the sessions", sender="07700900222") as phone, pytest.raises(queue.Empty):
            came(phone, 3)
        with gateway.phone("i want to kill myself", sender="07700900222") as phone:
            assert "116" in came(phone)


HTTP_CENTRE = """group = smsc
smsc = http
system-type = kannel
port = {port}
connect-allow-ip = 127.0.0.1
smsc-username = centre
smsc-password = centre
send-url = "{url}/send"
"""


@contextmanager
def kannel_to(leafline, folder, *, recodes):
    """A Kannel whose SMS centre takes texts by HTTP, in any alphabet, and hands what comes in to ``leafline``."""
    from deploy.kannel import demo
    from deploy.kannel.configure import configure

    names = ("admin_port", "smsbox_port", "sendsms_port", "smsc_port")
    ports = dict(zip(names, map(str, demo._free_ports(len(names))), strict=True))
    file = configure(folder, ports | {"leafline": leafline, "token": "a-token", "password": "p"})
    written = file.read_text()
    written = written[: written.index("group = smsc\n")] + HTTP_CENTRE.format(port=ports["smsc_port"], url=leafline)
    file.write_text(written if recodes else written.replace("mo-recode = true\n", ""))
    with demo.process([demo._program("bearerbox"), "-v", "4", str(file)], folder / "bearerbox.log"):
        demo._wait_for(int(ports["smsbox_port"]))
        with demo.process([demo._program("smsbox"), "-v", "4", str(file)], folder / "smsbox.log"):
            demo._wait_for(int(ports["sendsms_port"]))
            demo._wait_for(int(ports["smsc_port"]))
            yield ports


@pytest.mark.parametrize("recodes", [True, False])
def test_a_real_kannel_hands_over_what_telephones_write_in_ucs_2(gateway, client, keeper, tmp_path, recodes):
    headers, texts = [], [CURLY, "STOP", "i want to die 😭", "what’s the dress code", "café £5"]
    with stand_in(lambda path, body: (200, {}), headers, raw=True) as (url, seen):
        with kannel_to(url, tmp_path, recodes=recodes) as ports:
            for text in texts:
                given = {"username": "centre", "password": "centre", "from": "+447700900123", "to": "123", "coding": "2", "charset": "UTF-16BE"}  # fmt: skip
                asked = urlencode(given | {"text": text.encode("utf-16-be")})
                assert httpx.get(f"http://127.0.0.1:{ports['smsc_port']}/?{asked}").status_code == 202
            end = time.monotonic() + 30
            while len(seen) < len(texts) and time.monotonic() < end:
                time.sleep(0.1)
        calls = list(zip(seen, headers, strict=True))
    assert all("900123" not in path and "a-token" not in path for path, _ in seen), "no number, no token in an address"
    for (path, body), told in calls:
        assert client.post(path, content=body, headers=told).status_code == 200
    assert sorted(arrival.text for arrival in keeper.arrivals) == sorted(texts)
    assert {arrival.address for arrival in keeper.arrivals} == {Address.sms("+447700900123")}


def test_req_16_nothing_is_lost_while_the_bot_is_down(bot, gateway):
    with gateway.phone("what times are the sessions") as phone:
        with pytest.raises(queue.Empty):
            came(phone, 1)
        with service(gateway):
            assert "10am and 3pm" in came(phone, 120)


POINTS = ["before the storing", "after the storing", "before the answer", "after the answer", "before the commit", "after the commit", "before the sending"]  # fmt: skip


@pytest.mark.parametrize("point", POINTS)
def test_req_10_killed_at_any_step_each_message_is_answered_exactly_once(bot, gateway, point):
    with service(gateway, LEAFLINE_DIE_AT=point) as running:
        gateway.wait_for_the_bot()
        with gateway.phone("what times are the sessions", sender="07700900333") as phone:
            assert running.wait(60) == -9, "it did not die where it should"
            with service(gateway):
                assert "10am and 3pm" in came(phone, 120)
                with pytest.raises(queue.Empty):
                    came(phone, 5)
