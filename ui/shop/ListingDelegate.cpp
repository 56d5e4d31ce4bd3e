#include "ui/shop/ListingDelegate.h"

#include "ui/kit/Theme.h"
#include "ui/shop/ListingModel.h"

#include <QApplication>
#include <QListView>
#include <QPainter>
#include <QPainterPath>

namespace tallylock::ui {
namespace {

constexpr int kGap = 6;       // between cards, each side
constexpr int kPadding = 12;  // inside a card
constexpr int kPicture = 132; // height of the preview
constexpr int kLine = 4;      // between lines

void paintFrame(QPainter& painter, const QStyleOptionViewItem& option, const QRect& card) {
    const QPalette& palette = option.palette;
    const bool chosen = option.state.testFlag(QStyle::State_Selected);
    const bool hovered = option.state.testFlag(QStyle::State_MouseOver);
    QPainterPath path;
    path.addRoundedRect(QRectF(card).adjusted(1, 1, -1, -1), 8, 8);
    painter.fillPath(path, palette.color(hovered ? QPalette::AlternateBase : QPalette::Base));
    painter.setPen(chosen ? QPen(tintsOf(palette).accent, 2)
                          : QPen(hovered ? tintsOf(palette).muted : tintsOf(palette).line, 1));
    painter.drawPath(path);
}

void paintBadge(QPainter& painter, const QPalette& palette, const QRect& line, const QString& badge) {
    const QFontMetrics metrics = painter.fontMetrics();
    QRect pill(0, 0, metrics.horizontalAdvance(badge) + 16, metrics.height() + 4);
    pill.moveCenter(line.center());
    pill.moveRight(line.right());
    painter.setPen(Qt::NoPen);
    painter.setBrush(tintsOf(palette).line);
    painter.drawRoundedRect(pill, pill.height() / 2.0, pill.height() / 2.0);
    painter.setPen(palette.color(QPalette::Text));
    painter.drawText(pill, Qt::AlignCenter, badge);
}

} // namespace

int ListingDelegate::heightFor(const QFontMetrics& metrics) {
    return 2 * kGap + 2 * kPadding + kPicture + 3 * metrics.height() + 3 * kLine + 4;
}

QSize ListingDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex&) const {
    const auto* view = qobject_cast<const QListView*>(option.widget);
    return view && view->gridSize().isValid() ? view->gridSize() : QSize(220, heightFor(option.fontMetrics));
}

void ListingDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const {
    const auto card = index.data(ListingModel::kCardRole).value<ListingCard>();
    const QPalette& palette = option.palette;
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    const QRect frame = option.rect.adjusted(kGap, kGap, -kGap, -kGap);
    paintFrame(*painter, option, frame);

    QRect inside = frame.adjusted(kPadding, kPadding, -kPadding, -kPadding);
    if (!card.available) painter->setOpacity(0.55);
    if (card.face)
        card.face->paint(*painter, QRect(inside.topLeft(), QSize(inside.width(), kPicture)), palette, 6,
                         PreviewFace::Fit::Filling);
    painter->setOpacity(1);

    const QColor muted = tintsOf(palette).muted;
    const QColor letters = card.available ? palette.color(QPalette::Text) : muted;
    QFont bold = option.font;
    bold.setBold(true);
    const QFontMetrics metrics(option.font);
    QRect line(inside.left(), inside.top() + kPicture + kLine * 2, inside.width(), metrics.height());
    const Qt::Alignment start = QStyle::visualAlignment(option.direction, Qt::AlignLeft) | Qt::AlignVCenter;
    const auto write = [&](const QFont& font, const QColor& colour, const QString& text) {
        painter->setFont(font);
        painter->setPen(colour);
        painter->drawText(line, static_cast<int>(start) | Qt::TextSingleLine,
                          QFontMetrics(font).elidedText(text, Qt::ElideRight, line.width()));
        line.translate(0, metrics.height() + kLine);
    };
    write(bold, letters, card.name);
    write(option.font, muted, card.seller);
    painter->setFont(option.font);
    const QRect last = line;
    if (!card.badge.isEmpty()) paintBadge(*painter, palette, last, card.badge);
    write(bold, letters, card.price);
    painter->restore();
}

} // namespace tallylock::ui
