"""The style sheet of the program: one template, filled with a theme's colours and scaled lengths.

Widgets ask for a look by dynamic properties: ``role`` of a label ("title", "muted", "small", "large",
"summary", "wordmark", "warning"), ``kind`` of a button ("primary", "plain", "chip", "flat"), ``card`` of a
frame.
"""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from gui.colours import mix

if TYPE_CHECKING:
    from gui.theme import Theme

TEMPLATE = """
QWidget { color: $text; }
QMainWindow, QDialog, QMessageBox { background: $background; }
QFrame[card="true"] { background: $panel; border: 1px solid $line; border-radius: 10px; }
QFrame[rule="true"] { background: $line; border: none; }
QLabel { background: transparent; }
QLabel[role="title"] { font-size: 12px; font-weight: 600; color: $soft; }
QLabel[role="muted"] { color: $muted; }
QLabel[role="small"] { font-size: 12px; color: $muted; }
QLabel[role="summary"] { font-size: 12px; color: $accent; }
QLabel[role="strong"] { font-weight: 600; }
QLabel[role="large"] { font-size: 28px; font-weight: 600; }
QLabel[role="wordmark"] { font-size: 20px; font-weight: 600; }
QLabel[role="warning"] { font-size: 12px; color: $warning; }
QLabel:disabled { color: $faint; }

QPushButton, QToolButton { background: $raised; border: 1px solid $line; border-radius: 8px;
    padding: 6px 12px; }
QPushButton:hover, QToolButton:hover { background: $hover; }
QPushButton:pressed, QToolButton:pressed { background: $pressed; }
QPushButton:focus, QToolButton:focus { border: 2px solid $accent; padding: 5px 11px; }
QPushButton:disabled, QToolButton:disabled { color: $faint; background: $panel; }
QPushButton:default { border-color: $accent; }
QPushButton[kind="primary"] { background: $accent; color: $accent_text; border: 1px solid $accent;
    font-weight: 600; padding: 6px 16px; }
QPushButton[kind="primary"]:hover { background: $accent_hover; }
QPushButton[kind="primary"]:pressed { background: $accent_pressed; }
QPushButton[kind="primary"]:focus { border: 2px solid $text; padding: 5px 15px; }
QPushButton[kind="primary"]:disabled { background: $accent_off; color: $muted; border-color: $line; }
QToolButton[kind="flat"], QPushButton[kind="flat"] { background: transparent; border: 1px solid transparent; }
QToolButton[kind="flat"]:hover, QPushButton[kind="flat"]:hover { background: $hover; }
QToolButton[kind="flat"]:focus, QPushButton[kind="flat"]:focus { border: 2px solid $accent; }
QToolButton[kind="flat"]:checked { background: $hover; border-color: $line; }
QToolButton[square="true"], QToolButton[square="true"]:focus { padding: 0; }
QFileDialog QToolButton { padding: 3px; }
QDialogButtonBox { dialogbuttonbox-buttons-have-icons: 0; }
QToolButton::menu-indicator { image: none; }
QPushButton[kind="chip"] { background: $raised; border: 1px solid $line; border-radius: 6px; padding: 3px 8px;
    font-size: 12px; color: $muted; }
QPushButton[kind="chip"]:hover { background: $hover; }
QPushButton[kind="chip"]:checked { background: $accent_tint; border-color: $accent; color: $text; }
QPushButton[kind="chip"]:focus { border: 2px solid $accent; padding: 2px 7px; }

QLineEdit, QAbstractSpinBox, QPlainTextEdit, QTextEdit { background: $raised; border: 1px solid $line;
    border-radius: 6px; padding: 3px 7px; selection-background-color: $accent;
    selection-color: $accent_text; }
QLineEdit:hover { background: $hover; }
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus { border: 2px solid $accent; padding: 2px 6px; }
QLineEdit:disabled { color: $faint; background: $panel; }
QLineEdit[wrong="true"] { border: 2px solid $warning; padding: 2px 6px; }

QComboBox { background: $raised; border: 1px solid $line; border-radius: 6px; padding: 3px 2px 3px 9px;
    combobox-popup: 0; }
QComboBox[kind="main"] { border-radius: 8px; font-weight: 600; padding: 6px 2px 6px 10px; }
QComboBox:hover { background: $hover; }
QComboBox:focus { border: 2px solid $accent; padding: 2px 1px 2px 8px; }
QComboBox[kind="main"]:focus { padding: 5px 1px 5px 9px; }
QComboBox:disabled { color: $faint; background: $panel; }
QComboBox::drop-down { border: none; width: 24px; }
QComboBox::down-arrow { image: none; width: 0; height: 0; }
QComboBox QAbstractItemView { background: $raised; border: 1px solid $line; border-radius: 6px; padding: 4px;
    outline: none; selection-background-color: $accent_tint; selection-color: $text; font-weight: 400; }
QComboBox QAbstractItemView::item { min-height: 28px; padding: 0 8px; border-radius: 4px; }
QComboBox QAbstractItemView::item:hover, QComboBox QAbstractItemView::item:selected {
    background: $accent_tint; color: $text; }
QComboBox QAbstractItemView::item:disabled { color: $faint; }

QMenuBar { background: $background; padding: 2px 8px; }
QMenuBar::item { background: transparent; padding: 4px 10px; border-radius: 6px; }
QMenuBar::item:selected { background: $hover; }
QMenu { background: $raised; border: 1px solid $line; padding: 6px; }
QMenu::item { padding: 6px 28px 6px 28px; border-radius: 6px; }
QMenu::item:selected { background: $accent_tint; }
QMenu::item:disabled { color: $faint; }
QMenu::separator { height: 1px; background: $line; margin: 6px 8px; }
QMenu::section { padding: 6px 10px; color: $muted; }
QMenu::indicator { width: 8px; height: 8px; border-radius: 4px; left: 10px; }
QMenu::indicator:checked { background: $accent; }
QToolTip { background: $tip; color: $tip_text; border: 1px solid $tip; padding: 6px 8px; font-size: 12px; }

QCheckBox, QRadioButton { spacing: 8px; background: transparent; }
QCheckBox::indicator { width: 16px; height: 16px; border: 1px solid $line; border-radius: 4px;
    background: $raised; }
QCheckBox::indicator:checked { background: $accent; border-color: $accent; }
QCheckBox::indicator:checked:disabled { background: $faint; border-color: $faint; }
QCheckBox::indicator:focus, QRadioButton::indicator:focus { border-color: $accent; }
QRadioButton::indicator { width: 16px; height: 16px; border: 1px solid $line; border-radius: 8px;
    background: $raised; }
QRadioButton::indicator:checked { background: $accent; border: 4px solid $raised; }

QTabWidget::pane { border: none; }
QTabBar { background: transparent; }
QTabBar::tab { background: transparent; color: $muted; padding: 6px 12px; margin-right: 4px;
    border-radius: 8px; border: 1px solid transparent; }
QTabBar::tab:hover { color: $text; }
QTabBar::tab:selected { background: $hover; color: $text; font-weight: 600; }
QTabBar::tab:focus { border-color: $accent; }
QTabBar[tight="true"] { font-size: 12px; }
QTabBar[tight="true"]::tab { padding: 5px 7px; margin-right: 1px; }

QTabBar::scroller { width: 28px; }
QTabBar QToolButton, QTabBar QToolButton:focus { padding: 0; border-radius: 6px; }

QScrollArea { background: transparent; border: none; }
QScrollBar:vertical { background: transparent; width: 10px; margin: 2px; }
QScrollBar:horizontal { background: transparent; height: 10px; margin: 2px; }
QScrollBar::handle { background: $thumb; border-radius: 3px; min-height: 28px; min-width: 28px; }
QScrollBar::handle:hover { background: $muted; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; background: none; border: none; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }

QSplitter::handle { background: transparent; }
QStatusBar { background: $background; color: $muted; }
QStatusBar::item { border: none; }
QProgressBar { background: $line; border: none; border-radius: 2px; max-height: 4px; }
QProgressBar::chunk { background: $accent; border-radius: 2px; }
QHeaderView { background: $raised; border: none; }
QHeaderView::section { background: $raised; border: none; border-bottom: 1px solid $line; padding: 4px 8px; }
QTableView::item { padding: 0 8px; }
QTableView, QListView, QTreeView { background: $raised; border: 1px solid $line; border-radius: 6px;
    gridline-color: $line; selection-background-color: $accent_tint; selection-color: $text; outline: none; }
"""


