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
      m_cancel(new QPushButton(tr("&Cancel"), this)) {
    m_bar->setRange(0, kBarSteps);
    m_bar->setAccessibleName(tr("Progress"));
    m_cancel->setAccessibleName(tr("Cancel"));
    m_cancel->setAutoDefault(false);
    connect(m_cancel, &QPushButton::clicked, this, &ProgressPanel::cancelled);
    auto* row = new QHBoxLayout;
    row->addWidget(m_bar, 1);
    row->addWidget(m_cancel);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(space::kSmall);
    column->addWidget(m_what);
    column->addLayout(row);
    column->addWidget(m_rate);
}

void ProgressPanel::start(const QString& what) {
    m_clock.start();
    m_what->setText(what);
    m_rate->setText(tr("Starting"));
    m_bar->setValue(0);
    m_cancel->setVisible(true);
}

void ProgressPanel::setProgress(std::uint64_t doneBytes, std::uint64_t totalBytes) {
    if (totalBytes == 0) return;
    if (doneBytes > totalBytes) doneBytes = totalBytes;
    m_bar->setValue(static_cast<int>(doneBytes / ((totalBytes + kBarSteps - 1) / kBarSteps)));
    const qint64 tookMs = m_clock.isValid() ? m_clock.elapsed() : 0;
    QString text = tr("%1 of %2").arg(sizeText(doneBytes), sizeText(totalBytes));
    if (tookMs >= kSettleMs && doneBytes > 0) {
        const double bytesPerMs = static_cast<double>(doneBytes) / static_cast<double>(tookMs);
        const auto leftMs = static_cast<std::int64_t>(static_cast<double>(totalBytes - doneBytes) / bytesPerMs);
        //: amount done, speed, time left
        text = tr("%1, %2 per second, %3 left")
                   .arg(text, sizeText(static_cast<std::uint64_t>(bytesPerMs * 1000)), spanText(leftMs));
    }
    m_rate->setText(text);
}

void ProgressPanel::finish(const QString& what) {
    m_what->setText(what);
    m_bar->setValue(kBarSteps);
    m_rate->clear();
    m_cancel->setVisible(false);
}

} // namespace tallylock::ui
