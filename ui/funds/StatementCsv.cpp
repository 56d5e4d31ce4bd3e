#include "ui/funds/StatementCsv.h"

#include "core/money/Decimal.h"

#include <QDateTime>
#include <QTimeZone>

namespace tallylock::ui {

QByteArray csvField(const QByteArray& text) {
    const bool plain = !text.contains(',') && !text.contains('"') && !text.contains('\r') && !text.contains('\n');
    if (plain) return text;
    QByteArray inside = text;
    return '"' + inside.replace("\"", "\"\"") + '"';
}

QByteArray statementCsvHeader() { return "entry,time,reason,change,balance,unit\r\n"; }

QByteArray statementCsvLine(const api::StatementRow& row, const api::UnitRow& unit) {
    const auto exact = [&unit](const api::Amount& amount) {
        return QByteArray::fromStdString(money::formatDecimal(amount.value, static_cast<unsigned>(unit.decimals)));
    };
    const auto time = QDateTime::fromMSecsSinceEpoch(row.timeMs, Qt::UTC).toString(Qt::ISODateWithMs).toLatin1();
    return QByteArray::number(static_cast<qulonglong>(row.entry.value)) + ',' + time + ',' +
           csvField(QByteArray::fromStdString(row.reason)) + ',' + exact(row.delta) + ',' + exact(row.balance) + ',' +
           csvField(QByteArray::fromStdString(unit.code)) + "\r\n";
}

} // namespace tallylock::ui