def shades(now: "Theme") -> dict[str, str]:
    """Return every colour that the template names: the theme's own and the mixtures of them."""
    own = {key: value for key, value in vars(now).items() if isinstance(value, str) and value[0] == "#"}
    strong = now.name == "contrast"
    return {
        **own,
        "soft": mix(now.muted, now.text, 0.5),
        "faint": mix(now.muted, now.panel, 0.25 if strong else 0.45),
        "hover": mix(now.raised, now.text, 0.2 if strong else 0.06),
        "pressed": mix(now.raised, now.text, 0.3 if strong else 0.12),
        "accent_hover": mix(now.accent, now.text, 0.15),
        "accent_pressed": mix(now.accent, now.text, 0.3),
        "accent_off": mix(now.panel, now.accent, 0.15),
        "accent_tint": mix(now.raised, now.accent, 0.3 if strong else 0.16),
        "thumb": mix(now.line, now.muted, 0.3),
        "tip": now.text,
        "tip_text": now.background,
    }


def sheet(now: "Theme", px: Callable[[float], int]) -> str:
    """Return the style sheet for a theme; ``px`` scales a length (but for lines of one pixel)."""
    colours = shades(now)
    filled = re.sub(r"\$([a-z_]+)", lambda found: colours[found[1]], TEMPLATE)
    return re.sub(r"(?<![#\w.])(\d+)px", lambda found: f"{scaled(int(found[1]), px)}px", filled)


def scaled(length: int, px: Callable[[float], int]) -> int:
    """Return a scaled length that stays visible: a line of one pixel never vanishes."""
    return max(px(length), min(length, 1))
