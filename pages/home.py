from dlviz import ui

ui.gallery()
