"""Words that were replaced by the field's own, and must not return.

Add a name or a word here when it is replaced: the value says what to write instead.
"""

import ast
import io
import re
import tokenize
from functools import cache

import pytest

from bot.settings import ROOT

PRODUCT = ("bot", "actions", "deploy", "migrations")
BESIDE_IT = ("tests", "benchmarks", "evaluation", "tools")

IDENTIFIERS = {
    # The way of a message
    "Conversation": "MessageHandler",
    "Dialogue": "RasaAgent",
    "Turns": "ConversationLocks",
    "LIFE_AT_RISK": "SAFEGUARDING_TOPICS",
    "BOUNDARY_AGAIN": "INSULT_NOTICE_INTERVAL",
    "NEW_PERSON": "IDENTITY_CHANGED_RESPONSES",
    "MayWrite": "MessagingConsent",
    "WRITTEN_TO": "OPT_OUT_CHANNELS",
    "Taken": "IdentityResult",
    "Speaker": "Caller",
    "Understood": "AnswerOutcome",
    "Parcel": "OutboundMessage",
    "Rendering": "ReplyFormat",
    "Utterance": "BotResponse",
    "AgentResult": "Decision",
    "LastTurn": "ConversationState",
    "takes_back": "delete_message_id",
    "parcel": "outbound",
    "parcels": "to_outbound",
    "rendering": "reply_format",
    "utterance": "response",
    "utterances": "responses",
    "drew_boundary": "insult_notice_at",
    "draws_boundary": "record_insult_notice",
    "_unless_danger": "_handle_opted_out",
    "_with_person": "_attach_participant",
    "_hear": "_respond",
    "_hear_civilly": "_handle_with_insult_notice",
    "ActionAnswer": "the actions of actions/registry.py",
    # Errors
    "UnusableError": "InvalidPayloadError",
    "NotSentError": "TransientSendError",
    "RefusedError": "PermanentSendError",
    "UNHEARD": "TIMED_OUT_AFTER_SEND",
    "Faults": "DialogueError",
    "ErrorCollector": "DialogueError",
    "NotTheirsError": "NotInScopeError",
    "raised_at_the_end": "reraise",
    "ToldAlreadyError": "DependentRowError",
    # The mailbox and alerts
    "Service": "BackgroundRuntime",
    "Spool": "AlertJournal",
    "Raised": "PendingAlert",
    "Trouble": "FailedMessage",
    "Duty": "EscalationPolicy",
    "APART": "MIN_INTERVAL",
    "Called": "Escalation",
    "Told": "EscalationStatus",
    "handle_at_once": "handle_web_message",
    "_unnoted": "_pending_stats",
    "note_asked": "flush_stats",
    "_spool": "_journal",
    "_spooled": "_append_to_journal",
    "Post": "ParticipantNotifier",
    # The database and the record
    "LookUp": "BlindIndex",
    "Moment": "UTCDateTime",
    "Picture": "ParticipantRecord",
    "Held": "ScheduledSession or SessionAttendance",
    "Known": "ReferenceIndex",
    "Sheet": "CsvSpec",
    "Wanted": "AuditFilter",
    "Why": "ReviewReason",
    "Tried": "ImportPreview",
    "proved": "reauthenticate",
    "_in_line": "_write_lock",
    # Review and training
    "Teacher": "TrainingWorker",
    "Verdict": "EvaluationResult",
    "TeachingError": "TrainingFailedError",
    "Likeness": "SimilarityEncoder",
    "Ahead": "PendingChanges",
    "bring_up_to_date": "sync",
    "examples_a_type": "examples_per_prototype",
    "Unfit": "IsUnsafe",
    "Placed": "ClusterAssignment",
    "_beat": "_heartbeat",
    "_run_apart": "_run_subprocess",
    "tells_who": "contains_identifier",
    "names_reference": "mentions_reference",
    # The dialogue
    "Heard": "NluResult or PersonalQuery",
    "MOVES": "DIALOGUE_ACTS",
    "CHOSEN": "DEFAULTS",
    "InOrder": "SequentialGraphRunner",
    "ShortMemoryStore": "ConversationStates",
    "SlotTrackerStore": "ConversationStates",
    "leans_back": "may_be_follow_up",
    "leant_on": "context_topics",
    "goes_on_with": "continues_topic",
    "OwnRecord": "PersonalAnswers",
    "OwnTurns": "RecordPhrases",
    "Said": "ResponsePlan",
    "Wording": "ResponseCatalog",
    "Mix": "EnsembleWeights",
    "LEANT_ON_FOR": "CONTEXT_TTL",
    "PERSONAL_TOPICS": "PERSONAL",
    "in_its_light": "context_only",
    "life_beside": "risk_ratio_to_best",
    "_worked_out": "_topological_order",
    "picture": "record",
    "standing": "enrolment_notice",
    # The web
    "Desk": "StaffApp",
    "Screen": "KioskApp",
    "Visit": "RequestContext",
    "Attempts": "RateLimiter",
    "Pace": "RateLimiter",
    "LOOKS": "DISPLAY_OPTIONS",
    "handed": "with_session_cookie",
    "may_try": "allow",
    "is_ours": "is_valid",
    "open_route": "route",
    "quiet_route": "route",
    "asking_route": "route",
    "uploading_route": "route",
}
"""Names of classes, functions and variables, as they stood in code: no module may define or use one again."""

