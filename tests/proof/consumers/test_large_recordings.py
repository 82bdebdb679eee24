"""What judging a recording holds in memory at once, whatever its length."""

import gc
import json
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

from cancel_contract.fragment.document import load
from cancel_contract.tools.judge.har import entries
from cancel_contract.tools.judge.recording_judge import Expected, RecordingJudge

_COLLECTED = 20
"""Requests after which what nobody holds is collected; when the interpreter does so depends on what ran before."""


def _peak(path: Path) -> tuple[int, int]:
    """Judge a recording; give how many cancels it had, and the most bytes that were held at once."""
    tracemalloc.start()
    try:
        judging = RecordingJudge(load(), Expected())
        for number, found in enumerate(entries(path), start=1):
            judging.take(number, found)
            if number % _COLLECTED == 0:
                gc.collect()
        judging.finish()
        return judging.met["cancels"], tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_large_recordings_are_streamed(recorded: Callable[..., list[dict[str, Any]]], tmp_path: Path) -> None:
    """Ten times the recording takes hardly more memory: a file is never held as a whole."""
    text = ",".join(json.dumps(entry) for entry in recorded())
    path = tmp_path / "large.har"
    peaks = []
    # What is loaded and kept at the first time is no part of a recording.
    for times in (1, 2, 20):
        path.write_text(f'{{"log": {{"entries": [{",".join([text] * times)}]}}}}', "utf-8")
        cancels, peak = _peak(path)
        assert cancels == 34 * times
        peaks.append(peak)
    assert peaks[2] - peaks[1] < path.stat().st_size / 4
