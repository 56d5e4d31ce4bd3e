#include "ui/shell/IdleLock.h"

#include <QApplication>
#include <QEvent>
#include <QSettings>

#include <algorithm>

namespace tallylock::ui {

static constexpr int kMinuteMs = 60'000;
static QString setting() { return QStringLiteral("lock/idleMinutes"); }

static bool isTouch(QEvent::Type type) {
    switch (type) {
    case QEvent::KeyPress:
    case QEvent::MouseButtonPress:
    case QEvent::MouseMove:
    case QEvent::Wheel:
    case QEvent::TouchBegin:
    case QEvent::TabletPress:
    case QEvent::InputMethod: return true;
    default: return false;
    }
}

IdleLock::IdleLock(QObject* parent) : QObject(parent) {
    connect(&m_timer, &QTimer::timeout, this, &IdleLock::idle);
    setObjectName(QStringLiteral("idleLock"));
    qApp->installEventFilter(this);
    setAfterMs(minutes() * kMinuteMs);
}

int IdleLock::minutes() {
    bool isNumber = false;
    const int set = QSettings().value(setting(), kUsual).toInt(&isNumber);
    const bool isChoice = std::find(std::begin(kChoices), std::end(kChoices), set) != std::end(kChoices);
    return isNumber && isChoice ? set : kUsual;
}

void IdleLock::setMinutes(int minutes) {
    QSettings().setValue(setting(), minutes);
    setAfterMs(minutes * kMinuteMs);
}

void IdleLock::setAfterMs(int ms) {
    m_timer.setInterval(ms);
    restart();
    emit afterMsChanged();
}

void IdleLock::restart() {
    if (m_timer.interval() > 0)
        m_timer.start();
    else
        m_timer.stop();
}

bool IdleLock::eventFilter(QObject* watched, QEvent* event) {
    if (isTouch(event->type()) && m_timer.isActive()) m_timer.start();
    return QObject::eventFilter(watched, event);
}

} // namespace tallylock::ui