NAMES_OF_THEIR_OWN = {"picture", "Dialogue", "Service", "Held", "CHOSEN"}
"""Replaced names that tests and measurements may still give to something of their own."""

MODULES = {
    "outcomes": "enums",
    "kept": "review_queue",
    "trail": "audit_search",
    "secrets": "personal_codes",
    "calendar": "calendar_files",
    "csv": "csv_files",
    "numbers": "phone_numbers",
    "look": "display_options",
    "mine": "my_dates",
    "whose": "address_owner",
    "words": "labels",
    "withheld": "cell_suppression",
    "shown": "display_names",
}
"""Names of modules."""

PROSE = {
    r"parcels?": "an outbound message",
    r"(?:leans?|leant|leaning) on": "is understood with, the context",
    r"in the light of": "in the context of",
    r"round about": "indirectly",
    r"moves of a talk": "dialogue acts",
    r"(?:sets? of|whole|long) talks?": "conversations",
    r"told anew": "told again",
    r"(?:s?he|hi[ms]|himself|hers?|herself)": "they, them, their",
}
"""Words and phrases that must not stand in documents, outside quotations and code."""

PROSE_IN_CODE = PROSE
"""Those of them that must not stand in docstrings and comments of the product either."""

QUOTED = re.compile(r"```.*?```|`[^`]*`|\"[^\"]*\"|“[^”]*”|\(http[^)]*\)|\]\([^)]*\)", re.S)
"""Code, quotations and addresses."""


def python_files(folders):
    return sorted(file for folder in folders for file in (ROOT / folder).rglob("*.py"))


def documents():
    return [*ROOT.glob("*.md"), *sorted((ROOT / "docs").rglob("*.md"))]


@cache
def identifiers(file):
    """Return every name that ``file`` defines or uses."""
    found = set()
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        match node:
            case ast.Name(id=name) | ast.Attribute(attr=name) | ast.arg(arg=name):
                found.add(name)
            case ast.ClassDef(name=name) | ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                found.add(name)
            case ast.alias(name=name, asname=other):
                found |= {name.rpartition(".")[2], other}
    return found


def prose_of(file):
    """Return the docstrings and comments of ``file``, without what stands in quotation marks there."""
    source = file.read_text("utf-8")
    comments = [t.string for t in tokenize.generate_tokens(io.StringIO(source).readline) if t.type == tokenize.COMMENT]
    texts = [
        node.value.value
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
    ]
    return QUOTED.sub(" ", "\n".join([*comments, *texts]))


def instead(names, found):
    """Return a line for each of ``names`` that was found, with what to write instead."""
    return sorted({f"{where}: {name} (write: {names[name]})" for where, name in found})


def matches(patterns, text):
    return [pattern for pattern in patterns if re.search(rf"\b{pattern}\b", text, re.I)]


def test_no_replaced_name_is_back_in_the_code():
    product = [(file, set(IDENTIFIERS)) for file in python_files(PRODUCT)]
    beside_it = [(file, set(IDENTIFIERS) - NAMES_OF_THEIR_OWN) for file in python_files(BESIDE_IT)]
    found = [
        (file.relative_to(ROOT), name) for file, names in [*product, *beside_it] for name in identifiers(file) & names
    ]
    assert instead(IDENTIFIERS, found) == []


def test_no_module_has_a_replaced_name():
    found = [(file.relative_to(ROOT), file.stem) for file in python_files(PRODUCT) if file.stem in MODULES]
    assert instead(MODULES, found) == []


def test_documents_name_nothing_by_a_replaced_name():
    found = [
        (document.relative_to(ROOT), name)
        for document in documents()
        for code in re.findall(r"`([^`\n]+)`", document.read_text("utf-8"))
        for name in set(re.findall(r"\w+", code)) & set(IDENTIFIERS)
    ]
    assert instead(IDENTIFIERS, found) == []


@pytest.mark.parametrize("document", documents(), ids=lambda file: str(file.relative_to(ROOT)))
def test_a_document_says_it_in_plain_words(document):
    text = QUOTED.sub(" ", document.read_text("utf-8"))
    assert instead(PROSE, [(document.name, pattern) for pattern in matches(PROSE, text)]) == []


def test_docstrings_and_comments_say_it_in_plain_words():
    found = [
        (file.relative_to(ROOT), pattern)
        for file in python_files(PRODUCT)
        for pattern in matches(PROSE_IN_CODE, prose_of(file))
    ]
    assert instead(PROSE_IN_CODE, found) == []
