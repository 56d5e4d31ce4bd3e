// Tells when nobody has touched the program for a while, so that a window can lock its profile.
//
// How long is a setting of this computer, in minutes; zero: never. GUI thread.
#pragma once

#include <QObject>
#include <QTimer>

namespace tallylock::ui {

class IdleLock : public QObject {
    Q_OBJECT
    /// For a shorter time than a setting allows.
    Q_PROPERTY(int afterMs READ afterMs WRITE setAfterMs NOTIFY afterMsChanged)
public:
    /// What people may choose from, in minutes.
    static constexpr int kChoices[] = {5, 15, 60, 0};
    static constexpr int kUsual = 15;

    explicit IdleLock(QObject* parent = nullptr);

    static int minutes();
    /// Of all windows, from their next touch on; of this one at once.
    void setMinutes(int minutes);
    int afterMs() const { return m_timer.interval(); }
    void setAfterMs(int ms);

signals:
    /// Told again after the same time as long as nobody touches anything.
    void idle();
    void afterMsChanged();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void restart();

    QTimer m_timer;
};

} // namespace tallylock::ui
