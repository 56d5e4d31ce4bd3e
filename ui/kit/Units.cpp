#include "ui/kit/Units.h"

#include "core/money/Decimal.h"

#include <algorithm>

namespace tallylock::ui {

namespace {

using api::Problem;

constexpr QChar kFigureSpace(0x2007);      // as wide as a digit
constexpr QChar kPunctuationSpace(0x2008); // as wide as a point

/// How many digits the locale puts into the last group and the others, and from how many on it groups at all.
struct Grouping {
    qsizetype last = 3;
    qsizetype other = 3;
    qsizetype from = 4;
};

/// Qt has no question for it, so it is read off two numbers that Qt formats.
Grouping groupingOf(const QLocale& locale) {
    Grouping grouping;
    const QString separator = locale.groupSeparator();
    if (separator.isEmpty()) return grouping;
    const QStringList groups = locale.toString(qlonglong{1'234'567'890'123}).split(separator);
    if (groups.size() < 2) return grouping;
    const qsizetype digitSize = locale.zeroDigit().size();
    grouping.last = groups.back().size() / digitSize;
    grouping.other = groups.size() > 2 ? groups[groups.size() - 2].size() / digitSize : grouping.last;
    grouping.from = locale.toString(1234).contains(separator) ? 4 : 5;
    return grouping;
}

/// Puts a mark between the groups of ASCII digits.
QString grouped(const QString& digits, const Grouping& grouping, const QString& mark) {
    if (digits.size() < grouping.from) return digits;
    QString out = digits;
    for (qsizetype at = digits.size() - grouping.last; at > 0; at -= grouping.other) out.insert(at, mark);
    return out;
}

QString inLocaleDigits(const QString& ascii, const QLocale& locale) {
    const QString zero = locale.zeroDigit();
    if (zero == u"0" || zero.size() != 1) return ascii;
    QString out = ascii;
    for (QChar& c : out) {
        if (c >= u'0' && c <= u'9') c = QChar(zero[0].unicode() + (c.unicode() - u'0'));
    }
    return out;
}

bool isBlankMark(const QString& mark) {
    return mark == u" " || mark == u"\u00a0" || mark == u"\u202f" || mark == u"\u2009";
}

/// Digits become ASCII, the locale's group mark ',', its decimal sign '.', a minus '-'. Anything else spoils the text.
QString plainMarks(const QString& text, const QLocale& locale) {
    const QString zero = locale.zeroDigit();
    const QString mark = locale.groupSeparator();
    QString out;
    for (const QChar c : text) {
        const int digit = zero.size() == 1 ? c.unicode() - zero[0].unicode() : -1;
        if (c >= u'0' && c <= u'9')
            out += c;
        else if (digit >= 0 && digit <= 9)
            out += QChar(u'0' + digit);
        else if (QString(c) == locale.decimalPoint())
            out += u'.';
        else if (QString(c) == mark || (isBlankMark(mark) && isBlankMark(QString(c))))
            out += u',';
        else if ((mark == u"'" || mark == u"\u2019") && (c == u'\'' || c == QChar(0x2019)))
            out += u',';
        else if (c == u'-' || c == QChar(0x2212) || QString(c) == locale.negativeSign())
            out += u'-';
        else
            return {};
    }
    return out;
}

Problem problemOf(money::MoneyError error) {
    switch (error) {
    case money::MoneyError::Overflow:
    case money::MoneyError::TooLong: return Problem::AmountOverflow;
    case money::MoneyError::Negative: return Problem::AmountNegative;
    case money::MoneyError::TooManyDecimals: return Problem::AmountTooPrecise;
    default: return Problem::AmountInvalid;
    }
}

} // namespace

QString moneyText(const api::Amount& amount, int decimals, int minFraction, const QLocale& locale) {
    money::DecimalStyle style;
    style.keep = static_cast<unsigned>(std::clamp(minFraction, 0, decimals));
    QString whole = QString::fromStdString(money::formatDecimal(amount.value, static_cast<unsigned>(decimals), style));
    const bool negative = whole.startsWith(u'-');
    if (negative) whole.remove(0, 1);
    QString fraction;
    if (const qsizetype point = whole.indexOf(u'.'); point >= 0) {
        fraction = whole.mid(point + 1);
        whole.truncate(point);
    }
    QString out = negative ? locale.negativeSign() : QString();
    out += inLocaleDigits(grouped(whole, groupingOf(locale), locale.groupSeparator()), locale);
    if (!fraction.isEmpty()) out += locale.decimalPoint() + inLocaleDigits(fraction, locale);
    return out;
}

Result<api::Amount, Problem> parseMoney(const QString& text, const api::UnitRow& unit, int fraction,
                                        const QLocale& locale) {
    QString plain = plainMarks(text.trimmed(), locale);
    const bool negative = plain.startsWith(u'-');
    if (negative) plain.remove(0, 1);
    qsizetype point = plain.indexOf(u'.');
    if (point < 0) point = plain.size();
    QString whole = plain.left(point);
    const QString rest = plain.mid(point);
    if (whole.contains(u',')) {
        QString digits = whole;
        digits.remove(u',');
        Grouping grouping = groupingOf(locale);
        grouping.from = grouping.last + 1; // people may group where the locale would not yet
        if (grouped(digits, grouping, QStringLiteral(",")) != whole) return Err(Problem::AmountInvalid);
        whole = digits;
    }
    if (whole.isEmpty() && rest.size() > 1) whole = QStringLiteral("0"); // ".5"
    if (rest.contains(u',') || rest == u".") return Err(Problem::AmountInvalid);

    const auto value = money::parseDecimal((whole + rest).toStdString(), static_cast<unsigned>(unit.decimals));
    if (!value) return Err(problemOf(value.error()));
    if (negative) return Err(Problem::AmountNegative);
    if (fraction >= 0 && rest.size() - 1 > fraction) return Err(Problem::AmountTooPrecise);
    return api::Amount{*value, unit.id};
}

const api::UnitRow& Units::row(api::UnitId id) const {
    static const api::UnitRow kUnknown{{}, "?", 0, 0, false};
    const auto found = std::find_if(m_rows.begin(), m_rows.end(), [id](const auto& row) { return row.id == id; });
    return found == m_rows.end() ? kUnknown : *found;
}

QString Units::code(api::UnitId id) const { return QString::fromStdString(row(id).code); }

QString Units::number(const api::Amount& amount) const {
    const api::UnitRow& unit = row(amount.unit);
    return moneyText(amount, unit.decimals, unit.shownDecimals);
}

QString Units::text(const api::Amount& amount) const { return number(amount) + QChar(QChar::Nbsp) + code(amount.unit); }

int Units::fractionOf(const api::Amount& amount) const {
    const QString text = number(amount);
    const qsizetype point = text.lastIndexOf(QLocale().decimalPoint());
    return point < 0 ? 0 : static_cast<int>(text.size() - point - 1);
}

QString Units::signedText(const api::Amount& amount) const {
    return (amount.isPositive() ? QLocale().positiveSign() : QString()) + text(amount);
}

QString Units::column(const api::Amount& amount, int fraction) const {
    const api::UnitRow& unit = row(amount.unit);
    const int width = fraction < 0 ? unit.decimals : fraction;
    QString out = moneyText(amount, unit.decimals, unit.shownDecimals);
    const qsizetype point = out.lastIndexOf(QLocale().decimalPoint());
    const qsizetype has = point < 0 ? 0 : out.size() - point - 1;
    if (width > 0 && has == 0) out += kPunctuationSpace;
    if (width > has) out += QString(width - has, kFigureSpace);
    return out;
}

} // namespace tallylock::ui
