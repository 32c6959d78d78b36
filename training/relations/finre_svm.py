"""The SVM of `finre_check`: character grams of the sentence, of the words between and around the two names."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from scipy.sparse import hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.svm import LinearSVC


def views(instance: dict[str, Any]) -> tuple[str, str]:
    """The sentence with its names marked, and the words between the names with the order of the two."""
    text, head, tail = instance["text"], instance["head"], instance["tail"]
    marked = text.replace(head, " H ", 1) if len(head) >= len(tail) else text.replace(tail, " T ", 1)
    marked = marked.replace(tail, " T ", 1) if len(head) >= len(tail) else marked.replace(head, " H ", 1)
    first, last = sorted((marked.find(" H "), marked.find(" T ")))
    return marked, marked[first : last + 3]


def main() -> None:
    data = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    columns = []
    for view in (0, 1):
        vectorizer = TfidfVectorizer(analyzer="char", ngram_range=(1, 4), min_df=2, sublinear_tf=True)
        vectorizer.fit(views(i)[view] for i in data["train"])
        columns.append(
            [vectorizer.transform(views(i)[view] for i in data[part]) for part in ("train", "dev")]
        )
    train, dev = (hstack([column[n] for column in columns]).tocsr() for n in (0, 1))
    model = LinearSVC(C=0.5).fit(train, [i["folded"] for i in data["train"]])
    wanted, guessed = [i["folded"] for i in data["dev"]], model.predict(dev)
    right = sum(w == g != "none" for w, g in zip(wanted, guessed, strict=True))
    total = sum(w != "none" for w in wanted) + sum(g != "none" for g in guessed)
    print(f"SVM: micro-F1 {2 * right / max(total, 1):.3f} over {len(wanted)} instances")


if __name__ == "__main__":
    main()
