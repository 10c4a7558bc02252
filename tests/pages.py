"""The page tester: a browser that looks at every page it is given, whatever the test is about."""

from collections import Counter
from html.parser import HTMLParser

from flask.testing import FlaskClient

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source"}
NEEDS_LABEL = {"input", "select", "textarea"}
REDIRECTS = {301, 302, 303, 307, 308}
NO_LABEL = {"hidden", "submit", "button", "image"}


class PageReader(HTMLParser):
    """What must be known of a page to judge it."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.faults: list[str] = []
        self.ids: Counter[str] = Counter()
        self.labelled: set[str] = set()
        self.fields: list[dict[str, str]] = []
        self.words: dict[str, list[str]] = {"h1": [], "title": [], "button": []}
        self.referred: list[str] = []
        self.language = ""
        self._open: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        found = {name: value or "" for name, value in attrs}
        self._note_names(tag, found)
        self._note_faults(tag, found)
        if tag in self.words and "svg" not in self._open:
            self.words[tag].append("")
        if tag not in VOID:
            self._open.append(tag)

    def _note_faults(self, tag, found):
        carried = [name for name in found if name == "style" or name.startswith("on")]
        self.faults += [f"<{tag}> carries {name}=" for name in carried]
        if tag == "script" and "src" not in found:
            self.faults.append("a script stands in the page")
        ways = [found.get(name, "") for name in ("src", "action", "formaction")]
        if any(way.startswith(("http:", "https:", "//")) for way in ways):
            self.faults.append(f"<{tag}> reaches another host")
        if tag == "img" and "alt" not in found:
            self.faults.append("an image without alt")

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag):
        if tag not in self._open:
            self.faults.append(f"</{tag}> closes nothing")
            return
        while self._open and self._open.pop() != tag:
            self.faults.append(f"</{tag}> closes over another tag")

    def handle_data(self, text):
        for tag in self.words:
            if tag in self._open and "svg" not in self._open and self.words[tag]:
                self.words[tag][-1] += text

    def _note_names(self, tag, found):
        if tag == "html":
            self.language = found.get("lang", "")
        if "id" in found:
            self.ids[found["id"]] += 1
        if tag == "label" and "for" in found:
            self.labelled.add(found["for"])
        if tag in NEEDS_LABEL and found.get("type") not in NO_LABEL:
            self.fields.append({**found, "in_label": "label" if "label" in self._open else ""})
        for name in ("aria-describedby", "aria-labelledby", "form", "for"):
            self.referred += found.get(name, "").split()

    def all_faults(self) -> list[str]:
        heading = " ".join(" ".join(self.words["h1"]).split())
        title = " ".join(" ".join(self.words["title"][:1]).split())
        faults = list(self.faults)
        if len(self.words["h1"]) != 1 or not heading:
            faults.append(f"{len(self.words['h1'])} h1 instead of one: {self.words['h1']}")
        elif not title.startswith((heading, f"Lỗi: {heading}", f"Error: {heading}")):
            faults.append(f"the title {title!r} does not start with the h1 {heading!r}")
        if self.language not in {"vi", "en"}:
            faults.append("the page does not say its language")
        faults += [f"id {name!r} stands {n} times" for name, n in self.ids.items() if n > 1]
        faults += [f"nothing has the id {name!r}" for name in self.referred if name not in self.ids]
        faults += [f"no label for {field}" for field in self.fields if not self._has_label(field)]
        faults += ["a button without words" for words in self.words["button"] if not words.strip()]
        return faults

    def _has_label(self, field):
        named = field.get("aria-label") or field.get("aria-labelledby") or field["in_label"]
        return bool(named) or field.get("id") in self.labelled


class CarefulClient(FlaskClient):
    """A browser without JavaScript that fails the test on an ill-made page."""

    def open(self, *args, **kwargs):
        answer = super().open(*args, **kwargs)
        shown = answer.mimetype == "text/html" and answer.status_code not in REDIRECTS
        if shown and "Content-Encoding" not in answer.headers:
            faults = PageReader(answer.text).all_faults()
            assert not faults, f"{answer.request.path}: {faults}"
        return answer
