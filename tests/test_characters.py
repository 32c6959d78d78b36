"""Folding never moves an offset."""

from hypothesis import given
from hypothesis import strategies as st

from kg.characters import fold


@given(st.text())
def test_folding_keeps_every_offset(text: str) -> None:
    assert len(fold(text)) == len(text)


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_width_case_script_and_look_alikes_fold_together() -> None:
    assert fold("ＤｅｅｐＳｅｅｋ") == fold("DeepSeek")
    assert fold("臺灣積體電路（TSMC）") == fold("台湾积体电路(tsmc)")
    assert fold("埃隆•馬斯克") == fold("埃隆·马斯克")
    assert fold("GPT－４ｏ") == fold("gpt-4o")
    assert fold("「实体清单」") == fold("“实体清单”")
