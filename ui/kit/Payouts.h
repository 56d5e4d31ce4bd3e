// Payouts in rows and words, for every view that shows them.
#pragma once

#include "core/api/Treasury.h"
#include "ui/kit/RowModel.h"
#include "ui/kit/Units.h"

#include <QCoreApplication>
#include <QHash>

namespace tallylock::ui {

QString payoutStateText(const api::WithdrawalRow& row);

/// Names by user; a user who is not known is shown by number.
class UserNames {
public:
    void set(const std::vector<api::UserRow>& users);
    QString of(UserId user) const;

private:
    QHash<quint64, QString> m_names;
};

/// As Treasury::withdrawals answers them: newest first.
class PayoutModel : public RowModel<api::WithdrawalRow, std::uint64_t> {
    Q_DECLARE_TR_FUNCTIONS(PayoutModel)

public:
    enum Column { kNumber, kAmount, kUnit, kFee, kTo, kState, kApprovals, kAskedBy, kAsked, kColumns };

    explicit PayoutModel(const Units& units, QObject* parent = nullptr) : RowModel(parent), m_units(units) {}
    void setPayouts(std::vector<api::WithdrawalRow> rows, const UserNames& names);

    int columnCount(const QModelIndex& = {}) const override { return kColumns; }
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

protected:
    std::uint64_t keyOf(const api::WithdrawalRow& row) const override { return row.id; }

private:
    QString text(const api::WithdrawalRow& row, int column) const;
    QString toolTip(const api::WithdrawalRow& row) const;

    const Units& m_units;
    UserNames m_names;
    int m_fraction = 0; ///< digits after the point that the longest figure needs
};

} // namespace tallylock::ui
