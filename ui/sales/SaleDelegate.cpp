#include "ui/sales/SaleDelegate.h"

#include "ui/kit/SaleText.h"
#include "ui/kit/Theme.h"
#include "ui/kit/TimeText.h"
#include "ui/sales/SaleListModel.h"

#include <QPainter>

namespace tallylock::ui {

namespace {

constexpr int kBarHeight = 3;

QColor stateColour(const api::SaleRow& sale, const Tints& tints) {
    if (sale.needsMe || sale.orphanedSinceMs != 0) return tints.warn;
    if (sale.state == api::SaleState::Completed) return tints.good;
    return tints.muted;
}

void drawLine(QPainter* painter, const QStyleOptionViewItem& option, QRect rect, const QString& left,
              const QString& right, const QFont& leftFont, const QColor& leftColour, const QColor& rightColour) {
    const int rightWidth = painter->fontMetrics().horizontalAdvance(right);
    const auto side = [&](Qt::Alignment alignment) {
        return static_cast<int>(QStyle::visualAlignment(option.direction, alignment | Qt::AlignVCenter)) |
               Qt::TextSingleLine;
    };
    painter->setPen(rightColour);
    painter->drawText(rect, side(Qt::AlignRight), right);
    const QFont usual = painter->font();
    painter->setFont(leftFont);
    painter->setPen(leftColour);
    const QRect room = QStyle::visualRect(option.direction, rect, rect.adjusted(0, 0, -rightWidth - space::kSmall, 0));
    painter->drawText(room, side(Qt::AlignLeft), painter->fontMetrics().elidedText(left, Qt::ElideRight, room.width()));
    painter->setFont(usual);
}

} // namespace

void SaleDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const {
    const auto* model = qobject_cast<const SaleListModel*>(index.model());
    if (!model) return;
    const api::SaleRow& sale = model->at(index.row());
    const Tints tints = tintsOf(option.palette);
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    if (option.state & QStyle::State_Selected) {
        painter->setPen(Qt::NoPen);
        painter->setBrush(mixed(tints.accent, option.palette.color(QPalette::Base), 0.14));
        painter->drawRect(option.rect);
        painter->setBrush(tints.accent);
        painter->drawRect(QStyle::visualRect(option.direction, option.rect,
                                             QRect(option.rect.left(), option.rect.top(), 3, option.rect.height())));
    }

    const int lineHeight = option.fontMetrics.height() + 2;
    QRect line = option.rect.adjusted(space::kLarge, space::kSmall, -space::kMedium, 0);
    line.setHeight(lineHeight);
    QFont bold = option.font;
    bold.setWeight(QFont::DemiBold);
    const api::Amount& money = sale.price.isZero() ? sale.bid : sale.price;
    painter->setFont(option.font);
    const QColor letters = option.palette.color(QPalette::Text);
    drawLine(painter, option, line, index.data().toString(), m_units.text(money), bold,
             sale.terminal ? tints.muted : letters, sale.terminal ? tints.muted : letters);
    line.translate(0, lineHeight + 2);
    const QString part = sale.role == api::SaleRole::Buyer ? tr("Buying") : tr("Selling");
    const QString state = sale.needsMe ? tr("needs you") : stateName(sale);
    drawLine(painter, option, line, part + QStringLiteral(" · ") + momentText(sale.changedMs), state, option.font,
             tints.muted, stateColour(sale, tints));

    QRectF bar(line.left(), line.bottom() + space::kTiny + 1, line.width(), kBarHeight);
    painter->setPen(Qt::NoPen);
    painter->setBrush(mixed(tints.muted, option.palette.color(QPalette::Base), 0.22));
    painter->drawRoundedRect(bar, 1.5, 1.5);
    const qreal done = bar.width() * qBound(0, sale.step, kSaleSteps) / kSaleSteps;
    if (option.direction == Qt::RightToLeft) bar.setLeft(bar.right() - done);
    bar.setWidth(done);
    const bool ended = sale.terminal && sale.state != api::SaleState::Completed;
    painter->setBrush(ended ? tints.muted : (sale.terminal ? tints.good : tints.accent));
    if (done > 0) painter->drawRoundedRect(bar, 1.5, 1.5);
    painter->setPen(tints.line);
    painter->drawLine(option.rect.bottomLeft(), option.rect.bottomRight());
    painter->restore();
}

QSize SaleDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex&) const {
    return {200, 2 * (option.fontMetrics.height() + 2) + 2 * space::kSmall + space::kMedium};
}

} // namespace tallylock::ui
