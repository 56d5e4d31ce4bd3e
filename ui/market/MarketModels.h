// The market's tables: trades of everybody, my orders, my fills.
#pragma once

#include "ui/kit/RowModel.h"
#include "ui/kit/Units.h"

#include <QCoreApplication>

namespace tallylock::ui {

/// Newest first.
class TradeModel : public RowModel<api::TradeRow, InstructionId> {
    Q_DECLARE_TR_FUNCTIONS(TradeModel)

public:
    enum Column { kTime, kPrice, kQuantity, kColumns };

    explicit TradeModel(const Units& units, QObject* parent = nullptr) : RowModel(parent), m_units(units) {}
    void setTrades(const api::InstrumentRow& instrument, std::vector<api::TradeRow> trades);

    int columnCount(const QModelIndex& = {}) const override { return kColumns; }
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

protected:
    InstructionId keyOf(const api::TradeRow& row) const override { return row.instruction; }

private:
    const Units& m_units;
    api::InstrumentRow m_instrument;
};

/// Those that are open or wait, or those that are over; newest first.
class OrderModel : public RowModel<api::OrderRow, OrderId> {
    Q_DECLARE_TR_FUNCTIONS(OrderModel)

public:
    enum class Which : std::uint8_t { Live, Over };
    enum Column { kPlaced, kSide, kType, kPrice, kStop, kQuantity, kFilled, kAverage, kState, kColumns };

    OrderModel(Which which, const Units& units, QObject* parent = nullptr)
        : RowModel(parent),
          m_which(which),
          m_units(units) {}
    void setOrders(const api::InstrumentRow& instrument, const std::vector<api::OrderRow>& orders);

    int columnCount(const QModelIndex& = {}) const override { return kColumns; }
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

protected:
    OrderId keyOf(const api::OrderRow& row) const override { return row.id; }

private:
    QString text(const api::OrderRow& row, int column) const;

    Which m_which;
    const Units& m_units;
    api::InstrumentRow m_instrument;
};

/// Transaction instructions, newest first.
class FillModel : public RowModel<api::InstructionRow, InstructionId> {
    Q_DECLARE_TR_FUNCTIONS(FillModel)

public:
    enum Column { kNumber, kTime, kPrice, kQuantity, kFiat, kParties, kExecuted, kColumns };

    explicit FillModel(const Units& units, QObject* parent = nullptr) : RowModel(parent), m_units(units) {}
    void setFills(const api::InstrumentRow& instrument, std::vector<api::InstructionRow> fills);

    int columnCount(const QModelIndex& = {}) const override { return kColumns; }
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

protected:
    InstructionId keyOf(const api::InstructionRow& row) const override { return row.number; }

private:
    QString text(const api::InstructionRow& row, int column) const;

    const Units& m_units;
    api::InstrumentRow m_instrument;
};

} // namespace tallylock::ui
