// What was found of the coordinator's history, in words.
#pragma once

#include "core/api/History.h"
#include "ui/kit/Units.h"

#include <QString>

namespace tallylock::ui {

/// What a person must know and do. Empty without an alarm.
QString historyAlarmText(const api::HistoryCheckRow& row);
/// "Checked today at 12:03: 1,234 batches, and all 56 entries of this account are in them."
QString historySummary(const api::HistoryCheckRow& row);
/// "On 27 November 2026 the coordinator owed all accounts ... This account was counted with ...". Empty: no day yet.
QString owedText(const api::HistoryCheckRow& row, const Units& units);

} // namespace tallylock::ui
