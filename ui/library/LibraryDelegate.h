// Paints a thing one owns: thumbnail, name, size and day, state.
#pragma once

#include <QStyledItemDelegate>

namespace tallylock::ui {

class LibraryDelegate : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;
};

} // namespace tallylock::ui
