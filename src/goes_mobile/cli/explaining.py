"""Errors in plain English: what happened, what is safe, what to do."""

from __future__ import annotations

from goes_mobile.protocol.problems import GoesError
from goes_mobile.records.refusals import SENTENCES

SAYS: dict[str, str] = {
    # locked (3)
    "wrong_pin": "Wrong PIN or passphrase. Tries left before a pause: {tries_left}.",
    "lease": "No contact for more than {days} days. Run `goes-mobile sync --once` first; what waits is sent.",
    "wait": "Too many wrong tries. Try again in {wait_s} seconds.",
    "locked": "The profile is locked. Give the PIN or passphrase with --pin-file or GOES_PIN.",
    "no_secret": "A PIN or passphrase is needed: give it with --pin-file FILE or GOES_PIN, or run this in a terminal.",
    "device_secret_missing": "This profile opens only on the device it was made on.",
    # not reachable (4)
    "no_connection": "The server cannot be reached. Nothing is lost; it is sent as soon as the server answers.",
    "timeout": "The server did not answer in time. Nothing is lost; try again later.",
    "captive_portal": "A web page answered instead of the server: this Wi-Fi may want a sign-in. Nothing is lost.",
    "half_answer": "The connection was cut in the middle of an answer. Nothing is lost; try again.",
    "strange_answer": "What answered is not a GO!ES sync server. Check the address. Nothing is lost.",
    "foreign_server": "This is another server than the one this organisation was founded with. Nothing was sent.",
    "receipt_forged": "The server's receipts are not signed by our server. Nothing counts as delivered.",
    "tls": "The server's certificate is not trusted here. Check the address and this device's clock. Nothing is lost.",
    "proxy": "The proxy refused the connection. Check the network settings. Nothing is lost.",
    "server_error": "The server has a problem of its own. Nothing is lost; try again later.",
    "server_down": "The server is down. Nothing is lost; try again later.",
    "no_server": "This profile knows no server.",
    # refused by the server (5)
    "setup_token_wrong": "The setup token is wrong. `goes-sync-server init` prints it.",
    "organisation_exists": "This server has an organisation already.",
    "unknown_organisation": "This server does not know the organisation.",
    "unknown_invite": "The server knows no such invite. Check code and server address, or ask for a new invite.",
    "invite_expired": "The invite has expired. Ask for a new one.",
    "invite_used": "The invite has been used. Each code is for one device; ask for a new one.",
    "invite_refused": "The server did not take the invite.",
    "enrolment_refused": "The server did not take this device's certificate ({reason}).",
    "revoked": "This device was revoked ({reason}). It delivers what waits, then erases itself. Ask an administrator.",
    "revocation_unproven": "The server says that this device was revoked, but shows no proof. Nothing was erased.",
    "own_device": "Nobody revokes the device they work on. Another administrator can.",
    "not_yours": "Your role may not revoke this device.",
    "last_administrator": "This is the last administrator's device: nobody could invite any more.",
    "unknown_device": "There is no such device, or more than one begins like this. See `goes-mobile devices`.",
    "already_revoked": "This device was revoked before.",
    "not_revoked": "This device was not revoked.",
    "unknown_reason": "The reason is one of {known}.",
    "supervisors_only": "Only a supervisor decides about this.",
    "not_allowed": "The server does not allow this to this device.",
    "unauthorised": "The server does not know this device.",
    "server_too_old": "The server is too old for what this program writes. What is saved waits until it is updated.",
    "too_old": "This program is too old for the server. What is saved is still sent; update the program.",
    "entries_refused": "The server refused some entries. They are kept; see `goes-mobile doctor`.",
    "waits_for_administrator": "The server was restored and waits for an administrator's device. Nothing is lost.",
    # input (6)
    "no_profile": "There is no profile in this directory. Start with `goes-mobile enrol` or `goes-mobile org create`.",
    "profile_exists": "This directory has a profile already. Choose another one with --home.",
    "founding_incomplete": "Founding was interrupted too early to go on. Empty the directory and begin again.",
    "foreign_invite": "The code invites to another organisation than the one this profile began with.",
    "control_not_allowed": "Your role may not do this.",
    "control_unknown_author": "This device is not certified. Run `goes-mobile sync --once` and try again.",
    "control_unknown_subject": "There is no such device or order.",
    "not_certified": "This profile is not certified yet. Run `goes-mobile enrol` again with the same code.",
    "passphrase_too_short": "A passphrase needs at least {least} characters.",
    "pin_too_short": "A PIN needs at least {least} digits.",
    "pin_needs_device": "This computer keeps no secret for a PIN. Take a passphrase of at least {least} characters.",
    "server_url": "The server address is no http or https address.",
    "insecure_url": "Plain http is allowed to this machine only. Take https.",
    "code_typo": "There is a typing error in group {group} of the code.",
    "code_length": "The code has {groups} groups; {given} were given.",
    "welcome_forged": "The server's answer does not belong to this code. Do not enrol with this server.",
    "control_forged": "The server showed a forged history. Do not enrol with this server.",
    "control_withheld": "The server holds back part of the history. Do not enrol with it; ask the inviter.",
    "unknown_record": "There is no such record here.",
    "unknown_verdict": "A verdict is approved, question or returned.",
    "unknown_format": "The format is one of {known}.",
    "unknown_version": "There is no such version any more.",
    "exists_already": "A record with this id exists already.",
    "not_comparable": "{field} cannot be compared with a value.",
    "not_json": "not valid JSON at character {at}.",
    "not_an_object_line": "a line must be one JSON object.",
    "not_utf8": "not UTF-8.",
    "nested_too_deeply": "nested too deeply.",
    "has_a_command": "Use the command `goes-mobile {command}` for this.",
    "role_may_not_write": "Your role may not write this kind of record ({kind}).",
    "site_needed": "site is needed: you belong to no site.",
    "needs_consent": "{field} needs a valid consent for {category}.",
    "needs_guardian": "Under {under} years a guardian has to consent too: {field}.",
    "own_record": "Nobody reviews their own records.",
    "not_your_site": "The record belongs to a site that you do not supervise.",
    "not_your_record": "Only the author answers.",
    "changed_meanwhile": "The record changed since you looked at it. Look again.",
    "in_the_past": "{field} lies in the past.",
    "outing_running": "An outing is running already.",
    "too_large": "Too large for one entry (limit {limit} bytes).",
    "parcel_not_one": "This file is no parcel.",
    "parcel_damaged": "The parcel was damaged or cut on its way. Nothing was taken in; have it written once more.",
    "parcel_newer": "The parcel was written by a newer version of this program. Update the program.",
    "parcel_foreign": "The parcel belongs to another organisation. Nothing was taken in.",
    "parcel_too_large": "The file is too large for a parcel (limit {limit} bytes).",
    # damaged, in use, cannot write (7, 8, 9)
    "journal_damaged": "The journal is damaged. What can be read stays readable; run `goes-mobile doctor`.",
    "box_damaged": "A sealed part of the profile is damaged. Run `goes-mobile doctor`.",
    "lock_damaged": "The lock of this profile is damaged.",
    "lock_weakened": "Somebody has weakened the lock of this profile. It is not opened.",
    "profile_in_use": "Another program has this profile open. Close it first.",
    "disk_full": "The disk is full. What was confirmed before is safe; free some space and try again.",
    "read_only": "Cannot write to this directory. Check its permissions.",
    "disk_error": "The disk reports an error. What was confirmed before is safe.",
    "child_ended": "A part of the demo ended by itself: {name}. Its log is {log}.",
    "child_silent": "A part of the demo does not answer: {name}.",
    "port_taken": "Port {port} is taken by another program. Choose another one.",
}


def explain(error: GoesError) -> str:
    """A sentence; an unknown code is at least named."""
    sentence = SAYS.get(error.code) or SENTENCES.get(error.code)
    if sentence is None:
        return f"{error.code.replace('_', ' ')}."
    facts = {
        "tries_left": "?",
        "least": "?",
        "field": "a field",
        "limit": "?",
        "kind": "?",
        "reason": "?",
    } | error.facts
    try:
        return sentence.format_map(facts)
    except KeyError:
        return f"{error.code.replace('_', ' ')}."
