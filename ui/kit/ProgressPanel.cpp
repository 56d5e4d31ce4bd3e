#include "ui/kit/ProgressPanel.h"

#include "ui/kit/Theme.h"
#include "ui/kit/TimeText.h"
#include "ui/kit/Widgets.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QVBoxLayout>

namespace tallylock::ui {

namespace {
constexpr int kBarSteps = 1000;
constexpr qint64 kSettleMs = 500; // a rate measured over less is noise
} // namespace

ProgressPanel::ProgressPanel(QWidget* parent)
    : QWidget(parent),
      m_what(plainText({}, Rank::Normal, this)),
      m_bar(new QProgressBar(this)),
      m_rate(plainText({}, Rank::Muted, this)),
      m_pause(new QPushButton(this)),
      m_cancel(new QPushButton(tr("&Cancel"), this)) {
    m_bar->setRange(0, kBarSteps);
    m_bar->setAccessibleName(tr("Progress"));
    m_cancel->setAccessibleName(tr("Cancel"));
    auto* row = new QHBoxLayout;
    row->addWidget(m_bar, 1);
    for (QPushButton* button : {m_pause, m_cancel}) {
        button->setAutoDefault(false);
        row->addWidget(button);
    }
    connect(m_pause, &QPushButton::clicked, this, &ProgressPanel::pauseOrResume);
    connect(m_cancel, &QPushButton::clicked, this, [this] {
        if (m_job) m_job->cancel();
    });
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(space::kSmall);
    column->addWidget(m_what);
    column->addLayout(row);
    column->addWidget(m_rate);
    showState();
}

ProgressPanel::~ProgressPanel() {
    if (m_job && m_paused) m_job->resume();
}

void ProgressPanel::start(const QString& what) {
    m_clock.start();
    m_workedBefore = 0;
    m_paused = false;
    m_doneBytes = 0;
    m_totalBytes = 0;
    m_job.reset();
    m_what->setText(what);
    m_bar->setValue(0);
    showState();
}

void ProgressPanel::steer(std::shared_ptr<api::Job> job) {
    m_job = std::move(job);
    showState();
}

void ProgressPanel::pauseOrResume() {
    if (!m_job) return;
    if (m_paused) {
        m_clock.start();
        m_job->resume();
    } else {
        m_workedBefore = workedMs();
        m_job->pause();
    }
    m_paused = !m_paused;
    showState();
}

qint64 ProgressPanel::workedMs() const {
    return m_workedBefore + (m_clock.isValid() && !m_paused ? m_clock.elapsed() : 0);
}

void ProgressPanel::setProgress(std::uint64_t doneBytes, std::uint64_t totalBytes) {
    if (totalBytes == 0) return;
    m_doneBytes = std::min(doneBytes, totalBytes);
    m_totalBytes = totalBytes;
    m_bar->setValue(static_cast<int>(m_doneBytes / ((totalBytes + kBarSteps - 1) / kBarSteps)));
    showState();
}

void ProgressPanel::showState() {
    m_pause->setVisible(m_job != nullptr);
    m_cancel->setVisible(m_job != nullptr);
    m_pause->setText(m_paused ? tr("&Resume") : tr("&Pause"));
    m_pause->setAccessibleName(m_paused ? tr("Resume") : tr("Pause"));
    if (m_totalBytes == 0) {
        m_rate->setText(m_paused ? tr("Paused") : tr("Starting"));
        return;
    }
    const QString amount = tr("%1 of %2").arg(sizeText(m_doneBytes), sizeText(m_totalBytes));
    const qint64 tookMs = workedMs();
    if (m_paused) {
        //: amount done
        m_rate->setText(tr("%1, paused").arg(amount));
    } else if (tookMs >= kSettleMs && m_doneBytes > 0) {
        const double bytesPerMs = static_cast<double>(m_doneBytes) / static_cast<double>(tookMs);
        const auto leftMs = static_cast<std::int64_t>(static_cast<double>(m_totalBytes - m_doneBytes) / bytesPerMs);
        //: amount done, speed, time left
        m_rate->setText(tr("%1, %2 per second, %3 left")
                            .arg(amount, sizeText(static_cast<std::uint64_t>(bytesPerMs * 1000)), spanText(leftMs)));
    } else {
        m_rate->setText(amount);
    }
}

void ProgressPanel::finish(const QString& what) {
    m_what->setText(what);
    stop();
    m_bar->setValue(kBarSteps);
}

void ProgressPanel::stop() {
    m_job.reset();
    m_paused = false;
    showState();
    m_rate->clear();
}

} // namespace tallylock::ui
