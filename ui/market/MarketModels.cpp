#include "ui/market/MarketModels.h"

#include "ui/kit/PreviewPicture.h"
#include "ui/kit/Theme.h"
#include "ui/kit/TimeText.h"
#include "ui/market/OrderText.h"
#include "ui/market/OrderTotal.h"

#include <QApplication>

namespace tallylock::ui {
namespace {

QVariant alignedRight() { return QVariant(Qt::AlignRight | Qt::AlignAbsolute | Qt::AlignVCenter); }
QVariant alignedLeft() { return QVariant(Qt::AlignLeft | Qt::AlignVCenter); }

QColor colourOf(api::Side side) {
    const Tints tints = tintsOf(QApplication::palette());
    return side == api::Side::Buy ? tints.good : tints.bad;
}

/// Titles and alignment of the columns; the figures are on the right.
QVariant header(const QStringList& titles, const std::vector<int>& figures, int section, Qt::Orientation orientation,
                int role) {
    if (orientation != Qt::Horizontal) return {};
    if (role == Qt::DisplayRole) return titles.value(section);
    if (role != Qt::TextAlignmentRole) return {};
    const bool figure = std::find(figures.begin(), figures.end(), section) != figures.end();
    return figure ? alignedRight() : alignedLeft();
}

} // namespace

// --- trades --------------------------------------------------------------------------------------------------------

void TradeModel::setTrades(const api::InstrumentRow& instrument, std::vector<api::TradeRow> trades) {
    m_instrument = instrument;
    std::stable_sort(trades.begin(), trades.end(),
                     [](const auto& a, const auto& b) { return b.instruction < a.instruction; });
    setRows(std::move(trades));
}

QVariant TradeModel::data(const QModelIndex& index, int role) const {
    const api::TradeRow* row = at(index);
    if (!row) return {};
    switch (role) {
    case Qt::DisplayRole:
        if (index.column() == kTime) return momentText(row->timeMs);
        return index.column() == kPrice ? figure(m_units, row->price, m_instrument.priceDecimals)
                                        : figure(m_units, row->quantity, m_instrument.quantityDecimals);
    case Qt::TextAlignmentRole: return index.column() == kTime ? alignedLeft() : alignedRight();
    case Qt::ForegroundRole:
        if (index.column() == kPrice) return colourOf(row->takerSide);
        return index.column() == kTime ? QVariant(tintsOf(QApplication::palette()).muted) : QVariant();
    case Qt::FontRole: {
        QFont font;
        font.setBold(row->mine);
        return row->mine ? QVariant(font) : QVariant();
    }
    case Qt::ToolTipRole:
        return tr("%1, taker: %2, %3")
            .arg(exactMomentText(row->timeMs), sideText(row->takerSide), m_units.text(row->fiat));
    default: return {};
    }
}

QVariant TradeModel::headerData(int section, Qt::Orientation orientation, int role) const {
    return header({tr("Time"), tr("Price"), tr("Quantity")}, {kPrice, kQuantity}, section, orientation, role);
}

// --- orders --------------------------------------------------------------------------------------------------------

void OrderModel::setOrders(const api::InstrumentRow& instrument, const std::vector<api::OrderRow>& orders) {
    m_instrument = instrument;
    std::vector<api::OrderRow> shown;
    for (const api::OrderRow& order : orders) {
        const bool live = order.state == api::OrderState::Open || order.state == api::OrderState::Waiting;
        if (order.instrument == instrument.id && live == (m_which == Which::Live)) shown.push_back(order);
    }
    std::stable_sort(shown.begin(), shown.end(), [](const auto& a, const auto& b) { return b.id < a.id; });
    setRows(std::move(shown));
}

QString OrderModel::text(const api::OrderRow& row, int column) const {
    const auto price = [this](const api::Amount& amount) { // a market order has none
        return amount.isZero() ? QString() : figure(m_units, amount, m_instrument.priceDecimals);
    };
    switch (column) {
    case kPlaced: return momentText(row.placedMs);
    case kSide: return sideText(row.side);
    case kType: return typeText(row.type);
    case kPrice: return price(row.price);
    case kStop: return price(row.stopPrice);
    case kQuantity: return figure(m_units, row.quantity, m_instrument.quantityDecimals);
    case kFilled: return figure(m_units, row.filled, m_instrument.quantityDecimals);
    case kAverage: return price(row.averagePrice);
    case kState: return stateText(row);
    default: return {};
    }
}

QVariant OrderModel::data(const QModelIndex& index, int role) const {
    const api::OrderRow* row = at(index);
    if (!row) return {};
    switch (role) {
    case Qt::DisplayRole: return text(*row, index.column());
    case Qt::TextAlignmentRole:
        return index.column() >= kPrice && index.column() <= kAverage ? alignedRight() : alignedLeft();
    case Qt::ForegroundRole: return index.column() == kSide ? QVariant(colourOf(row->side)) : QVariant();
    case Qt::ToolTipRole:
        return tr("Order %1, placed %2\nFilled for %3, fees %4")
                   .arg(row->id.value)
                   .arg(exactMomentText(row->placedMs), m_units.text(row->filledFiat), m_units.text(row->fees)) +
               (row->averagePrice.isZero() ? QString()
                                           : u'\n' + tr("Average price %1").arg(m_units.text(row->averagePrice))) +
               u'\n' + stateText(*row);
    default: return {};
    }
}

QVariant OrderModel::headerData(int section, Qt::Orientation orientation, int role) const {
    return header({tr("Placed"), tr("Side"), tr("Type"), tr("Price"), tr("Stop"), tr("Quantity"), tr("Filled"),
                   tr("Average"), tr("State")},
                  {kPrice, kStop, kQuantity, kFilled, kAverage}, section, orientation, role);
}

// --- fills ---------------------------------------------------------------------------------------------------------

void FillModel::setFills(const api::InstrumentRow& instrument, std::vector<api::InstructionRow> fills) {
    m_instrument = instrument;
    std::vector<api::InstructionRow> kept;
    for (api::InstructionRow& fill : fills)
        if (fill.instrument == instrument.id) kept.push_back(std::move(fill));
    std::stable_sort(kept.begin(), kept.end(), [](const auto& a, const auto& b) { return b.number < a.number; });
    setRows(std::move(kept));
}

QString FillModel::text(const api::InstructionRow& row, int column) const {
    switch (column) {
    case kNumber: return QLocale().toString(static_cast<qulonglong>(row.number.value));
    case kTime: return momentText(row.timeMs);
    case kPrice: return figure(m_units, row.price, m_instrument.priceDecimals);
    case kQuantity: return figure(m_units, row.quantity, m_instrument.quantityDecimals);
    case kFiat: return figure(m_units, row.fiat, m_units.row(row.fiat.unit).shownDecimals);
    case kParties: return tr("%1 from %2").arg(plainLine(row.buyer), plainLine(row.seller));
    case kExecuted: return row.executed ? tr("Executed") : tr("Stored");
    default: return {};
    }
}

QVariant FillModel::data(const QModelIndex& index, int role) const {
    const api::InstructionRow* row = at(index);
    if (!row) return {};
    switch (role) {
    case Qt::DisplayRole: return text(*row, index.column());
    case Qt::TextAlignmentRole:
        return index.column() == kNumber || (index.column() >= kPrice && index.column() <= kFiat) ? alignedRight()
                                                                                                  : alignedLeft();
    case Qt::ToolTipRole:
        return tr("Instruction %1, %2\nHash %3")
            .arg(row->number.value)
            .arg(exactMomentText(row->timeMs), QString::fromStdString(row->hash.hex()));
    default: return {};
    }
}

QVariant FillModel::headerData(int section, Qt::Orientation orientation, int role) const {
    return header({tr("No."), tr("Time"), tr("Price"), tr("Quantity"), tr("Amount"), tr("Bought"), tr("State")},
                  {kNumber, kPrice, kQuantity, kFiat}, section, orientation, role);
}

} // namespace tallylock::ui
