// Paints a row of the ladder: a bar as long as the level's quantity behind the figures, and a mark at one's own prices.
#pragma once

#include <QStyledItemDelegate>

namespace tallylock::ui {

class LadderDelegate : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
};

} // namespace tallylock::ui
