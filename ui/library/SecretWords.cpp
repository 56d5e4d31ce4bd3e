#include "ui/library/SecretWords.h"

#include "ui/kit/Theme.h"

#include <QLocale>
#include <QPainter>

#include <algorithm>

namespace tallylock::ui {

static constexpr int kSecretColumns = 4;
static constexpr int kSecretWords = 12;

SecretWords::SecretWords(QWidget* parent) : QWidget(parent) {
    setAccessibleName(tr("The second part as twelve words"));
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    hide();
}

void SecretWords::setWords(SecretBytes words) {
    m_words = std::move(words);
    setVisible(!isEmpty());
    update();
}

void SecretWords::clear() { setWords(SecretBytes()); }

QSize SecretWords::sizeHint() const {
    return {fontMetrics().averageCharWidth() * 16 * kSecretColumns,
            (fontMetrics().height() + space::kSmall) * kSecretWords / kSecretColumns};
}

void SecretWords::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    const Tints tints = tintsOf(palette());
    const int columnWidth = width() / kSecretColumns;
    const int lineHeight = fontMetrics().height() + space::kSmall;
    const int numberWidth = fontMetrics().horizontalAdvance(QStringLiteral("12.")) + space::kTiny;
    const auto all = m_words.view();
    auto from = all.begin();
    for (int i = 0; i < kSecretWords && from != all.end(); ++i) {
        const auto to = std::find(from, all.end(), std::uint8_t{' '});
        const QRect cell((i % kSecretColumns) * columnWidth, (i / kSecretColumns) * lineHeight, columnWidth,
                         lineHeight);
        painter.setPen(tints.muted);
        painter.drawText(cell.adjusted(0, 0, numberWidth - columnWidth, 0), Qt::AlignRight | Qt::AlignVCenter,
                         QLocale().toString(i + 1));
        painter.setPen(palette().color(QPalette::WindowText));
        QString word = QString::fromLatin1(reinterpret_cast<const char*>(&*from), to - from);
        painter.drawText(cell.adjusted(numberWidth + space::kSmall, 0, 0, 0), Qt::AlignLeft | Qt::AlignVCenter, word);
        word.fill(u'\0');
        from = to == all.end() ? to : to + 1;
    }
}

} // namespace tallylock::ui
