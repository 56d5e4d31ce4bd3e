// The ledger units by id, and money as text. Integers only: no digit of an amount passes through floating point.
#pragma once

#include "core/api/Problem.h"
#include "core/api/Rows.h"
#include "core/base/Result.h"

#include <QLocale>
#include <QString>

#include <vector>

namespace tallylock::ui {

class Units {
public:
    Units() = default;
    explicit Units(std::vector<api::UnitRow> rows) : m_rows(std::move(rows)) {}

    const std::vector<api::UnitRow>& rows() const { return m_rows; }
    /// A unit that the node did not list is shown as whole ledger units of "?".
    const api::UnitRow& row(api::UnitId id) const;
    QString code(api::UnitId id) const;

    /// "1,234.50 USD": at least the unit's usual digits after the point, more where the amount has them.
    QString text(const api::Amount& amount) const;
    /// The same without the unit.
    QString number(const api::Amount& amount) const;
    /// For right-aligned columns: padded with blanks as wide as digits, so that the points are under each other.
    /// `fraction` is the column's number of digits after the point; negative: the unit's own.
    QString column(const api::Amount& amount, int fraction = -1) const;
    /// How many digits after the point this amount is shown with.
    int fractionOf(const api::Amount& amount) const;
    /// With a sign also where it is positive: "+1.00 USD".
    QString signedText(const api::Amount& amount) const;

private:
    std::vector<api::UnitRow> m_rows;
};

/// An amount in the locale's digits and groups, with at least `minFraction` digits after the point and never fewer
/// than it needs to be exact.
QString moneyText(const api::Amount& amount, int decimals, int minFraction, const QLocale& locale = QLocale());

/// What a person typed, exactly, or why not: AmountInvalid, AmountNegative, AmountTooPrecise (more than
/// `fraction` digits after the point; negative: the unit's decimals), AmountOverflow. Groups must be where the locale
/// puts them, so that "1,5" is never taken for 15. Plain digits 0 to 9 are read in every locale.
Result<api::Amount, api::Problem> parseMoney(const QString& text, const api::UnitRow& unit, int fraction = -1,
                                             const QLocale& locale = QLocale());

} // namespace tallylock::ui
