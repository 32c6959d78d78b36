"""The terminal screen of `kg review`: uncertain pairs side by side, decided with one key each.

Every key writes its line to `decisions.csv` at once, so that leaving at any moment loses nothing; undo takes the last
line of this session back out of the file.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import ClassVar

from rich.markup import escape
from textual.app import App, ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.widgets import Footer, Header, Static

from kg.errors import KgError
from kg.linking.decisions import Decision, Judgement, append_decisions
from kg.linking.explain import Question

#: Pieces of evidence shown for a pair, heaviest first.
EVIDENCE = 10


class Session:
    """Questions in order, what was answered, and the file that keeps it."""

    def __init__(self, path: Path, questions: Sequence[Question], who: str) -> None:
        self.path = path
        self.questions = tuple(questions)
        self.position = 0
        self._who = who
        # Per answered question: its position, and the file before and after its line was written (None: skipped).
        self._done: list[tuple[int, tuple[bytes, bytes] | None]] = []

    @property
    def current(self) -> Question | None:
        """The question to answer now; None after the last."""
        return self.questions[self.position] if self.position < len(self.questions) else None

    @property
    def decided(self) -> int:
        """How many lines this session has written and not undone."""
        return sum(written is not None for _, written in self._done)

    def decide(self, judgement: Judgement) -> None:
        """Write the judgement on the current question down and go on to the next."""
        question = self.current
        if question is None:
            return
        before = self.path.read_bytes() if self.path.exists() else b""
        now = datetime.now(UTC).isoformat(timespec="seconds")
        decision = Decision(
            question.left, question.right, question.type, judgement, self._who, now, "kg review"
        )
        append_decisions(self.path, [decision])
        self._done.append((self.position, (before, self.path.read_bytes())))
        self.position += 1

    def skip(self) -> None:
        """Go on without a decision."""
        if self.current is not None:
            self._done.append((self.position, None))
            self.position += 1

    def undo(self) -> None:
        """Take the last answer back; a KgError where somebody else has changed the file since."""
        if not self._done:
            return
        position, written = self._done[-1]
        if written is not None:
            before, after = written
            if self.path.read_bytes() != after:
                raise KgError(
                    f"{self.path} was changed by something else; remove the last line there by hand."
                )
            self.path.write_bytes(before)
        self._done.pop()
        self.position = position


class ReviewApp(App[int]):
    """Shows one question of a session at a time; returns how many were decided."""

    TITLE = "kg review"
    CSS = """
    #question { height: auto; padding: 1 2; text-style: bold; }
    .side { width: 1fr; border: round $primary; padding: 0 1; }
    #evidence { height: auto; max-height: 14; padding: 0 2; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        ("s", "decide('same')", "Same"),
        ("d", "decide('different')", "Different"),
        ("u", "decide('unsure')", "Unsure"),
        ("n", "skip", "Next"),
        ("z", "undo", "Undo"),
        ("q", "leave", "Quit"),
    ]

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session

    def compose(self) -> ComposeResult:
        """Question, the two sides, the evidence."""
        yield Header()
        yield Static(id="question")
        with Horizontal():
            with VerticalScroll(classes="side"):
                yield Static(id="left")
            with VerticalScroll(classes="side"):
                yield Static(id="right")
        yield Static(id="evidence")
        yield Footer()

    def on_mount(self) -> None:
        """Show the first question."""
        self._show()

    def action_decide(self, word: str) -> None:
        """Write same, different or unsure."""
        self.session.decide(Judgement(word))
        self._show()

    def action_skip(self) -> None:
        """Leave this one open."""
        self.session.skip()
        self._show()

    def action_undo(self) -> None:
        """Back to the last one, its line removed."""
        try:
            self.session.undo()
        except KgError as error:
            self.notify(str(error), severity="error")
        self._show()

    def action_leave(self) -> None:
        """Quit; all is written already."""
        self.exit(self.session.decided)

    def _show(self) -> None:
        question = self.session.current
        total = len(self.session.questions)
        self.sub_title = f"{min(self.session.position + 1, total)} of {total}, {self.session.decided} decided"
        parts = dict.fromkeys(("question", "left", "right", "evidence"), "")
        if question is None:
            parts["question"] = "No more questions. q quits, z goes back."
        else:
            verdict = "one entity now" if question.joined else "apart now"
            left, right = escape(question.left_name), escape(question.right_name)
            parts["question"] = f"{question.type}: is {left} the same as {right}? ({verdict})"
            parts["left"] = _side(question.left_name, question.left_sentences)
            parts["right"] = _side(question.right_name, question.right_sentences)
            parts["evidence"] = "\n".join(
                f"{step.weight:+6.1f}  {escape(step.evidence)}  [dim]{escape(step.detail)}[/dim]"
                for step in question.explanation.steps[:EVIDENCE]
            )
        for name, text in parts.items():
            self.query_one(f"#{name}", Static).update(text)


def _side(name: str, sentences: Sequence[str]) -> str:
    """The sentences with the name in them marked."""
    marked = escape(name)
    shown = (escape(sentence).replace(marked, f"[reverse]{marked}[/reverse]") for sentence in sentences)
    return f"[bold]{marked}[/bold]\n\n" + "\n\n".join(shown)


def review(path: Path, questions: Sequence[Question], who: str) -> int:
    """Run the screen on these questions; returns how many were decided. `path` is the decisions file."""
    return ReviewApp(Session(path, questions, who)).run() or 0
