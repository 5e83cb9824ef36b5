"""The script that Streamlit runs for every visit."""

from ui.page.chat import draw_page

draw_page()
