#include "ui/kit/AmountField.h"

#include "ui/kit/ProblemText.h"
#include "ui/kit/Theme.h"

#include <QFocusEvent>
#include <QLabel>
#include <QPainter>
#include <algorithm>

namespace tallylock::ui {

AmountField::AmountField(const api::UnitRow& unit, QWidget* parent) : QLineEdit(parent) {
    setLayoutDirection(Qt::LeftToRight); // figures and their unit run from left to right everywhere
    setAlignment(Qt::AlignRight);
    setMaxLength(60);
    setInputMethodHints(Qt::ImhFormattedNumbersOnly);
    setMinimumWidth(180);
    connect(this, &QLineEdit::textEdited, this, [this] { m_touched = true; });
    connect(this, &QLineEdit::textChanged, this, [this] {
        check();
        emit amountChanged();
    });
    setUnit(unit);
}

void AmountField::setUnit(const api::UnitRow& unit, int fraction) {
    m_unit = unit;
    m_fraction = fraction;
    placeSuffix();
    check();
}

void AmountField::setZeroAllowed(bool allowed) {
    m_zeroAllowed = allowed;
    check();
}

Result<api::Amount, api::Problem> AmountField::parsed() const {
    auto amount = parseMoney(text(), m_unit, m_fraction, locale());
    if (amount && amount->isZero() && !m_zeroAllowed) return Err(api::Problem::AmountZero);
    return amount;
}

std::optional<api::Amount> AmountField::amount() const {
    const auto amount = parsed();
    return amount ? std::optional(*amount) : std::nullopt;
}

void AmountField::setAmount(const api::Amount& amount) {
    // Never more digits than this field takes back.
    const int shown = m_fraction < 0 ? m_unit.shownDecimals : std::min(m_unit.shownDecimals, m_fraction);
    setText(moneyText(amount, m_unit.decimals, shown, locale()));
}

void AmountField::reset() {
    m_touched = false;
    clear();
    check();
}

QString AmountField::problem() const {
    if (text().isEmpty() && !m_touched) return {};
    const auto amount = parsed();
    if (amount) return {};
    if (text().trimmed().isEmpty()) return tr("An amount is needed here.");
    return problemText(amount.error());
}

QLabel* AmountField::note() {
    if (!m_note) {
        m_note = new QLabel(this->parentWidget());
        m_note->setTextFormat(Qt::PlainText);
        m_note->setWordWrap(true);
        m_note->setAccessibleName(tr("Problem with the amount"));
        connect(this, &QObject::destroyed, m_note, &QObject::deleteLater);
        check();
    }
    return m_note;
}

void AmountField::check() {
    const QString what = problem();
    // A screen reader says it with the field.
    setAccessibleDescription(what.isEmpty() ? QString::fromStdString(m_unit.code) : what);
    setToolTip(what);
    if (m_note) {
        m_note->setText(what);
        m_note->setVisible(!what.isEmpty());
        QPalette palette = m_note->palette();
        palette.setColor(QPalette::WindowText, tintsOf(this->palette()).bad);
        m_note->setPalette(palette);
    }
    update();
}

void AmountField::placeSuffix() {
    const int width = fontMetrics().horizontalAdvance(QString::fromStdString(m_unit.code));
    const int room = m_unit.code.empty() ? 0 : width + space::kSmall + space::kTiny;
    if (layoutDirection() == Qt::RightToLeft)
        setTextMargins(room, 0, 0, 0);
    else
        setTextMargins(0, 0, room, 0);
}

void AmountField::paintEvent(QPaintEvent* event) {
    QLineEdit::paintEvent(event);
    QPainter painter(this);
    const Tints tints = tintsOf(palette());
    painter.setPen(isEnabled() ? tints.muted : palette().color(QPalette::Disabled, QPalette::Text));
    const QRect inside = rect().adjusted(space::kSmall, 0, -space::kSmall, 0);
    const auto side = layoutDirection() == Qt::RightToLeft ? Qt::AlignLeft : Qt::AlignRight;
    painter.drawText(inside, static_cast<int>(side | Qt::AlignVCenter), QString::fromStdString(m_unit.code));
    if (problem().isEmpty()) return;
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(tints.bad, 1.5));
    painter.drawRoundedRect(QRectF(rect()).adjusted(1, 1, -1, -1), 2, 2);
}

void AmountField::focusOutEvent(QFocusEvent* event) {
    QLineEdit::focusOutEvent(event);
    // Tidied once it is left: "1234.5" becomes "1,234.50". The amount stays the same.
    if (const auto is = amount(); is && event->reason() != Qt::PopupFocusReason) setAmount(*is);
}

void AmountField::changeEvent(QEvent* event) {
    QLineEdit::changeEvent(event);
    if (event->type() == QEvent::FontChange || event->type() == QEvent::LayoutDirectionChange) placeSuffix();
    if (event->type() == QEvent::PaletteChange) check();
}

} // namespace tallylock::ui
