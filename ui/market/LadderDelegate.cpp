#include "ui/market/LadderDelegate.h"

#include "ui/kit/Theme.h"
#include "ui/market/BookModel.h"

#include <QPainter>

namespace tallylock::ui {

void LadderDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const {
    const auto kind = static_cast<LadderRow::Kind>(index.data(BookModel::kKindRole).toInt());
    const Tints tints = tintsOf(option.palette);
    const bool level = kind == LadderRow::Kind::Ask || kind == LadderRow::Kind::Bid;
    painter->save();
    if (kind == LadderRow::Kind::Spread)
        painter->fillRect(option.rect, mixed(tints.line, option.palette.color(QPalette::Base), 0.4));
    if (level && index.column() == BookModel::kQuantity) {
        const QColor colour = kind == LadderRow::Kind::Ask ? tints.bad : tints.good;
        const int width = option.rect.width() * index.data(BookModel::kBarRole).toInt() / 1000;
        QRect bar = option.rect.adjusted(0, 2, 0, -2);
        bar.setLeft(bar.right() - width + 1);
        painter->fillRect(QStyle::visualRect(option.direction, option.rect, bar),
                          mixed(colour, option.palette.color(QPalette::Base), 0.22));
        // The order that is being written: hatched where it takes away, framed where it adds.
        const auto part = [&](int role) {
            QRect share = bar;
            share.setLeft(share.right() - option.rect.width() * index.data(role).toInt() / 1000 + 1);
            return QStyle::visualRect(option.direction, option.rect, share);
        };
        if (index.data(BookModel::kTakenRole).toInt() > 0)
            painter->fillRect(part(BookModel::kTakenRole), QBrush(tints.accent, Qt::BDiagPattern));
        if (index.data(BookModel::kAddedRole).toInt() > 0) {
            painter->setPen(QPen(tints.accent, 1));
            painter->drawRect(part(BookModel::kAddedRole).adjusted(0, 0, -1, -1));
        }
    }
    if (index.column() == BookModel::kPrice && index.data(BookModel::kMineRole).toBool()) {
        painter->setRenderHint(QPainter::Antialiasing);
        painter->setPen(Qt::NoPen);
        painter->setBrush(tints.accent);
        QRect dot(0, 0, 6, 6);
        dot.moveCenter({option.rect.left() + 8, option.rect.center().y()});
        painter->drawEllipse(QStyle::visualRect(option.direction, option.rect, dot));
    }
    painter->restore();
    QStyledItemDelegate::paint(painter, option, index);
}

} // namespace tallylock::ui
