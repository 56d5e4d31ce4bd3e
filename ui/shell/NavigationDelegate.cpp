#include "ui/shell/NavigationDelegate.h"

#include "ui/kit/Theme.h"

#include <QPainter>

namespace tallylock::ui {

void NavigationDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const {
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    const Tints tints = tintsOf(option.palette);
    const bool current = option.state & QStyle::State_Selected;
    const QRect ground = option.rect.adjusted(space::kSmall, 2, -space::kSmall, -2);
    const QColor base = option.palette.color(QPalette::AlternateBase);
    painter->setPen(Qt::NoPen);
    if (current)
        painter->setBrush(mixed(tints.accent, base, 0.18));
    else if (option.state & QStyle::State_MouseOver)
        painter->setBrush(mixed(tints.muted, base, 0.1));
    painter->drawRoundedRect(ground, 6, 6);
    if (option.state & QStyle::State_HasFocus && option.state & QStyle::State_KeyboardFocusChange) {
        painter->setPen(QPen(tints.accent, 1.5));
        painter->setBrush(Qt::NoBrush);
        painter->drawRoundedRect(QRectF(ground).adjusted(1, 1, -1, -1), 6, 6);
    }

    const QSize size = option.decorationSize;
    const QRect row = ground.adjusted(space::kMedium, 0, -space::kSmall, 0);
    const QRect picture(row.left(), row.center().y() - size.height() / 2, size.width(), size.height());
    index.data(Qt::DecorationRole).value<QIcon>().paint(painter, QStyle::visualRect(option.direction, row, picture));
    painter->setPen(option.palette.color(QPalette::Text));
    QFont font = option.font;
    if (current) font.setWeight(QFont::DemiBold);
    painter->setFont(font);
    const QRect words = row.adjusted(size.width() + space::kMedium, 0, 0, 0);
    painter->drawText(QStyle::visualRect(option.direction, row, words),
                      static_cast<int>(QStyle::visualAlignment(option.direction, Qt::AlignLeft | Qt::AlignVCenter)),
                      index.data(Qt::DisplayRole).toString());
    painter->restore();
}

QSize NavigationDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex&) const {
    return {100, qMax(option.fontMetrics.height(), option.decorationSize.height()) + 2 * space::kMedium};
}

} // namespace tallylock::ui
