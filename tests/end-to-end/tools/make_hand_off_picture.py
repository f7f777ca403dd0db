"""Makes docs/pictures/hand-off.png from pictures that `--test practice` has taken: the page that asks for the number beside
the practice phone that shows it. Needs Pillow. `python3 tests/end-to-end/tools/make_hand_off_picture.py`"""

from pathlib import Path

from PIL import Image, ImageDraw, ImageFilter

REPOSITORY = Path(__file__).parents[3]
PICTURES = REPOSITORY / "tests/end-to-end/pictures"
GROUND = (229, 234, 240)
MARGIN = 32
HEIGHT = 980
CORNER = 10


def main() -> None:
    page = Image.open(PICTURES / "practice-1280-ja-1b-page-light.png").convert("RGB").crop((0, 0, 1280, HEIGHT))
    phone = phone_in(Image.open(PICTURES / "practice-1280-ja-1b-number-light.png").convert("RGB"))
    phone = phone.resize((phone.width * HEIGHT // phone.height, HEIGHT), Image.LANCZOS)
    whole = Image.new("RGB", (page.width + phone.width + 3 * MARGIN, HEIGHT + 2 * MARGIN), GROUND)
    lay(whole, page, (MARGIN, MARGIN))
    lay(whole, phone, (page.width + 2 * MARGIN, MARGIN))
    whole = whole.resize((whole.width * 4 // 5, whole.height * 4 // 5), Image.LANCZOS)
    whole.quantize(128, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE).save(REPOSITORY / "docs/pictures/hand-off.png", optimize=True)


def phone_in(picture: Image.Image) -> Image.Image:
    """The phone without the table of cards beside it."""
    left, width = (1280 - 938) // 2, 430
    return picture.crop((left - 8, 64, left + width + 8, 900))


def lay(whole: Image.Image, sheet: Image.Image, at: tuple[int, int]) -> None:
    shadow = Image.new("L", whole.size)
    box = (at[0], at[1] + 6, at[0] + sheet.width, at[1] + 6 + sheet.height)
    ImageDraw.Draw(shadow).rounded_rectangle(box, CORNER, fill=60)
    whole.paste((0, 0, 0), mask=shadow.filter(ImageFilter.GaussianBlur(12)))
    corners = Image.new("L", sheet.size)
    ImageDraw.Draw(corners).rounded_rectangle((0, 0, *sheet.size), CORNER, fill=255)
    whole.paste(sheet, at, corners)


main()
