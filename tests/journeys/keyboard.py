"""Somebody without a mouse: Tab to get there, Space and Enter to act."""

from playwright.sync_api import Locator, Page

MOST_STOPS = 250

# Where the keyboard is must be seen: a line or a ground of its own, in the window, not covered.
IS_SEEN = """(one) => {
    const face = one.matches(".slot__box") ? one.nextElementSibling : one;
    const style = getComputedStyle(face), box = face.getBoundingClientRect();
    const isMarked = style.outlineStyle !== "none" || style.boxShadow !== "none";
    const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
    const isOnTop = top && (one.contains(top) || face.contains(top) || top.contains(face));
    return isMarked && box.bottom > 0 && box.top < innerHeight && isOnTop;
}"""


class Keyboard:
    """Moves through the open page; where it stops must be seen."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def go_to(self, target: Locator) -> None:
        for _ in range(MOST_STOPS):
            if target.evaluate("(one) => one === document.activeElement"):
                assert target.evaluate(IS_SEEN), f"The focus on {target} cannot be seen."
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"Tab never reaches {target}.")

    def press(self, target: Locator, key: str = "Enter") -> None:
        self.go_to(target)
        self.page.keyboard.press(key)

    def type(self, target: Locator, text: str) -> None:
        self.go_to(target)
        self.page.keyboard.type(text)
