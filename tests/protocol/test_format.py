"""The format is for good: what was sealed by the first version must be read by the last.

Fixed inputs, fixed outputs. A failure here means that devices in the field would no longer understand each other; the
answer is a new format number beside the old one, never a new number in this file.
"""

from __future__ import annotations

import hashlib

from goes_mobile.protocol import clear
from goes_mobile.protocol.codes import InviteSecret, RecoverySheet
from goes_mobile.protocol.dictionary import DEFLATE_1
from goes_mobile.protocol.entry import SEALED, Header, Witness, decode, make, open_body, running
from goes_mobile.protocol.ids import new_id, site_id
from goes_mobile.protocol.keys import KeyPair, epoch_name, open_sealed
from goes_mobile.protocol.operation import Operation, encode
from goes_mobile.protocol.operation import decode as decode_operation
from goes_mobile.protocol.streams import CONTROL, ORG, GroupRef, StreamRef
from goes_mobile.vault.keyring import grant_info

AUTHOR = KeyPair.from_seed(bytes(range(32)))
KEY = bytes(range(32, 64))
ORGANISATION = bytes(range(16))
PERSON = StreamRef("person", "01920000-0000-7000-8000-000000000001")
SAID = Operation(
    bytes(range(16)), "encounter", "01920000-0000-7000-8000-000000000002", 1_800_000_000_000 << 16,
    {"note": "Möchte wissen, ob es einen Platz gibt.", "topics/training": True, "minutes": 20, "mood": None,
     "people/01920000-0000-7000-8000-000000000001": True, "outing": "01920000-0000-7000-8000-000000000003"},
    {"note": (bytes(16),), "minutes": (bytes(16),), "mood": (b"\x01" * 16, bytes(16))},
)  # fmt: skip

STREAM_IDS = [
    "9b5574952d3c3694137881fbbcb13d1d",
    "b9c77b9e7749a4633aeb1202bd4c86e3",
    "f888cad3436df949807622c660989ce2",
    "41e701360c7a9a6acfc8e2a1e2b3393a",
]
KEYS = ("291ecbae226a77ba33373e7534fda6ff", "bdb24c329ae7fc2f7fdaf9d1aec2f38d")
SHEET = ("36c66be9e2243b466fa9d8af3b742a6e", "69115f310f489db257272c715b00ed5d")
INVITE = (
    "7fbc7f9b73d659fb0790703ad40d402d",
    "40a7346de7f328d04951329c883bb07e",
    "1edae761ab0f4b694b7740df61eceadb",
)
OPERATION = (
    "97c410000102030405060708090a0b0c0d0e0f01a9656e636f756e746572c41001920000000070008000000000000002cf01"
    "a3185c5000000086a46e6f7465d9274dc3b6636874652077697373656e2c206f622065732065696e656e20506c61747a2067"
    "6962742eaf746f706963732f747261696e696e67c3a76d696e7574657314a46d6f6f64c0d92b70656f706c652f3031393230"
    "3030302d303030302d373030302d383030302d303030303030303030303031c3a66f7574696e67d801019200000000700080"
    "00000000000003929291c4100000000000000000000000000000000092a46e6f7465a76d696e757465739292c41001010101"
    "010101010101010101010101c4100000000000000000000000000000000091a46d6f6f64"
)
HEADER = (
    "9e0101c410000102030405060708090a0b0c0d0e0fc410f888cad3436df949807622c660989ce2c410c11153cf087b6fde12"
    "20fc7643fbe1f2c410291ecbae226a77ba33373e7534fda6ffc408000000000000000003c420000102030405060708090a0b"
    "0c0d0e0f101112131415161718191a1b1c1d1e1f05c4107272727272727272727272727272727209c4106363636363636363"
    "636363636363636392c4200000000000000000000000000000000000000000000000000000000000000000a664616d616765"
)
ENTRY = (
    "011a3c5c550ad4d0fc466ccfaab978f043523b005b744aab0ea8287bca628323",
    "6fcff2d6f2510d397ebd3ed7fffd121b",
)
RAW = (
    "94c4c89e0101c410000102030405060708090a0b0c0d0e0fc410f888cad3436df949807622c660989ce2c410c11153cf087b"
    "6fde1220fc7643fbe1f2c410291ecbae226a77ba33373e7534fda6ffc408000000000000000003c420000102030405060708"
    "090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f05c4107272727272727272727272727272727209c4106363636363"
    "636363636363636363636392c4200000000000000000000000000000000000000000000000000000000000000000a664616d"
    "616765c40c000000000000000000000000c4b0e32ee1c80f2120d949c86ddbe32a82fdefa7fc9d26be8a13c31af053abf587"
    "d190aa9b057f2cac99f305cb7f8654a9efc65ca4447d2952d270d03044c13288e5252d05eb4780004a06899182ffdd379e25"
    "336720e3c895f3d336236b52ec034f2e2075d439cc091f49ece60bb0b4b6659ab6feeca148d71c4adde2d7f02e241a11d4e6"
    "9f8440fa0abf2d52f02a9eb10ef9ca0a4954d8ee170cf853dae8a984a12818d9d11dcad4563737463f90348d39c4400a5620"
    "5063a6fa996c2174d968935d0d8f4ae3cc6fe72d31218e62a14863539c2d3bfb9b098a3007140449eadac515b48328c4702e"
    "8fa813a1e09b586193800a"
)
EPOCH_RECORD = (
    "88a474797065a565706f6368aa6f776e65725f74797065a6706572736f6ea56f776e6572c410000000000000000000000000"
    "00000000a77375626a656374a0a565706f6368c41065656565656565656565656565656565a36b656dc400a87265706c6163"
    "657391c4106f6f6f6f6f6f6f6f6f6f6f6f6f6f6f6fa66772616e74739183a2746fc410747474747474747474747474747474"
    "74a8746f5f65706f6368c41067676767676767676767676767676767a67365616c6564c45073737373737373737373737373"
    "7373737373737373737373737373737373737373737373737373737373737373737373737373737373737373737373737373"
    "7373737373737373737373737373737373"
)
GRANT = (
    "8fe9b72c6acdc183957eeb234878bdf5f549e44d7cd2b6c9f72df2651c21bd747da7ad1fa807b4a5621af08ee0658adc0212"
    "ac102d51ddab6780337692f73bf121efb1f361cd4041dd837414e909bdd3"
)


