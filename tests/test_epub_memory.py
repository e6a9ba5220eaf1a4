"""A large publication is written in little memory: images stay on the disk until their turn."""

import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = """
import sys
from dataclasses import replace
from pathlib import Path
sys.path.insert(0, {tests!r})
import epub_sample
from pubkit.epub import write_epub
from pubkit.model import Asset

folder = Path({folder!r})
edition = epub_sample.edition()
assets, documents = list(edition.assets), list(edition.documents)
for number in range(1000):
    path = folder / f"{{number}}.jpg"
    path.write_bytes(number.to_bytes(4) * 75_000)  # 300 kB
    name = f"{{number:04d}}-picture.jpg"
    assets.append(Asset(name=name, media_type="image/jpeg", screen=path, press=path, width=40, height=30))
pictures = "".join(f'<p><img src="{{number:04d}}-picture.jpg" alt="x" /></p>' for number in range(1000))
last = documents[-1]
documents[-1] = replace(last, body=last.body.replace("</section>", pictures + "</section>", 1))
with (folder / "large.epub").open("wb") as stream:
    write_epub(replace(edition, assets=tuple(assets), documents=tuple(documents)), stream)
status = Path("/proc/self/status").read_text()  # getrusage would count the memory of pytest, which forked us
peak = next(line for line in status.splitlines() if line.startswith("VmHWM"))
print((folder / "large.epub").stat().st_size >> 20, int(peak.split()[1]) >> 10)
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="the peak of memory is read from /proc")
def test_a_thousand_images_stay_under_150_mb(tmp_path: Path) -> None:
    program = PROGRAM.format(tests=str(Path(__file__).parent), folder=str(tmp_path))
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    size, memory = map(int, done.stdout.split())
    assert size > 250
    assert memory < 150
