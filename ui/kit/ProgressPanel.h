// Progress of long work: a bar, how much, how fast, how long still, and a button that cancels.
#pragma once

#include <QElapsedTimer>
#include <QWidget>

#include <cstdint>

class QLabel;
class QProgressBar;
class QPushButton;

namespace tallylock::ui {

class ProgressPanel : public QWidget {
    Q_OBJECT
public:
    explicit ProgressPanel(QWidget* parent = nullptr);

    /// Restarts the clock. `what` such as "Encrypting song.flac".
    void start(const QString& what);
    void setProgress(std::uint64_t doneBytes, std::uint64_t totalBytes);
    /// The bar is full and the button gone.
    void finish(const QString& what);

signals:
    void cancelled();

private:
    QElapsedTimer m_clock;
    QLabel* m_what;
    QProgressBar* m_bar;
    QLabel* m_rate;
    QPushButton* m_cancel;
};

} // namespace tallylock::ui
