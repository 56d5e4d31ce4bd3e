#include "ui/welcome/WordCell.h"

#include "ui/kit/Theme.h"

#include <QAccessibleWidget>
#include <QLocale>
#include <QPainter>

namespace tallylock::ui {

namespace {

class WordCellAccess : public QAccessibleWidget {
public:
    explicit WordCellAccess(WordCell* cell) : QAccessibleWidget(cell, QAccessible::StaticText), m_cell(cell) {}
    QString text(QAccessible::Text kind) const override {
        if (kind != QAccessible::Value) return QAccessibleWidget::text(kind);
        return QString::fromLatin1(reinterpret_cast<const char*>(m_cell->word().data()),
                                   static_cast<qsizetype>(m_cell->word().size()));
    }

private:
    WordCell* m_cell;
};

QAccessibleInterface* wordCellAccess(const QString&, QObject* object) {
    auto* cell = qobject_cast<WordCell*>(object);
    return cell ? new WordCellAccess(cell) : nullptr;
}

} // namespace

WordCell::WordCell(int number, QWidget* parent) : QWidget(parent), m_number(number) {
    static const bool kInstalled = [] {
        QAccessible::installFactory(wordCellAccess);
        return true;
    }();
    Q_UNUSED(kInstalled)
    setAccessibleName(tr("Word %1").arg(number));
    setFocusPolicy(Qt::TabFocus); // so that a screen reader can walk through the words
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void WordCell::setWord(ByteView word) {
    m_word = SecretBytes::copyOf(word);
    update();
}

void WordCell::clear() {
    m_word = SecretBytes();
    update();
}

QSize WordCell::sizeHint() const {
    return {fontMetrics().averageCharWidth() * 18, fontMetrics().height() + 2 * space::kSmall + 2};
}

void WordCell::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const Tints tints = tintsOf(palette());
    painter.setPen(QPen(hasFocus() ? tints.accent : tints.line, hasFocus() ? 1.5 : 1));
    painter.setBrush(tints.card);
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.75, 0.75, -0.75, -0.75), 5, 5);

    const int numberWidth = fontMetrics().horizontalAdvance(QStringLiteral("24.")) + space::kSmall;
    QRect inside = rect().adjusted(space::kTiny, 0, -space::kSmall, 0);
    QRect number = inside;
    number.setWidth(numberWidth);
    painter.setPen(tints.muted);
    painter.drawText(number, Qt::AlignRight | Qt::AlignVCenter, QLocale().toString(m_number));
    inside.setLeft(number.right() + space::kMedium);
    QFont font = this->font();
    font.setWeight(QFont::DemiBold);
    painter.setFont(font);
    painter.setPen(palette().color(QPalette::WindowText));
    QString letters =
        QString::fromLatin1(reinterpret_cast<const char*>(m_word.data()), static_cast<qsizetype>(m_word.size()));
    painter.drawText(inside, Qt::AlignLeft | Qt::AlignVCenter, letters);
    letters.fill(u'\0');
}

} // namespace tallylock::ui
