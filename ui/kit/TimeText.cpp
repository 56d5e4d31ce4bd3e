#include "ui/kit/TimeText.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QLocale>

namespace tallylock::ui {

namespace {
class TimeTexts {
    Q_DECLARE_TR_FUNCTIONS(TimeTexts)
};
constexpr std::int64_t kSecondMs = 1000;
constexpr std::int64_t kMinuteMs = 60 * kSecondMs;
constexpr std::int64_t kHourMs = 60 * kMinuteMs;
constexpr std::int64_t kDayMs = 24 * kHourMs;
} // namespace

std::int64_t nowMs() { return QDateTime::currentMSecsSinceEpoch(); }

QString momentText(std::int64_t timeMs) {
    if (timeMs == 0) return {};
    const QLocale locale;
    const QDateTime moment = QDateTime::fromMSecsSinceEpoch(timeMs);
    QString time = locale.toString(moment.time(), QLocale::ShortFormat);
    const qint64 days = moment.date().daysTo(QDate::currentDate());
    if (days == 0) return time;
    if (days > 0 && days < 7) return locale.dayName(moment.date().dayOfWeek(), QLocale::ShortFormat) + u' ' + time;
    return locale.toString(moment, QLocale::ShortFormat);
}

QString exactMomentText(std::int64_t timeMs) {
    if (timeMs == 0) return {};
    return QLocale().toString(QDateTime::fromMSecsSinceEpoch(timeMs), QLocale::LongFormat);
}

QString spanText(std::int64_t spanMs) {
    const auto whole = [spanMs](std::int64_t part) { return QLocale().toString(qlonglong{spanMs / part}); };
    if (spanMs < kMinuteMs)
        return TimeTexts::tr("%1 s").arg(QLocale().toString(qlonglong{spanMs < 0 ? 0 : spanMs / kSecondMs}));
    if (spanMs < kHourMs) return TimeTexts::tr("%1 min").arg(whole(kMinuteMs));
    if (spanMs < 2 * kDayMs) {
        const std::int64_t minutes = spanMs % kHourMs / kMinuteMs;
        if (minutes == 0 || spanMs >= 10 * kHourMs) return TimeTexts::tr("%1 h").arg(whole(kHourMs));
        return TimeTexts::tr("%1 h %2 min").arg(whole(kHourMs), QLocale().toString(qlonglong{minutes}));
    }
    return TimeTexts::tr("%1 days").arg(whole(kDayMs));
}

QString deadlineText(std::int64_t deadlineMs) {
    if (deadlineMs == 0) return {};
    const std::int64_t left = deadlineMs - nowMs();
    return left <= 0 ? TimeTexts::tr("overdue") : TimeTexts::tr("%1 left").arg(spanText(left));
}

QString sizeText(std::uint64_t bytes) {
    return QLocale().formattedDataSize(static_cast<qint64>(bytes), bytes < 1000 ? 0 : 1, QLocale::DataSizeSIFormat);
}

} // namespace tallylock::ui
