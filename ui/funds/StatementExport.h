// Writes a whole statement to a file, page after page, without stopping the window. The file appears under its name
// only when it is whole.
#pragma once

#include "ui/kit/View.h"

#include <QSaveFile>

namespace tallylock::ui {

/// Ends with one of finished(), refused() and failed(), unless it is deleted before: then nothing is left behind.
class StatementExport : public QObject {
    Q_OBJECT

public:
    StatementExport(Context& context, api::UnitId unit, const QString& path, QObject* parent = nullptr);
    void start();

signals:
    void progressed(qulonglong rows);
    void finished(qulonglong rows);
    void refused(const tallylock::api::Refusal& refusal);
    /// The disk's reason.
    void failed(const QString& reason);

private:
    void ask(std::uint64_t before);
    void take(const api::StatementPage& page);

    Context& m_context;
    api::UnitId m_unit;
    QSaveFile m_file;
    qulonglong m_rows = 0;
};

} // namespace tallylock::ui
