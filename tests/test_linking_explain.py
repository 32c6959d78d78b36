"""Why names are one or two, and the screen on which people decide."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from kg.errors import KgError
from kg.linking import Decision, Decisions, Judgement, read_decisions
from kg.linking.explain import Explainer
from kg.linking.review import ReviewApp, Session
from kg.schema import EntityType
from kg.tables import Document, Mention

C = EntityType.COMPANY
TEXTS = {
    "d0": ("云影机器人科技有限公司（以下简称“云影”）宣布融资。", ("云影机器人科技有限公司", "云影")),
    "d1": ("青岚智造与云影机器人签约。", ("青岚智造", "云影机器人")),
    "d2": ("青岚发布新品。", ("青岚",)),
    "d3": ("青岚集团换帅。", ("青岚集团",)),
}


def explainer(*rows: Decision) -> Explainer:
    mentions = []
    for doc_id, (text, names) in TEXTS.items():
        for name in names:
            start = text.rfind(name) if name == "云影" else text.find(name)
            end = start + len(name)
            mentions.append(Mention(f"{doc_id}:{start}:{end}", doc_id, start, end, C, name, 1.0, "t"))
    documents = [Document(d, d, "", None, "zh", text, "") for d, (text, _) in TEXTS.items()]
    return Explainer(mentions, [], documents, Decisions(rows))


def mention(doc_id: str, name: str) -> str:
    text = TEXTS[doc_id][0]
    start = text.rfind(name) if name == "云影" else text.find(name)
    return f"{doc_id}:{start}:{start + len(name)}"


def test_the_definition_is_shown_with_its_words_and_the_sum_is_the_sum_of_the_steps() -> None:
    found = explainer().between([mention("d0", "云影机器人科技有限公司")], [mention("d0", "云影")])
    assert found.joined
    assert found.total == pytest.approx(sum(step.weight for step in found.steps))
    step = next(s for s in found.steps if s.evidence == "defined: cue in brackets")
    assert "以下简称" in step.detail and step.weight > 0


def test_two_things_are_explained_too() -> None:
    found = explainer().between([mention("d1", "青岚智造")], [mention("d1", "云影机器人")])
    assert not found.joined


def test_a_decision_is_named_in_the_explanation() -> None:
    decision = Decision("Company:青岚@d2", "Company:青岚集团@d3", "Company", Judgement.DIFFERENT, "王")
    found = explainer(decision).between([mention("d2", "青岚")], [mention("d3", "青岚集团")])
    assert not found.joined
    assert found.steps[0].evidence == "decision: different" and "王" in found.steps[0].detail
    assert found.because == "decision"


def test_two_names_of_one_entity_are_asked_about_in_any_spelling() -> None:
    asked, members = explainer(), [mention("d0", "云影"), mention("d1", "云影机器人")]
    assert asked.named(members, "雲影") == [mention("d0", "云影")]


def test_every_name_of_an_entity_has_its_link() -> None:
    found = explainer().within(
        [mention("d0", "云影机器人科技有限公司"), mention("d0", "云影"), mention("d1", "云影机器人")]
    )
    assert len(found) == 2


def test_questions_show_sentences_and_leave_out_what_is_decided() -> None:
    questions = explainer().questions()
    assert questions
    first = questions[0]
    assert first.left_sentences and first.right_sentences
    decided = Decision(first.left, first.right, first.type, Judgement.UNSURE)
    assert all((q.left, q.right) != (first.left, first.right) for q in explainer(decided).questions())


def test_a_session_writes_at_once_and_undoes(tmp_path: Path) -> None:
    path = tmp_path / "decisions.csv"
    session = Session(path, explainer().questions() * 2, "王")
    first = session.current
    assert first is not None
    session.decide(Judgement.SAME)
    written = read_decisions(path).rows
    assert [(r.left, r.right, r.judgement, r.who) for r in written] == [
        (first.left, first.right, Judgement.SAME, "王")
    ]
    session.skip()
    session.undo()
    session.undo()
    assert read_decisions(path).rows == () and session.position == 0 and session.decided == 0


def test_undo_leaves_a_file_alone_that_somebody_else_changed(tmp_path: Path) -> None:
    path = tmp_path / "decisions.csv"
    session = Session(path, explainer().questions(), "王")
    session.decide(Judgement.DIFFERENT)
    path.write_text(path.read_text(encoding="utf-8") + "x,y,Company,same,,,\n", encoding="utf-8")
    with pytest.raises(KgError, match="changed by something else"):
        session.undo()
    assert len(read_decisions(path).rows) == 2


def test_the_keys_of_the_screen(tmp_path: Path) -> None:
    path = tmp_path / "decisions.csv"
    session = Session(path, (explainer().questions() * 5)[:5], "王")

    async def use() -> int | None:
        app = ReviewApp(session)
        async with app.run_test() as pilot:
            for key in ("s", "d", "z", "u", "n", "q"):
                await pilot.press(key)
        return app.return_value

    assert asyncio.run(use()) == 2
    assert [r.judgement for r in read_decisions(path).rows] == [Judgement.SAME, Judgement.UNSURE]
