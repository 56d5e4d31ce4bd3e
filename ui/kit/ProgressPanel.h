// Progress of a long job: a bar, how much, how fast, how long still, and buttons that pause and cancel.
#pragma once

#include "core/api/Session.h"

#include <QElapsedTimer>
#include <QWidget>

class QLabel;
class QProgressBar;
class QPushButton;

namespace tallylock::ui {

class ProgressPanel : public QWidget {
    Q_OBJECT
public:
    explicit ProgressPanel(QWidget* parent = nullptr);
    /// Lets a paused job run on: nobody could resume it any more.
    ~ProgressPanel() override;

    /// Restarts the clock. `what` such as "Encrypting song.flac". The buttons come with the job.
    void start(const QString& what);
    /// The job that the buttons pause, resume and cancel.
    void steer(std::shared_ptr<api::Job> job);
    void setProgress(std::uint64_t doneBytes, std::uint64_t totalBytes);
    /// A job is at work; a paused one is not.
    bool isRunning() const { return m_job != nullptr && !m_paused; }
    /// The bar is full and the buttons are gone.
    void finish(const QString& what);
    /// The job has ended in another way: the buttons are gone.
    void stop();

private:
    void pauseOrResume();
    void showState();
    qint64 workedMs() const;

    QElapsedTimer m_clock;     ///< since the start or the last resumption
    qint64 m_workedBefore = 0; ///< ms until the last pause
    bool m_paused = false;
    std::uint64_t m_doneBytes = 0;
    std::uint64_t m_totalBytes = 0;
    std::shared_ptr<api::Job> m_job;
    QLabel* m_what;
    QProgressBar* m_bar;
    QLabel* m_rate;
    QPushButton* m_pause;
    QPushButton* m_cancel;
};

} // namespace tallylock::ui
