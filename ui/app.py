"""The script that Streamlit runs for every visit."""

from ui.page.pages import draw_site

draw_site()
