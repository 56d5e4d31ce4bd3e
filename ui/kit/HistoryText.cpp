#include "ui/kit/HistoryText.h"

#include "ui/kit/TimeText.h"

#include <QCoreApplication>
#include <QDate>
#include <QLocale>
#include <QStringList>

namespace tallylock::ui {

using api::HistoryAlarm;

namespace {
struct HistoryTexts {
    Q_DECLARE_TR_FUNCTIONS(HistoryTexts)
public:
    static QString whatIsWrong(HistoryAlarm alarm);
    static QString sums(const std::vector<money::Amount>& sums, const Units& units);
    static QString alarm(const api::HistoryCheckRow& row);
    static QString summary(const api::HistoryCheckRow& row);
    static QString owed(const api::HistoryCheckRow& row, const Units& units);
};

QString HistoryTexts::whatIsWrong(HistoryAlarm alarm) {
    switch (alarm) {
    case HistoryAlarm::Changed: return tr("The coordinator has changed its history: what it signed before is gone.");
    case HistoryAlarm::Lost: return tr("The coordinator has lost the end of its history.");
    case HistoryAlarm::EventsChanged:
        return tr("The coordinator tells the past of this account otherwise than before.");
    case HistoryAlarm::NotIncluded:
        return tr("Something that the coordinator told this account is not in its history.");
    case HistoryAlarm::NotOwed: return tr("The coordinator has not counted this account rightly among what it owes.");
    case HistoryAlarm::NotSigned:
        return tr("Somebody gave an account of the history that the coordinator did not sign.");
    default: return {};
    }
}

QString HistoryTexts::sums(const std::vector<money::Amount>& sums, const Units& units) {
    QStringList texts;
    for (const money::Amount& sum : sums) texts << units.text(sum);
    return texts.isEmpty() ? tr("nothing") : QLocale().createSeparatedList(texts);
}

QString HistoryTexts::alarm(const api::HistoryCheckRow& row) {
    if (row.alarm == HistoryAlarm::None) return {};
    return whatIsWrong(row.alarm) + u' ' +
           tr("Pay nothing in, and ask the operator. What was signed is kept in this profile (%1).")
               .arg(QString::fromStdString(row.detail));
}

QString HistoryTexts::summary(const api::HistoryCheckRow& row) {
    if (row.checkedMs == 0) return tr("The coordinator's history has not been checked yet.");
    const QLocale locale;
    const QString batches = locale.toString(static_cast<qulonglong>(row.batches));
    if (row.unproven != 0)
        return tr("Events of this account that are being looked up in the coordinator's history: %1")
            .arg(locale.toString(static_cast<qulonglong>(row.unproven)));
    return tr("Checked %1. The coordinator's history goes on from what it signed before, and everything that it told "
              "this account is in it (batches: %2, events of this account: %3).")
        .arg(exactMomentText(row.checkedMs), batches, locale.toString(static_cast<qulonglong>(row.events)));
}

QString HistoryTexts::owed(const api::HistoryCheckRow& row, const Units& units) {
    if (row.owed.empty()) return {};
    const api::OwedDayRow& last = row.owed.back();
    const QString day = QLocale().toString(QDate(1970, 1, 1).addDays(last.day), QLocale::LongFormat);
    return tr("At the end of %1 (UTC) the coordinator owed %2 to all accounts; this one was counted with %3.")
        .arg(day, sums(last.all, units), sums(last.own, units));
}

} // namespace

QString historyAlarmText(const api::HistoryCheckRow& row) { return HistoryTexts::alarm(row); }
QString historySummary(const api::HistoryCheckRow& row) { return HistoryTexts::summary(row); }
QString owedText(const api::HistoryCheckRow& row, const Units& units) { return HistoryTexts::owed(row, units); }

} // namespace tallylock::ui
