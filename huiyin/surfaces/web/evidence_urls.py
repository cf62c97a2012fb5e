"""What the standards have to show, and where they disagree."""

# /standards/{board/{export/},draws/,compare/,contradictions/}
from django.urls import path

from huiyin.surfaces.web import board, comparing

urlpatterns = [
    path("board/", board.board, name="board"),
    path("board/export/", board.board_export, name="board_export"),
    path("draws/", board.draws, name="draws"),
    path("compare/", comparing.compare, name="compare"),
    path("contradictions/", comparing.all_contradictions, name="contradictions"),
]
