"""The first rows of a file as a table, above them what each column is used as."""

from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    Qt,
    Signal,
)
from PySide6.QtGui import QAction, QColor, QFontMetrics, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QMenu, QTableView, QWidget

from engine.data.csv_report import CsvColumn, CsvReport
from gui.i18n import tr
from gui.panels.csv_words import column_hint, role_words
from gui.theme import font, mix, px, theme, themes

Index = QModelIndex | QPersistentModelIndex
CHOICES = {"target": "Target", "input": "Input", "number": "Input, as a number",
           "category": "Input, as categories", "left_out": "Left out"}  # fmt: skip
NARROWEST, WIDEST = 84, 180


class PreviewModel(QAbstractTableModel):
    """The roles as row 0, the file's first rows below."""

    def __init__(self) -> None:
        super().__init__()
        self.report: CsvReport | None = None

    def show_report(self, report: CsvReport | None) -> None:
        """Show what was read of another file, or nothing."""
        self.beginResetModel()
        self.report = report
        self.endResetModel()

    def columns(self) -> tuple[CsvColumn, ...]:
        """Return the columns of the file."""
        return self.report.columns if self.report else ()

    def first(self) -> tuple[tuple[str, ...], ...]:
        """Return the cells of the first rows."""
        return tuple(map(tuple, self.report.first)) if self.report else ()

    def rowCount(self, parent: Index | None = None) -> int:
        return 1 + len(self.report.first) if self.report else 0

    def columnCount(self, parent: Index | None = None) -> int:
        return len(self.columns())

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return self.columns()[section].name
        if role == Qt.ItemDataRole.ToolTipRole and orientation == Qt.Orientation.Horizontal:
            return column_hint(self.columns()[section])
        return None

    def data(self, index: Index, role: int = 0) -> Any:
        column = self.columns()[index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return f"{role_words(column)}  ▾" if index.row() == 0 else self._cell(index)
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return column_hint(column) if index.row() == 0 else self._cell(index)
        if role == Qt.ItemDataRole.ForegroundRole:
            return QColor(self._colour(column, index.row()))
        if role == Qt.ItemDataRole.BackgroundRole and column.role == "target":
            return QColor(mix(theme().raised, theme().accent, 0.16))
        return None

    def _cell(self, index: Index) -> str:
        assert self.report is not None
        cells = self.report.first[index.row() - 1]
        return cells[index.column()] if index.column() < len(cells) else ""

    @staticmethod
    def _colour(column: CsvColumn, row: int) -> str:
        now = theme()
        if column.role == "left_out":
            return mix(now.muted, now.panel, 0.2)
        return now.accent if row == 0 else now.text


class Preview(QTableView):
    """The table. A click on what a column is used as, or Enter on any of its cells, offers the others.

    Signals:
        chosen(str, str): this column is to be used as that, a key of ``CHOICES``
    """

    chosen = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.table = PreviewModel()
        self.installEventFilter(self)
        self.menu: QMenu | None = None
        self.setModel(self.table)
        self.verticalHeader().hide()
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.clicked.connect(self._clicked)
        themes.changed.connect(self._fit)

    def show_report(self, report: CsvReport | None) -> None:
        """Show what was read of another file, or nothing."""
        column = max(self.currentIndex().column(), 0)
        self.table.show_report(report)
        self._fit()
        if report is not None:
            self.setCurrentIndex(self.table.index(0, min(column, len(report.columns) - 1)))

    def _fit(self) -> None:
        """Give every column the width of its role, every row the same height, and show them all."""
        metrics, high = QFontMetrics(font("body")), px(30)
        self.verticalHeader().setDefaultSectionSize(high)
        header = self.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        for place, column in enumerate(self.table.columns()[:200]):
            cells = (row[place] for row in self.table.first() if place < len(row))
            words = (column.name, f"{role_words(column)}  ▾", *cells)
            wide = max(map(metrics.horizontalAdvance, words)) + px(24)
            self.setColumnWidth(place, min(max(wide, px(NARROWEST)), px(WIDEST)))
        rows = max(self.table.rowCount(), 1)
        self.setFixedHeight(rows * high + header.sizeHint().height() + px(14))

    def _clicked(self, index: QModelIndex) -> None:
        if index.row() == 0:
            self.open_menu(index.column())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            if self.currentIndex().isValid():
                self.open_menu(self.currentIndex().column())
        else:
            super().keyPressEvent(event)

    def open_menu(self, place: int) -> None:
        """Offer what a column can be used as."""
        column = self.table.columns()[place]
        self.menu = QMenu(self)
        for key, text in CHOICES.items():
            action = QAction(tr(text), self.menu)
            action.setCheckable(True)
            action.setChecked(key == column.role)
            # What is predicted becomes an input when another column is made the target.
            action.setEnabled(column.role != "target" or key in ("target", "number", "category"))
            action.triggered.connect(lambda _=False, key=key: self.chosen.emit(column.name, key))
            self.menu.addAction(action)
        self.menu.aboutToHide.connect(self.menu.deleteLater)
        cell = self.visualRect(self.table.index(0, place))
        self.menu.popup(self.viewport().mapToGlobal(QPoint(cell.left(), cell.bottom())))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self and event.type() == QEvent.Type.ShortcutOverride:
            event.accept()  # the arrows and Space belong to the table while it has the keyboard
            return True
        return super().eventFilter(watched, event)
