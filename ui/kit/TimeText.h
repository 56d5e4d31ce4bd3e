// Moments and spans as people read them.
#pragma once

#include <QString>

#include <cstdint>

namespace tallylock::ui {

/// Now, in milliseconds since 1970 UTC.
std::int64_t nowMs();
/// "14:05" today, "Tue 14:05" this week, else the short date and time. Empty for 0.
QString momentText(std::int64_t timeMs);
/// The full date and time with seconds, for tool tips and receipts.
QString exactMomentText(std::int64_t timeMs);
/// "3 min left", "2 days left", "overdue". Empty for 0.
QString deadlineText(std::int64_t deadlineMs);
/// "45 s", "3 min", "2 h 5 min", "4 days".
QString spanText(std::int64_t spanMs);
/// "12.4 MB" in the locale's digits.
QString sizeText(std::uint64_t bytes);

} // namespace tallylock::ui
