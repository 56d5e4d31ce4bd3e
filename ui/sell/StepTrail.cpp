#include "ui/sell/StepTrail.h"

#include "ui/kit/Theme.h"

#include <QLocale>
#include <QPainter>

namespace tallylock::ui {
namespace {

constexpr int kDot = 22;

} // namespace

StepTrail::StepTrail(QStringList steps, QWidget* parent) : QWidget(parent), m_steps(std::move(steps)) {
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setCurrent(0);
}

void StepTrail::setCurrent(int step) {
    m_current = step;
    setAccessibleName(tr("Step %1 of %2: %3").arg(step + 1).arg(m_steps.size()).arg(m_steps.value(step)));
    update();
}

QSize StepTrail::sizeHint() const { return {static_cast<int>(m_steps.size()) * 90, kDot + 4 + fontMetrics().height()}; }

void StepTrail::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const Tints tints = tintsOf(palette());
    const int count = static_cast<int>(m_steps.size());
    const int cell = width() / count;
    const auto centre = [&](int step) {
        const int x = cell * step + cell / 2;
        return QPoint(layoutDirection() == Qt::RightToLeft ? width() - x : x, kDot / 2 + 1);
    };
    for (int step = 0; step + 1 < count; ++step) {
        painter.setPen(QPen(step < m_current ? tints.accent : tints.line, 2));
        painter.drawLine(centre(step), centre(step + 1));
    }
    for (int step = 0; step < count; ++step) {
        const bool reached = step <= m_current;
        QRect dot(0, 0, kDot, kDot);
        dot.moveCenter(centre(step));
        painter.setPen(QPen(reached ? tints.accent : tints.line, 2));
        painter.setBrush(reached ? tints.accent : palette().color(QPalette::Window));
        painter.drawEllipse(dot);
        if (step < m_current)
            painter.drawPixmap(dot.adjusted(4, 4, -4, -4),
                               iconPixmap(QStringLiteral("check"), kDot - 8, tints.onAccent, devicePixelRatioF()));
        QFont font = this->font();
        painter.setPen(reached ? tints.onAccent : tints.muted);
        if (step >= m_current) painter.drawText(dot, Qt::AlignCenter, locale().toString(step + 1));
        font.setBold(step == m_current);
        painter.setFont(font);
        painter.setPen(step == m_current ? palette().color(QPalette::WindowText) : tints.muted);
        const QRect words(centre(step).x() - cell / 2, kDot + 4, cell, fontMetrics().height());
        painter.drawText(words, Qt::AlignHCenter | Qt::AlignTop, m_steps[step]);
        painter.setFont(this->font());
    }
}

} // namespace tallylock::ui
