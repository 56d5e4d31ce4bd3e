#include "ui/kit/Widgets.h"

#include <QApplication>
#include <QClipboard>
#include <QEvent>
#include <QHBoxLayout>
#include <QPainter>
#include <QScrollArea>
#include <QStyle>
#include <QTimer>
#include <QVBoxLayout>

namespace tallylock::ui {

// --- text ----------------------------------------------------------------------------------------------------------

namespace {

/// Keeps a label's letters muted when the palette changes.
class RankKeeper : public QObject {
public:
    RankKeeper(QWidget* label, Rank rank) : QObject(label), m_rank(rank) {
        label->installEventFilter(this);
        apply(label);
    }
    bool eventFilter(QObject* watched, QEvent* event) override {
        if (event->type() == QEvent::PaletteChange) apply(static_cast<QWidget*>(watched));
        return QObject::eventFilter(watched, event);
    }

private:
    void apply(QWidget* label) {
        QPalette palette; // names no colour but the one set here, so that the others follow the application's
        if (m_rank == Rank::Muted) palette.setColor(QPalette::WindowText, tintsOf(QApplication::palette()).muted);
        const QColor letters = palette.color(QPalette::WindowText);
        const bool same = label->palette().color(QPalette::WindowText) == letters;
        if (!same) label->setPalette(palette); // which comes back here as a change, and then is the same
    }
    Rank m_rank;
};

constexpr int kCornerRadius = 8;

} // namespace

PlainLabel::PlainLabel(const QString& text, Rank rank, QWidget* parent) : QFrame(parent), m_rank(rank) {
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    setText(text);
}

void PlainLabel::setText(const QString& text) {
    m_text = text.simplified();
    setAccessibleName(m_text);
    // Escaped, for a tool tip would read markup otherwise.
    setToolTip(m_text.isEmpty() ? QString() : QStringLiteral("<qt>%1</qt>").arg(m_text.toHtmlEscaped()));
    updateGeometry();
    update();
}

void PlainLabel::setAlignment(Qt::Alignment alignment) {
    m_alignment = alignment;
    update();
}

void PlainLabel::setElideMode(Qt::TextElideMode mode) {
    m_elide = mode;
    update();
}

QSize PlainLabel::sizeHint() const { return {fontMetrics().horizontalAdvance(m_text) + 2, fontMetrics().height() + 2}; }

QSize PlainLabel::minimumSizeHint() const {
    return {qMin(sizeHint().width(), fontMetrics().averageCharWidth() * 6), sizeHint().height()};
}

void PlainLabel::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setPen(m_rank == Rank::Muted ? tintsOf(palette()).muted : palette().color(foregroundRole()));
    painter.drawText(rect(),
                     static_cast<int>(QStyle::visualAlignment(layoutDirection(), m_alignment)) | Qt::TextSingleLine,
                     fontMetrics().elidedText(m_text, m_elide, width()));
}

QLabel* plainText(const QString& text, Rank rank, QWidget* parent) {
    auto* label = new QLabel(parent);
    label->setTextFormat(Qt::PlainText);
    label->setText(text);
    label->setWordWrap(true);
    if (rank != Rank::Normal) setRank(label, rank);
    return label;
}

void setRank(QWidget* label, Rank rank) { new RankKeeper(label, rank); }

QLabel* pageHeading(const QString& text, QWidget* parent) {
    QLabel* label = plainText(text, Rank::Normal, parent);
    label->setWordWrap(false);
    setHeadingFont(label, 1.6, true);
    return label;
}

QLabel* sectionHeading(const QString& text, QWidget* parent) {
    QLabel* label = plainText(text, Rank::Normal, parent);
    label->setWordWrap(false);
    setHeadingFont(label, 1.15, true);
    return label;
}

// --- card ----------------------------------------------------------------------------------------------------------

Card::Card(QWidget* parent) : QFrame(parent), m_body(new QVBoxLayout(this)) {
    m_body->setContentsMargins(space::kLarge, space::kLarge, space::kLarge, space::kLarge);
    m_body->setSpacing(space::kSmall);
}

void Card::setRaised(bool raised) {
    m_raised = raised;
    update();
}

void Card::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const Tints tints = tintsOf(palette());
    painter.setPen(QPen(m_raised ? tints.accent : tints.line, m_raised ? 1.5 : 1));
    painter.setBrush(tints.card);
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.75, 0.75, -0.75, -0.75), kCornerRadius, kCornerRadius);
}

// --- buttons -------------------------------------------------------------------------------------------------------

PrimaryButton::PrimaryButton(const QString& text, QWidget* parent) : QPushButton(text, parent) {
    setAutoDefault(false);
    tint();
}

void PrimaryButton::changeEvent(QEvent* event) {
    QPushButton::changeEvent(event);
    if (event->type() == QEvent::PaletteChange) tint();
}

