#include "ui/sales/SpotPanel.h"

#include "ui/kit/Ask.h"
#include "ui/kit/Facts.h"
#include "ui/kit/SaleText.h"
#include "ui/kit/TimeText.h"
#include "ui/kit/View.h"

#include <QDir>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QProgressBar>
#include <QVBoxLayout>

namespace tallylock::ui {

SpotPanel::SpotPanel(Context& context, Banner* banner, QWidget* parent)
    : Card(parent),
      m_context(context),
      m_banner(banner),
      m_badge(new Badge({}, Badge::Tone::Muted, this)),
      m_text(plainText({}, Rank::Normal, this)),
      m_busy(new QProgressBar(this)),
      m_facts(new Facts(this)),
      m_check(new PrimaryButton(tr("&Check some portions now"), this)),
      m_save(new QPushButton(tr("Save the &portions…"), this)) {
    setAccessibleName(tr("Spot check"));
    auto* head = new QHBoxLayout;
    head->addWidget(sectionHeading(tr("Spot check before paying"), this), 1);
    head->addWidget(m_badge);
    body()->addLayout(head);
    m_text->setAccessibleName(tr("Result of the spot check"));
    body()->addWidget(m_text);
    m_busy->setRange(0, 0);
    m_busy->setTextVisible(false);
    m_busy->setAccessibleName(tr("Checking portions"));
    body()->addWidget(m_busy);
    body()->addWidget(m_facts);
    m_check->setAccessibleName(tr("Check some portions"));
    m_save->setAccessibleName(tr("Save the portions"));
    auto* row = new QHBoxLayout;
    for (QPushButton* button : {m_check, m_save}) {
        button->setAutoDefault(false);
        row->addWidget(button);
    }
    row->addStretch(1);
    body()->addLayout(row);
    connect(m_check, &QPushButton::clicked, this, [this] { check({}); });
    connect(m_save, &QPushButton::clicked, this, &SpotPanel::pickFolder);
    hide();
}

void SpotPanel::setSale(SaleId sale, const api::SpotCheckRow& spot) {
    m_sale = sale;
    m_spot = spot;
    fill();
}

static QString portionNumbers(const std::vector<api::SpotPortionRow>& samples, bool again) {
    QStringList numbers;
    for (const api::SpotPortionRow& sample : samples)
        if (sample.again == again) numbers << QLocale().toString(static_cast<qulonglong>(sample.index) + 1);
    return numbers.join(QStringLiteral(", "));
}

void SpotPanel::fill() {
    using api::SpotState;
    const QLocale locale;
    const bool checking = m_checking == m_sale && m_sale;
    const SpotState state = m_spot.state;
    const bool worthSaying = m_spot.possible || state == SpotState::Passed || state == SpotState::Failed ||
                             (state == SpotState::TooSmall && m_spot.portions != 0);
    setVisible(worthSaying);
    m_facts->clear();
    m_badge->setVisible(state == SpotState::Passed || state == SpotState::Failed);
    setRaised(m_spot.possible && state == SpotState::Possible);
    if (state == SpotState::Passed) {
        fillPassed();
    } else if (state == SpotState::Failed) {
        fillFailed();
    } else if (state == SpotState::TooSmall) {
        m_text->setText(
            tr("This file has %n portion(s). Under 100, none of them may be opened before it is paid, so there "
               "is no spot check. What you can check are the preview and the seller.",
               nullptr, static_cast<int>(m_spot.portions)));
    } else {
        m_text->setText(
            tr("You and the key server draw some portions of the file together, so that neither can choose "
               "them. The key server opens them for you, and this app proves that they belong to the file "
               "that the seller has sealed. Of this file's %1 portions, %2 are ever opened before a payment.")
                .arg(locale.toString(static_cast<qulonglong>(m_spot.portions)),
                     locale.toString(static_cast<qulonglong>(m_spot.budget))));
    }
    m_facts->setVisible(state == SpotState::Passed || state == SpotState::Failed);
    m_busy->setVisible(checking);
    m_check->setVisible(m_spot.possible && state != SpotState::Passed);
    m_check->setEnabled(!checking);
    m_check->setText(state == SpotState::Failed ? tr("Check a&gain") : tr("&Check some portions now"));
    m_save->setVisible(m_spot.possible && state == SpotState::Passed);
    m_save->setEnabled(!checking);
}

void SpotPanel::fillPassed() {
    const QLocale locale;
    m_badge->setText(tr("Passed"));
    m_badge->setTone(Badge::Tone::Good);
    m_text->setText(tr("These portions were opened with the very key that is kept for you. They belong to the sealed "
                       "file and to the content that the seller has bound, by both roots in the signed terms."));
    if (const QString fresh = portionNumbers(m_spot.samples, false); !fresh.isEmpty())
        m_facts->add(tr("Drawn by you and the key server"), fresh);
    if (const QString again = portionNumbers(m_spot.samples, true); !again.isEmpty())
        m_facts->add(tr("Opened for an earlier buyer"), again);
    m_facts->add(tr("Opened so far"), tr("%1 of the %2 that are ever opened, out of %3 portions")
                                          .arg(locale.toString(static_cast<qulonglong>(m_spot.opened)),
                                               locale.toString(static_cast<qulonglong>(m_spot.budget)),
                                               locale.toString(static_cast<qulonglong>(m_spot.portions))));
    m_facts->add(tr("Checked"), exactMomentText(m_spot.timeMs));
    QStringList places;
    for (const api::SpotPortionRow& sample : m_spot.samples)
        if (!sample.path.empty()) places << QDir::toNativeSeparators(QString::fromStdString(sample.path));
    if (!places.isEmpty()) m_facts->add(tr("Saved"), places.join(u'\n'));
}

void SpotPanel::fillFailed() {
    m_badge->setText(tr("Failed"));
    m_badge->setTone(Badge::Tone::Bad);
    m_text->setText(
        tr("The spot check failed. Do not pay. The sale ends by itself at its deadline, and nothing is lost. "
           "If the fault was a passing one, you can check again."));
    m_facts->add(tr("What did not fit"), QString::fromStdString(m_spot.problem));
    m_facts->add(tr("Whose doing"), blameText(m_spot.blame));
}

void SpotPanel::check(const QString& folder) {
    m_checking = m_sale;
    m_banner->clear();
    fill();
    m_context.session().spotCheck(m_sale, folder.toStdString(),
                                  askRaw(this, [this, sale = m_sale](api::Answer<api::SpotCheckRow> answer) {
                                      m_checking = {};
                                      if (sale != m_sale) return;
                                      if (answer) m_spot = *answer;
                                      fill();
                                      if (!answer) m_banner->refuse(answer.error());
                                  }));
}

void SpotPanel::pickFolder() {
    auto* dialog = new QFileDialog(this, tr("Save the portions in a folder"));
    dialog->setFileMode(QFileDialog::Directory);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QFileDialog::fileSelected, this, &SpotPanel::check);
    dialog->open();
}

} // namespace tallylock::ui
