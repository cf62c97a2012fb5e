"""An order lies open: on a phone of 360 pixels somebody grabs it, and the other one reads who was faster."""

import re

from playwright.sync_api import expect

from tests.journeys.conftest import PHONE, Enter, House
from tests.journeys.test_technician import fits_a_thumb


def test_one_grabs_with_a_thumb_and_the_other_reads_who_has_it(enter: Enter, house: House) -> None:
    number, said = house.made["open_order"], "阳台地漏返水"
    lead = enter("lead")
    lead.goto(f"/repairs/orders/{number}/plan/")
    expect(lead.get_by_role("heading", name="派给谁")).to_be_visible()
    lead.goto("/repairs/")
    row = lead.locator("li", has_text=said)
    row.get_by_text("更多…").click()
    row.get_by_role("button", name="放出来抢").click()
    expect(lead.get_by_text("已放出来,等人抢")).to_be_visible()
    expect(lead.locator("li", has_text=said)).to_contain_text("抢单中")

    one = enter("technician", size=PHONE, has_touch=True, is_mobile=True)
    two = enter("technician2", size=PHONE, has_touch=True, is_mobile=True, too_late="/grab/")
    for phone in (one, two):
        phone.goto("/repairs/mine/")
        expect(phone.get_by_role("heading", name="可抢的单")).to_be_visible()
        fits_a_thumb(phone)
    one.get_by_role("article").filter(has_text=said).get_by_role("button", name="抢单").tap()
    expect(one.get_by_text("抢到了,这张单归您")).to_be_visible()
    expect(one).to_have_url(re.compile(f"/repairs/mine/{number}/$"))
    expect(one.get_by_role("button", name="到达")).to_be_visible()
    fits_a_thumb(one)

    two.get_by_role("article").filter(has_text=said).get_by_role("button", name="抢单").tap()
    expect(two.get_by_role("main")).to_contain_text("慢了一步:这张单已在李强手里,看看别的单")
