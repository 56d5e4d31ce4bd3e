#include "ui/funds/StatementPanel.h"

#include "ui/funds/FundsModels.h"
#include "ui/funds/StatementExport.h"
#include "ui/kit/Ask.h"
#include "ui/kit/Table.h"
#include "ui/kit/Widgets.h"

#include <QFileDialog>
#include <QVBoxLayout>

#include <algorithm>

namespace tallylock::ui {

StatementPanel::StatementPanel(Context& context, Banner* banner, QWidget* parent)
    : QWidget(parent),
      m_context(context),
      m_banner(banner),
      m_rows(new StatementModel(context.units(), this)),
      m_table(new Table(tr("Statement"))),
      m_count(plainText({}, Rank::Muted)),
      m_older(new QPushButton(tr("Show &older entries"))),
      m_export(new QPushButton(tr("&Export as CSV…"))),
      m_stop(new QPushButton(tr("&Stop"))) {
    m_table->setModel(m_rows);
    m_table->setStretchColumn(StatementModel::kReason);
    m_table->setPlaceholder(tr("Nothing has moved in this unit yet."));
    m_count->setAccessibleName(tr("Entries shown"));
    m_stop->setAccessibleName(tr("Stop the export"));
    m_stop->hide();
    m_older->setEnabled(false);
    auto* buttons = new QHBoxLayout;
    buttons->addWidget(m_older);
    buttons->addWidget(m_count, 1);
    buttons->addWidget(m_stop);
    buttons->addWidget(m_export);
    for (QPushButton* button : {m_older, m_export, m_stop}) button->setAutoDefault(false);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, space::kSmall, 0, 0);
    layout->setSpacing(space::kSmall);
    layout->addWidget(m_table, 1);
    layout->addLayout(buttons);
    connect(m_older, &QPushButton::clicked, this, [this] { load(m_next); });
    connect(m_export, &QPushButton::clicked, this, &StatementPanel::choosePath);
    connect(m_stop, &QPushButton::clicked, this, [this] {
        endExport();
        m_banner->tell(tr("The export was stopped. No file was written."));
    });
}

void StatementPanel::setUnit(api::UnitId unit) {
    if (unit == m_unit) return;
    m_unit = unit;
    m_next = 0;
    m_rows->setStatement({});
    showOlder();
    refresh();
}

void StatementPanel::refresh() {
    if (m_unit) load(0);
}

void StatementPanel::load(std::uint64_t before) {
    m_older->setEnabled(false);
    m_context.session().statementPage(m_unit, before, kPage,
                                      ask(
                                          this, m_banner,
                                          [this, before, asked = m_unit](const api::StatementPage& page) {
                                              if (asked == m_unit) take(before, page);
                                          },
                                          [this] { showOlder(); }));
}

/// Older pages go below. The newest page goes above what is there, or takes its place where something would be missing
/// between the two.
void StatementPanel::take(std::uint64_t before, const api::StatementPage& page) {
    std::vector<api::StatementRow> rows = m_rows->rows();
    const auto isHere = [&page](const api::StatementRow& known) {
        return std::any_of(page.rows.begin(), page.rows.end(),
                           [&known](const api::StatementRow& row) { return row.entry == known.entry; });
    };
    const bool joins = before != 0 || (!rows.empty() && isHere(rows.front()));
    if (!joins) rows.clear();
    if (!joins || before != 0) m_next = page.next;
    std::erase_if(rows, isHere);
    rows.insert(rows.end(), page.rows.begin(), page.rows.end());
    m_rows->setStatement(std::move(rows));
    showOlder();
}

void StatementPanel::showOlder() {
    m_older->setEnabled(m_next != 0);
    const int shown = m_rows->rowCount();
    m_count->setText(m_next != 0 ? tr("%n entries, and older ones", nullptr, shown) : tr("%n entries", nullptr, shown));
}

void StatementPanel::choosePath() {
    const QString name = tr("statement-%1.csv").arg(m_context.units().code(m_unit));
    auto* dialog = new QFileDialog(this, tr("Save the statement"), name);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setNameFilter(tr("Comma-separated values (*.csv)"));
    dialog->setDefaultSuffix(QStringLiteral("csv"));
    dialog->selectFile(name);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QFileDialog::fileSelected, this, &StatementPanel::exportTo);
    dialog->open();
}

void StatementPanel::endExport() {
    if (m_running) m_running->deleteLater();
    m_running = nullptr;
    m_stop->hide();
    m_export->setEnabled(true);
}

void StatementPanel::exportTo(const QString& path) {
    endExport();
    m_running = new StatementExport(m_context, m_unit, path, this);
    m_export->setEnabled(false);
    m_stop->show();
    connect(m_running, &StatementExport::progressed, this, [this](qulonglong rows) {
        m_banner->tell(tr("%n entries written so far…", nullptr, static_cast<int>(rows)));
    });
    connect(m_running, &StatementExport::finished, this, [this](qulonglong rows) {
        endExport();
        m_banner->succeed(tr("The statement was saved: %n entries.", nullptr, static_cast<int>(rows)));
    });
    connect(m_running, &StatementExport::refused, this, [this](const api::Refusal& refusal) {
        endExport();
        m_banner->refuse(refusal);
    });
    connect(m_running, &StatementExport::failed, this, [this](const QString& reason) {
        endExport();
        m_banner->refuse(tr("The file could not be written: %1").arg(reason));
    });
    m_running->start();
}

} // namespace tallylock::ui