void PrimaryButton::tint() {
    QPalette palette;
    const Tints tints = tintsOf(QApplication::palette());
    // Setting it comes back here as a change; the second time there is nothing to do.
    if (this->palette().color(QPalette::Active, QPalette::Button) == tints.accent) return;
    for (const auto group : {QPalette::Active, QPalette::Inactive}) {
        palette.setColor(group, QPalette::Button, tints.accent);
        palette.setColor(group, QPalette::ButtonText, tints.onAccent);
    }
    setPalette(palette);
}

CopyButton::CopyButton(const QString& what, QWidget* parent) : QPushButton(tr("Copy"), parent) {
    setIcon(themeIcon(QStringLiteral("copy")));
    setAccessibleName(what);
    setToolTip(what);
    setAutoDefault(false);
    connect(this, &QPushButton::clicked, this, [this] {
        QApplication::clipboard()->setText(m_value);
        setText(tr("Copied"));
        QTimer::singleShot(1500, this, [this] { setText(tr("Copy")); });
    });
}

// --- empty state ---------------------------------------------------------------------------------------------------

EmptyState::EmptyState(const QString& iconName, const QString& title, const QString& text, const QString& action,
                       QWidget* parent)
    : QWidget(parent),
      m_iconName(iconName),
      m_icon(new QLabel(this)) {
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(space::kPage, space::kPage, space::kPage, space::kPage);
    column->setSpacing(space::kMedium);
    column->addStretch(2);
    m_icon->setAlignment(Qt::AlignCenter);
    column->addWidget(m_icon);
    QLabel* heading = sectionHeading(title, this);
    heading->setAlignment(Qt::AlignCenter);
    column->addWidget(heading);
    QLabel* body = plainText(text, Rank::Muted, this);
    body->setAlignment(Qt::AlignHCenter | Qt::AlignTop);
    body->setMaximumWidth(460);
    body->setMinimumWidth(240);
    auto* centred = new QHBoxLayout;
    centred->addStretch(1);
    centred->addWidget(body, 8);
    centred->addStretch(1);
    column->addLayout(centred);
    if (!action.isEmpty()) {
        m_button = new PrimaryButton(action, this);
        QString name = action;
        m_button->setAccessibleName(name.remove(u'&'));
        connect(m_button, &QPushButton::clicked, this, &EmptyState::activated);
        column->addWidget(m_button, 0, Qt::AlignHCenter);
    }
    column->addStretch(3);
    setAccessibleName(title);
    setAccessibleDescription(text);
    tint();
}

void EmptyState::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange) tint();
}

void EmptyState::tint() {
    m_icon->setPixmap(iconPixmap(m_iconName, 48, tintsOf(palette()).muted, devicePixelRatioF()));
}

// --- badge ---------------------------------------------------------------------------------------------------------

Badge::Badge(const QString& text, Tone tone, QWidget* parent) : QLabel(text, parent), m_tone(tone) {
    setTextFormat(Qt::PlainText);
    setContentsMargins(space::kSmall, 2, space::kSmall, 2);
    setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Fixed);
    setHeadingFont(this, 0.9, true);
}

void Badge::setTone(Tone tone) {
    m_tone = tone;
    update();
}

static QColor toneColour(Badge::Tone tone, const Tints& tints) {
    switch (tone) {
    case Badge::Tone::Accent: return tints.accent;
    case Badge::Tone::Good: return tints.good;
    case Badge::Tone::Warn: return tints.warn;
    case Badge::Tone::Bad: return tints.bad;
    case Badge::Tone::Muted: break;
    }
    return tints.muted;
}

void Badge::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const Tints tints = tintsOf(palette());
    const QColor colour = toneColour(m_tone, tints);
    painter.setPen(Qt::NoPen);
    painter.setBrush(mixed(colour, tints.card, 0.16));
    const qreal radius = height() / 2.0;
    painter.drawRoundedRect(QRectF(rect()), radius, radius);
    painter.setPen(colour);
    painter.drawText(rect(), Qt::AlignCenter, text());
}

// --- page ----------------------------------------------------------------------------------------------------------

QWidget* scrolledPage(QWidget* page, int maxWidth) {
    auto* holder = new QWidget;
    auto* row = new QHBoxLayout(holder);
    row->setContentsMargins(0, 0, 0, 0);
    page->setMaximumWidth(maxWidth);
    const bool isBounded = maxWidth < QWIDGETSIZE_MAX;
    if (isBounded) row->addStretch(1);
    row->addWidget(page, 1000);
    if (isBounded) row->addStretch(1);
    auto* area = new QScrollArea;
    area->setWidget(holder);
    area->setWidgetResizable(true);
    area->setFrameShape(QFrame::NoFrame);
    area->setHorizontalScrollBarPolicy(Qt::ScrollBarAsNeeded);
    area->setFocusPolicy(Qt::NoFocus);
    return area;
}

} // namespace tallylock::ui
