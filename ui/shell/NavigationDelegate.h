#pragma once

#include <QStyledItemDelegate>

namespace tallylock::ui {

/// Paints the navigation list: roomy rows, the current one on a rounded ground in the accent colour.
class NavigationDelegate : public QStyledItemDelegate {
    Q_OBJECT
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;
};

} // namespace tallylock::ui
