#include "ui/funds/StatementExport.h"

#include "ui/funds/StatementCsv.h"
#include "ui/kit/Ask.h"

namespace tallylock::ui {

constexpr std::uint32_t kExportPage = 1000;

StatementExport::StatementExport(Context& context, api::UnitId unit, const QString& path, QObject* parent)
    : QObject(parent),
      m_context(context),
      m_unit(unit),
      m_file(path) {}

void StatementExport::start() {
    if (!m_file.open(QIODevice::WriteOnly)) {
        emit failed(m_file.errorString());
        return;
    }
    m_file.write(statementCsvHeader());
    ask(0);
}

void StatementExport::ask(std::uint64_t before) {
    m_context.session().statementPage(m_unit, before, kExportPage,
                                      askRaw(this, [this](const api::Answer<api::StatementPage>& page) {
                                          if (page)
                                              take(*page);
                                          else
                                              emit refused(page.error());
                                      }));
}

void StatementExport::take(const api::StatementPage& page) {
    const api::UnitRow& unit = m_context.units().row(m_unit);
    for (const api::StatementRow& row : page.rows) m_file.write(statementCsvLine(row, unit));
    m_rows += page.rows.size();
    if (m_file.error() != QFileDevice::NoError) {
        emit failed(m_file.errorString());
        return;
    }
    emit progressed(m_rows);
    if (page.next != 0) {
        ask(page.next);
    } else if (m_file.commit()) {
        emit finished(m_rows);
    } else {
        emit failed(m_file.errorString());
    }
}

} // namespace tallylock::ui
