#include "ui/library/LibraryDelegate.h"

#include "ui/library/LibraryModel.h"

#include <QApplication>
#include <QPainter>

namespace tallylock::ui {
namespace {

constexpr int kPadding = 10;
constexpr QSize kPicture(64, 48);

QColor colourOf(Badge::Tone tone, const Tints& tints) {
    switch (tone) {
    case Badge::Tone::Good: return tints.good;
    case Badge::Tone::Warn: return tints.warn;
    case Badge::Tone::Bad: return tints.bad;
    case Badge::Tone::Accent: return tints.accent;
    case Badge::Tone::Muted: break;
    }
    return tints.muted;
}

} // namespace

QSize LibraryDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex&) const {
    const int text = 3 * option.fontMetrics.height() + 8;
    return {240, qMax(kPicture.height(), text) + 2 * kPadding};
}

void LibraryDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const {
    const auto card = index.data(LibraryModel::kCardRole).value<LibraryCard>();
    const Tints tints = tintsOf(option.palette);
    const bool chosen = option.state.testFlag(QStyle::State_Selected);
    const bool hovered = option.state.testFlag(QStyle::State_MouseOver);
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    if (chosen) painter->fillRect(option.rect, mixed(tints.accent, option.palette.color(QPalette::Base), 0.16));
    if (!chosen && hovered) painter->fillRect(option.rect, option.palette.color(QPalette::AlternateBase));

    const QRect inside = option.rect.adjusted(kPadding, kPadding, -kPadding, -kPadding);
    const auto place = [&](const QRect& logical) { return QStyle::visualRect(option.direction, inside, logical); };
    QRect picture(inside.topLeft(), kPicture);
    picture.moveTop(inside.center().y() - kPicture.height() / 2);
    if (card.face) card.face->paint(*painter, place(picture), option.palette, 4, PreviewFace::Fit::Filling);

    const int height = option.fontMetrics.height();
    const int left = picture.right() + 12;
    QRect line(left, inside.top() + (inside.height() - 3 * height - 8) / 2, inside.right() - left + 1, height);
    QFont bold = option.font;
    bold.setBold(true);
    const auto write = [&](const QFont& font, const QColor& colour, const QString& text) {
        painter->setFont(font);
        painter->setPen(colour);
        const auto alignment = QStyle::visualAlignment(option.direction, Qt::AlignLeft) | Qt::AlignVCenter;
        painter->drawText(place(line), static_cast<int>(alignment) | Qt::TextSingleLine,
                          QFontMetrics(font).elidedText(text, Qt::ElideRight, line.width()));
        line.translate(0, height + 4);
    };
    write(bold, option.palette.color(QPalette::Text), card.name);
    write(option.font, tints.muted, card.about);
    write(option.font, colourOf(card.tone, tints), card.state);
    painter->setPen(tints.line);
    painter->drawLine(option.rect.bottomLeft(), option.rect.bottomRight());
    painter->restore();
}

} // namespace tallylock::ui