def short(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:32]


def test_dictionary() -> None:
    assert hashlib.sha256(DEFLATE_1).hexdigest() == "7c2a73f5aa273fa0a09be8fb8a47fcf1577e3185a5b7fcfdc72f1aea9d61e577"


def test_ids() -> None:
    assert site_id("workmobil") == "7738f8e4-375b-583d-8c96-584251abe21c"
    assert new_id(1_800_000_000_000, lambda n: bytes(range(n))) == "01a3185c-5000-7001-8203-040506070809"
    assert [ref.id(ORGANISATION).hex() for ref in (CONTROL, ORG, PERSON, GroupRef("recovery"))] == STREAM_IDS


def test_keys() -> None:
    assert (AUTHOR.principal.hex(), short(AUTHOR.public.kem)) == KEYS
    assert epoch_name(KEY, ORGANISATION).hex() == "018ff50f2fee768773a6ea2e592d367b"
    sheet, invite = RecoverySheet(bytes(32)), InviteSecret(bytes(16))
    assert (sheet.organisation.hex(), short(sheet.recovery_kem)) == SHEET
    assert (invite.keys.principal.hex(), invite.lookup.hex(), short(invite.welcome_key)) == INVITE
    assert InviteSecret(bytes(range(16))).code == "000GD-40R4J-0M30R-E209R-185GF-R38EA-1W00J"


def test_operation() -> None:
    assert encode(SAID).hex() == OPERATION
    assert decode_operation(bytes.fromhex(OPERATION)) == SAID


def test_entry() -> None:
    stream = PERSON.id(ORGANISATION)
    header = Header(
        SEALED, ORGANISATION, stream, epoch_name(KEY, stream), AUTHOR.principal, bytes(8), 3, bytes(range(32)),
        Witness(5, b"r" * 16), Witness(9, b"c" * 16), (bytes(32), "damage"),
    )  # fmt: skip
    assert header.encode().hex() == HEADER
    there = decode(bytes.fromhex(RAW))  # sealed by the first version, which compressed less
    assert (there.hash.hex(), short(there.signature)) == ENTRY
    made = make(header, encode(SAID), AUTHOR, KEY, bytes)
    for entry in (there, decode(made.raw)):
        assert entry.header == header
        assert entry.signed_by(AUTHOR.public.sign)
        assert decode_operation(open_body(entry, KEY)) == SAID
    assert running(bytes(32), there.hash, 6).hex() == "4bffcb805d2f495d9e8f0a69307946b44efff26e04b78bf0c0426353e16f302d"


def test_clear_records() -> None:
    record = clear.Epoch(
        owner_type="person", owner=bytes(16), epoch=b"e" * 16, replaces=(b"o" * 16,),
        grants=(clear.Sealed(to=b"t" * 16, to_epoch=b"g" * 16, sealed=b"s" * 80),),
    )  # fmt: skip
    assert clear.encode(record).hex() == EPOCH_RECORD
    assert clear.decode(bytes.fromhex(EPOCH_RECORD)) == record
    assert sorted(clear.TYPES) == [
        "administrator", "confirmation", "device", "epoch", "escrow", "founding", "grant", "invite", "late_decision",
        "order", "release", "revocation", "role_change",
    ]  # fmt: skip


def test_grant() -> None:
    """HPKE (RFC 9180) base mode, X25519, HKDF-SHA256, AES-256-GCM: sealed once by the first version."""
    assert open_sealed(AUTHOR.kem_secret, bytes.fromhex(GRANT), grant_info(bytes(16), b"e" * 16)) == KEY
