"""The errors Barometer raises on purpose, and the exit code each one ends a command with.

BarometerError
├── ConfigurationError    wrong usage, configuration or environment     exit 2
├── Busy                  another process writes the data folder        exit 4
├── NothingPublished      there is nothing to read or to publish        exit 1
│   ├── ArchiveDamaged    an archive file cannot be read whole          exit 1
│   ├── GateClosed        a check failed, the last good file stays      exit 1
│   └── StorageFailed     the disk is full, or cannot be written        exit 1
└── SourceError           a source did not answer as it promises        caught per source
    ├── Unreachable       no answer: refused, timed out, cut off
    ├── LimitReached      the source asks us to wait
    ├── NotAsked          what a source cannot answer is not asked    no failure
    │   └── Postponed     the rest waits, so that no limit is met     no failure
    │       └── UsedUp    what a day has is used up, and that is told no failure
    ├── AccessDenied      credentials missing, wrong or without the right
    ├── Interrupted       the process ended before the attempt did
    └── UnexpectedAnswer  an answer that is not what was asked for
        └── Refused       this one question has no answer           ends no attempt
            ├── NotFound  what it is about is not known there      many in a row do
            └── Rejected  it is not understood, or not allowed     a few alike in a row do

A message is coordinates, found, expected: ``source torch: HTTP 500, expected 200``.
"""


class BarometerError(Exception):
    """Base of all errors that end with one clear line instead of a traceback."""

    exit_code = 1


class ConfigurationError(BarometerError):
    """Wrong usage, configuration or environment; names what was found and expected."""

    exit_code = 2


class Busy(BarometerError):
    """Another process writes the data folder; names it, and since when."""

    exit_code = 4


class NothingPublished(BarometerError):
    """Nothing could be published, or nothing has been published yet."""


class ArchiveDamaged(NothingPublished):
    """An archive file cannot be read whole; nothing of the load is kept."""


class GateClosed(NothingPublished):
    """A check of the build failed; the last good published file stays in place."""


class StorageFailed(NothingPublished):
    """The disk is full, or cannot be written; what was archived and published stays."""


class SourceError(BarometerError):
    """A source did not answer as it promises; ends this source's attempt and no other.

    `status` is the one of the answer that it tells of; None where there was none, or its status was right.
    """

    status: int | None = None


class Unreachable(SourceError):
    """No answer at all: connection refused, timed out or cut off."""


class LimitReached(SourceError):
    """The source asks us to wait; never read as an answer."""


class NotAsked(SourceError):
    """The source cannot answer what is configured, so it is not asked, and nothing is wrong."""


class Postponed(NotAsked):
    """What is left of a quota is kept; the rest is asked for by the next runs, and nothing is wrong."""


class UsedUp(Postponed):
    """The source says that nothing is left of the day; its refusal is archived, and nothing is wrong."""


class AccessDenied(SourceError):
    """Credentials are missing, wrong, or do not carry the right."""


class Interrupted(SourceError):
    """The process ended before the attempt did; told of by the next run."""


class UnexpectedAnswer(SourceError):
    """An answer that is not what was asked for: server error, HTML, another identity."""


class Refused(UnexpectedAnswer):
    """The source understood and has no answer to this one question; others may be answered."""


class NotFound(Refused):
    """What the question is about is not known to the source: a wrong name, or one that is gone."""


class Rejected(Refused):
    """The question is not understood, or is more than the source allows; the next one may be so too."""
