// Balances, and the statement of one unit.
#pragma once

#include "ui/kit/RowModel.h"
#include "ui/kit/Units.h"

#include <QCoreApplication>

namespace tallylock::ui {

class BalanceModel : public RowModel<api::BalanceRow, api::UnitId> {
    Q_DECLARE_TR_FUNCTIONS(BalanceModel)

public:
    enum Column { kUnit, kAvailable, kHeld, kPending, kColumns };

    explicit BalanceModel(const Units& units, QObject* parent = nullptr) : RowModel(parent), m_units(units) {}
    void setBalances(std::vector<api::BalanceRow> rows);

    int columnCount(const QModelIndex& = {}) const override { return kColumns; }
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

protected:
    api::UnitId keyOf(const api::BalanceRow& row) const override { return row.unit; }

private:
    const Units& m_units;
    int m_fraction = 0; ///< digits after the point that the longest figure needs
};

/// The stable words of StatementRow::reason as people say it. An unknown word is shown as it is.
QString reasonText(const std::string& reason);

class StatementModel : public RowModel<api::StatementRow, EntryId> {
    Q_DECLARE_TR_FUNCTIONS(StatementModel)

public:
    enum Column { kTime, kEntry, kReason, kChange, kBalance, kColumns };

    explicit StatementModel(const Units& units, QObject* parent = nullptr) : RowModel(parent), m_units(units) {}
    /// Newest first.
    void setStatement(std::vector<api::StatementRow> rows);

    int columnCount(const QModelIndex& = {}) const override { return kColumns; }
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

protected:
    EntryId keyOf(const api::StatementRow& row) const override { return row.entry; }

private:
    const Units& m_units;
    int m_fraction = 0;
};

} // namespace tallylock::ui
