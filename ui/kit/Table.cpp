#include "ui/kit/Table.h"

#include "ui/kit/Theme.h"

#include <QHeaderView>
#include <QPainter>
#include <QScrollBar>

namespace tallylock::ui {

Table::Table(const QString& name, QWidget* parent) : QTableView(parent) {
    setAccessibleName(name);
    setSelectionBehavior(QAbstractItemView::SelectRows);
    setSelectionMode(QAbstractItemView::SingleSelection);
    setEditTriggers(QAbstractItemView::NoEditTriggers);
    setShowGrid(false);
    setAlternatingRowColors(true);
    setWordWrap(false);
    setTabKeyNavigation(false); // Tab leaves the table; arrows move inside
    setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    setFrameShape(QFrame::StyledPanel);
    verticalHeader()->setVisible(false);
    verticalHeader()->setMinimumSectionSize(fontMetrics().height() + space::kTiny);
    verticalHeader()->setDefaultSectionSize(fontMetrics().height() + space::kMedium);
    horizontalHeader()->setHighlightSections(false);
    horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    horizontalHeader()->setMinimumSectionSize(48);
}

void Table::setModel(QAbstractItemModel* model) {
    QTableView::setModel(model);
    layOutColumns();
    if (!model) return;
    connect(model, &QAbstractItemModel::modelReset, this, &Table::layOutColumns);
    connect(model, &QAbstractItemModel::columnsInserted, this, &Table::layOutColumns);
}

void Table::setStretchColumn(int column) {
    m_stretch = column;
    layOutColumns();
}

void Table::layOutColumns() {
    const int count = model() ? model()->columnCount() : 0;
    for (int column = 0; column < count; ++column) {
        horizontalHeader()->setSectionResizeMode(column, column == m_stretch ? QHeaderView::Stretch
                                                                             : QHeaderView::ResizeToContents);
    }
}

void Table::setPlaceholder(const QString& text) {
    m_placeholder = text;
    viewport()->update();
}

int Table::selectedRow() const {
    const QModelIndexList rows = selectionModel() ? selectionModel()->selectedRows() : QModelIndexList();
    return rows.isEmpty() ? -1 : rows.front().row();
}

void Table::rowsAboutToBeRemoved(const QModelIndex& parent, int first, int last) {
    const int chosen = currentIndex().row();
    if (chosen >= first && chosen <= last) selectionModel()->clear();
    QTableView::rowsAboutToBeRemoved(parent, first, last);
}

void Table::paintEvent(QPaintEvent* event) {
    QTableView::paintEvent(event);
    if (m_placeholder.isEmpty() || !model() || model()->rowCount() > 0) return;
    QPainter painter(viewport());
    painter.setPen(tintsOf(palette()).muted);
    const QRect inside = viewport()->rect().adjusted(space::kLarge, space::kLarge, -space::kLarge, -space::kLarge);
    painter.drawText(inside, static_cast<int>(Qt::AlignCenter) | Qt::TextWordWrap, m_placeholder);
}

} // namespace tallylock::ui
