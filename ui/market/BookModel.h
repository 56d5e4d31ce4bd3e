// The book as a ladder: asks above, the spread, bids below, and as many empty rows as keep the spread in its place.
#pragma once

#include "ui/kit/RowModel.h"
#include "ui/kit/Units.h"

#include <QCoreApplication>

#include <set>

namespace tallylock::ui {

struct LadderRow {
    enum class Kind : std::uint8_t { Empty, Ask, Spread, Bid };
    Kind kind = Kind::Empty;
    int place = 0;     ///< from the top; the row's key
    api::Amount price; ///< of the level; in the spread row the spread itself, zero while a side is empty
    api::Amount quantity;
    api::Amount sum; ///< of this level and all that are nearer to the spread
    int bar = 0;     ///< the quantity in thousandths of the largest
    bool mine = false;
    int taken = 0; ///< of the bar: what the order that is being written would take away
    int added = 0; ///< of the bar: what it would leave here, which is in `quantity` already
};

/// The order that is being written, as it would change the book.
struct Prospect {
    api::Side side{};
    api::Amount price;
    api::Amount trades; ///< base, with the other side
    api::Amount rests;  ///< base, in the book at `price`
};

class BookModel : public RowModel<LadderRow, int> {
    Q_DECLARE_TR_FUNCTIONS(BookModel)

public:
    enum Column { kPrice, kQuantity, kSum, kColumns };
    enum Role { kKindRole = Qt::UserRole, kBarRole, kMineRole, kTakenRole, kAddedRole };
    static constexpr int kLevels = 10; ///< of each side

    explicit BookModel(const Units& units, QObject* parent = nullptr) : RowModel(parent), m_units(units) {}

    void setInstrument(const api::InstrumentRow& instrument) { m_instrument = instrument; }
    /// As Session::book answers it: bids falling, then asks rising. `mine` are the prices of one's own open orders.
    void setBook(const std::vector<api::BookRow>& book, const std::set<money::Int128>& mine,
                 const std::optional<Prospect>& prospect = {});
    int spreadRow() const { return kLevels; }

    int columnCount(const QModelIndex& = {}) const override { return kColumns; }
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

protected:
    int keyOf(const LadderRow& row) const override { return row.place; }

private:
    QString text(const LadderRow& row, int column) const;

    const Units& m_units;
    api::InstrumentRow m_instrument;
};

} // namespace tallylock::ui
