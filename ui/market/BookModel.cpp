#include "ui/market/BookModel.h"

#include "ui/kit/Theme.h"
#include "ui/market/OrderTotal.h"

#include <QApplication>

namespace tallylock::ui {
namespace {

using Kind = LadderRow::Kind;

void fillSide(std::vector<LadderRow>& ladder, const std::vector<api::BookRow>& book, api::Side side, int spread,
              const std::set<money::Int128>& mine) {
    const int step = side == api::Side::Sell ? -1 : 1;
    int place = spread + step;
    api::Amount sum;
    for (const api::BookRow& level : book) {
        if (level.side != side) continue;
        if (place < 0 || place >= static_cast<int>(ladder.size())) break;
        LadderRow& row = ladder[static_cast<std::size_t>(place)];
        row.kind = side == api::Side::Sell ? Kind::Ask : Kind::Bid;
        row.price = level.price;
        row.quantity = level.quantity;
        sum.unit = level.quantity.unit;
        if (const auto more = sum + level.quantity) sum = *more;
        row.sum = sum;
        row.mine = mine.count(level.price.value) != 0;
        place += step;
    }
}

/// Between the best prices; zero while a side is empty.
api::Amount spreadOf(const std::vector<api::BookRow>& book) {
    const api::BookRow* bid = nullptr;
    const api::BookRow* ask = nullptr;
    for (const api::BookRow& level : book) {
        const api::BookRow*& best = level.side == api::Side::Buy ? bid : ask;
        if (!best) best = &level;
    }
    if (!bid || !ask) return {};
    const auto gap = ask->price - bid->price;
    return gap ? *gap : api::Amount{};
}

/// The book with what the prospect would leave in it.
std::vector<api::BookRow> withRest(std::vector<api::BookRow> book, const Prospect& prospect) {
    const auto isBefore = [&](const api::BookRow& level) {
        if (level.side != prospect.side) return level.side == api::Side::Buy; // bids come first
        return level.side == api::Side::Buy ? level.price.value > prospect.price.value
                                            : level.price.value < prospect.price.value;
    };
    const auto at = std::find_if_not(book.begin(), book.end(), isBefore);
    if (at != book.end() && at->side == prospect.side && at->price == prospect.price) {
        if (const auto more = at->quantity + prospect.rests) at->quantity = *more;
    } else {
        book.insert(at, {prospect.side, prospect.price, prospect.rests, 1});
    }
    return book;
}

/// Marks what the prospect would take, from the best price on, and what it would add.
void markProspect(std::vector<LadderRow>& ladder, int spread, const Prospect& prospect, const api::Amount& largest) {
    const int step = prospect.side == api::Side::Buy ? -1 : 1; // towards the other side
    api::Amount left = prospect.trades;
    for (int place = spread + step; place >= 0 && place < static_cast<int>(ladder.size()) && left.isPositive();
         place += step) {
        LadderRow& row = ladder[static_cast<std::size_t>(place)];
        const api::Amount some{std::min(left.value, row.quantity.value), left.unit};
        row.taken = thousandths(some, largest);
        left.value -= some.value;
    }
    for (int place = spread - step; place >= 0 && place < static_cast<int>(ladder.size()); place -= step) {
        LadderRow& row = ladder[static_cast<std::size_t>(place)];
        if (row.price == prospect.price && prospect.rests.isPositive())
            row.added = thousandths(prospect.rests, largest);
    }
}

} // namespace

void BookModel::setBook(const std::vector<api::BookRow>& current, const std::set<money::Int128>& mine,
                        const std::optional<Prospect>& prospect) {
    const bool stays = prospect && prospect->rests.isPositive();
    const std::vector<api::BookRow> book = stays ? withRest(current, *prospect) : current;
    if (book.empty()) {
        setRows({});
        return;
    }
    std::vector<LadderRow> ladder(2 * kLevels + 1);
    for (std::size_t i = 0; i < ladder.size(); ++i) ladder[i].place = static_cast<int>(i);
    fillSide(ladder, book, api::Side::Sell, kLevels, mine);
    fillSide(ladder, book, api::Side::Buy, kLevels, mine);

    LadderRow& spread = ladder[kLevels];
    spread.kind = Kind::Spread;
    const LadderRow& ask = ladder[kLevels - 1];
    const LadderRow& bid = ladder[kLevels + 1];
    if (ask.kind == Kind::Ask && bid.kind == Kind::Bid)
        if (const auto gap = ask.price - bid.price) spread.price = gap->isPositive() ? *gap : spreadOf(current);

    api::Amount largest;
    for (const LadderRow& row : ladder)
        if (row.quantity.value > largest.value) largest = row.quantity;
    for (LadderRow& row : ladder) row.bar = thousandths(row.quantity, largest);
    if (prospect) markProspect(ladder, kLevels, *prospect, largest);
    setRows(std::move(ladder));
}

QString BookModel::text(const LadderRow& row, int column) const {
    switch (row.kind) {
    case Kind::Empty: return {};
    case Kind::Spread:
        if (column == kPrice)
            return row.price.isPositive() ? figure(m_units, row.price, m_instrument.priceDecimals) : QString();
        return column == kQuantity ? (row.price.isPositive() ? tr("Spread") : tr("One side only")) : QString();
    case Kind::Ask:
    case Kind::Bid: break;
    }
    switch (column) {
    case kPrice: return figure(m_units, row.price, m_instrument.priceDecimals);
    case kQuantity: return figure(m_units, row.quantity, m_instrument.quantityDecimals);
    default: return figure(m_units, row.sum, m_instrument.quantityDecimals);
    }
}

QVariant BookModel::data(const QModelIndex& index, int role) const {
    const LadderRow* row = at(index);
    if (!row) return {};
    switch (role) {
    case Qt::DisplayRole: return text(*row, index.column());
    case Qt::TextAlignmentRole: return QVariant(Qt::AlignRight | Qt::AlignAbsolute | Qt::AlignVCenter);
    case Qt::ForegroundRole: {
        const Tints tints = tintsOf(QApplication::palette());
        if (row->kind == Kind::Spread || index.column() == kSum) return tints.muted;
        if (index.column() != kPrice) return {};
        return row->kind == Kind::Ask ? tints.bad : tints.good;
    }
    case Qt::ToolTipRole:
        if (row->added > 0) return tr("With the order that you are writing.");
        if (row->taken > 0) return tr("The order that you are writing would trade here.");
        return row->mine ? tr("You have an order at this price.") : QVariant();
    case kKindRole: return static_cast<int>(row->kind);
    case kBarRole: return row->bar;
    case kMineRole: return row->mine;
    case kTakenRole: return row->taken;
    case kAddedRole: return row->added;
    default: return {};
    }
}

QVariant BookModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal) return {};
    if (role == Qt::TextAlignmentRole) return QVariant(Qt::AlignRight | Qt::AlignAbsolute | Qt::AlignVCenter);
    if (role != Qt::DisplayRole) return {};
    switch (section) {
    case kPrice: return tr("Price %1").arg(m_units.code(m_instrument.quote));
    case kQuantity: return tr("Quantity %1").arg(m_units.code(m_instrument.base));
    default: return tr("Sum");
    }
}

} // namespace tallylock::ui
