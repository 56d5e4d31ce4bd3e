#pragma once

#include "ui/kit/Units.h"

#include <QStyledItemDelegate>

namespace tallylock::ui {

/// Paints a sale as two lines: name and price, then part and state with a mark of how far it is.
class SaleDelegate : public QStyledItemDelegate {
    Q_OBJECT
public:
    SaleDelegate(const Units& units, QObject* parent) : QStyledItemDelegate(parent), m_units(units) {}
    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;

private:
    const Units& m_units;
};

} // namespace tallylock::ui
