"""The web server's way in."""

from sipas.app import create_app
from sipas.settings import load

app = create_app(load())
