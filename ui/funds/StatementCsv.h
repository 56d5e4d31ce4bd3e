// The statement as comma-separated values (RFC 4180): for spreadsheets and bookkeepers. Decimals are exact, with a
// point and without groups, whatever the person's language; times are UTC (ISO 8601).
#pragma once

#include "core/api/Rows.h"

#include <QByteArray>

namespace tallylock::ui {

/// One field, in quotes where it needs them.
QByteArray csvField(const QByteArray& text);
/// With the line's end.
QByteArray statementCsvHeader();
QByteArray statementCsvLine(const api::StatementRow& row, const api::UnitRow& unit);

} // namespace tallylock::ui
