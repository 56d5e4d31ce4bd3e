#include "ui/kit/HoldButton.h"

#include "ui/kit/Theme.h"

#include <QPainter>
#include <QStyle>

namespace tallylock::ui {

HoldButton::HoldButton(const QString& text, QWidget* parent) : QPushButton(text, parent) {
    setAutoDefault(false);
    setToolTip(tr("Keep pressed for a second."));
    setAccessibleDescription(toolTip());
    m_progress.setStartValue(0);
    m_progress.setEndValue(1000);
    m_progress.setDuration(kHoldMs);
    connect(this, &QPushButton::pressed, this, [this] { m_progress.start(); });
    connect(this, &QPushButton::released, this, [this] {
        m_progress.stop();
        update();
    });
    connect(&m_progress, &QVariantAnimation::valueChanged, this, [this] { update(); });
    connect(&m_progress, &QVariantAnimation::finished, this, [this] {
        update();
        if (isDown()) emit held();
    });
}

void HoldButton::paintEvent(QPaintEvent* event) {
    QPushButton::paintEvent(event);
    if (m_progress.state() != QAbstractAnimation::Running) return;
    QRect bar = rect().adjusted(3, 0, -3, -3);
    bar.setTop(bar.bottom() - 2);
    bar.setWidth(bar.width() * m_progress.currentValue().toInt() / 1000);
    QPainter painter(this);
    painter.fillRect(QStyle::visualRect(layoutDirection(), rect(), bar), tintsOf(palette()).bad);
}

} // namespace tallylock::ui
