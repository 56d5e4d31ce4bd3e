// Balances, the statement of one unit, deposits, and the address book.
#pragma once

#include "core/api/Treasury.h"
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

QString depositStateText(const api::IncomingRow& row);

/// Newest first, as Treasury::deposits answers.
class IncomingModel : public RowModel<api::IncomingRow, std::pair<Hash, std::uint32_t>> {
    Q_DECLARE_TR_FUNCTIONS(IncomingModel)

public:
    enum Column { kAmount, kUnit, kState, kIdentifier, kRail, kTransaction, kColumns };

    explicit IncomingModel(const Units& units, QObject* parent = nullptr) : RowModel(parent), m_units(units) {}
    void setDeposits(std::vector<api::IncomingRow> rows);

    int columnCount(const QModelIndex& = {}) const override { return kColumns; }
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

protected:
    std::pair<Hash, std::uint32_t> keyOf(const api::IncomingRow& row) const override {
        return {row.transaction, row.output};
    }

private:
    const Units& m_units;
    int m_fraction = 0;
};

class AddressModel : public RowModel<api::PayoutAddressRow, std::uint64_t> {
    Q_DECLARE_TR_FUNCTIONS(AddressModel)

public:
    enum Column { kLabel, kUnit, kAddress, kUsable, kColumns };

    explicit AddressModel(const Units& units, QObject* parent = nullptr) : RowModel(parent), m_units(units) {}

    int columnCount(const QModelIndex& = {}) const override { return kColumns; }
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

protected:
    std::uint64_t keyOf(const api::PayoutAddressRow& row) const override { return row.id; }

private:
    const Units& m_units;
};

} // namespace tallylock::ui
