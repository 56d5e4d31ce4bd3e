#include "ui/kit/Banner.h"

#include "ui/kit/ProblemText.h"
#include "ui/kit/Theme.h"

#include <QAccessible>
#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QToolButton>

namespace tallylock::ui {

Banner::Banner(QWidget* parent)
    : QFrame(parent),
      m_icon(new QLabel(this)),
      m_text(new QLabel(this)),
      m_close(new QToolButton(this)) {
    m_text->setTextFormat(Qt::PlainText);
    m_text->setWordWrap(true);
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_close->setAutoRaise(true);
    m_close->setText(tr("Dismiss"));
    m_close->setAccessibleName(tr("Dismiss message"));
    m_close->setToolTip(tr("Dismiss"));
    m_close->setIcon(themeIcon(QStringLiteral("close")));
    m_close->setFocusPolicy(Qt::TabFocus);
    connect(m_close, &QToolButton::clicked, this, &Banner::clear);

    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(space::kMedium, space::kSmall, space::kSmall, space::kSmall);
    row->setSpacing(space::kSmall);
    row->addWidget(m_icon, 0, Qt::AlignTop);
    row->addWidget(m_text, 1);
    row->addWidget(m_close, 0, Qt::AlignTop);
    QSizePolicy policy(QSizePolicy::Preferred, QSizePolicy::Minimum);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
    setAccessibleName(tr("Message"));
    setVisible(false);
}

void Banner::refuse(const api::Refusal& refusal) {
    // What the person cancelled needs no red.
    if (refusal.problem == api::Problem::Cancelled)
        tell(problemText(refusal));
    else
        refuse(problemText(refusal));
}

void Banner::clear() {
    m_text->clear();
    setAccessibleDescription({});
    setVisible(false);
}

QString Banner::text() const { return m_text->text(); }

void Banner::show(Mood mood, const QString& text) {
    m_mood = mood;
    m_text->setText(text);
    setAccessibleDescription(text);
    tint();
    setVisible(true);
    QAccessibleEvent event(this, QAccessible::Alert);
    QAccessible::updateAccessibility(&event);
}

static QColor moodColour(Banner::Mood mood, const Tints& tints) {
    switch (mood) {
    case Banner::Mood::Refused: return tints.bad;
    case Banner::Mood::Succeeded: return tints.good;
    case Banner::Mood::Told: break;
    }
    return tints.accent;
}

void Banner::tint() {
    const QString name = m_mood == Mood::Refused
                             ? QStringLiteral("warning")
                             : (m_mood == Mood::Succeeded ? QStringLiteral("check") : QStringLiteral("info"));
    m_icon->setPixmap(iconPixmap(name, space::kIcon, moodColour(m_mood, tintsOf(palette())), devicePixelRatioF()));
}

void Banner::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const QColor colour = moodColour(m_mood, tintsOf(palette()));
    const QColor ground = palette().color(QPalette::Window);
    painter.setPen(mixed(colour, ground, 0.5));
    painter.setBrush(mixed(colour, ground, 0.12));
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6);
}

void Banner::changeEvent(QEvent* event) {
    QFrame::changeEvent(event);
    if (event->type() == QEvent::PaletteChange) tint();
}

} // namespace tallylock::ui
