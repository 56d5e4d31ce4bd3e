// What has happened in the practice world, as records, and what follows from them. No thread, clock or disk.
#pragma once

#include "core/base/CborFields.h"
#include "core/money/Amount.h"
#include "core/ports/Bank.h"
#include "core/ports/Rail.h"

#include <map>
#include <optional>

namespace tallylock::rails {

using money::Amount;
using money::UnitId;

/// Practice blocks are mined until every payment has this many confirmations; later ones change nothing.
inline constexpr std::uint32_t kPracticeFinality = 6;

// --- records -------------------------------------------------------------------------------------------------------

/// An address of a coin, or a reference of a bank account: somewhere to be paid.
struct PlaceMade {
    static constexpr std::uint64_t kType = 1;
    UnitId unit;
    std::string key;
    std::string place;
    static constexpr void fields(auto use) {
        use(field(1, &PlaceMade::unit), field(2, &PlaceMade::key), field(3, &PlaceMade::place));
    }
};
/// A payment has reached the chain, in no block yet.
struct CoinsSent {
    static constexpr std::uint64_t kType = 2;
    Hash transaction;
    std::string to;
    Amount amount;
    std::int64_t timeMs = 0;
    std::optional<std::string> payKey; ///< ours, by this key; none: from outside
    static constexpr void fields(auto use) {
        use(field(1, &CoinsSent::transaction), field(2, &CoinsSent::to), field(3, &CoinsSent::amount),
            field(4, &CoinsSent::timeMs), field(5, &CoinsSent::payKey));
    }
};
/// A block with all payments that were in none.
struct BlockMined {
    static constexpr std::uint64_t kType = 3;
    static constexpr void fields(auto use) { use(); }
};
/// The last blocks left the chain; their payments are in no block.
struct ChainReorganised {
    static constexpr std::uint64_t kType = 4;
    std::uint32_t depth = 0;
    static constexpr void fields(auto use) { use(field(1, &ChainReorganised::depth)); }
};
struct MoneyBooked {
    static constexpr std::uint64_t kType = 5;
    std::string entry;
    std::string reference;
    Amount amount;
    std::int64_t bookedMs = 0;
    static constexpr void fields(auto use) {
        use(field(1, &MoneyBooked::entry), field(2, &MoneyBooked::reference), field(3, &MoneyBooked::amount),
            field(4, &MoneyBooked::bookedMs));
    }
};
/// What an exchange did for a sale.
enum class Deed : std::uint8_t { Quote, OpenWallet, Provide, CloseWallet, PaySeller, Receive, kCount };
struct DeedDone {
    static constexpr std::uint64_t kType = 6;
    SaleId sale;
    Deed deed{};
    Amount asked;          ///< what the caller named
    Amount result;         ///< quote: coins; receive: used
    std::string reference; ///< or the wallet's address
    static constexpr void fields(auto use) {
        use(field(1, &DeedDone::sale), field(2, &DeedDone::deed), field(3, &DeedDone::asked),
            field(4, &DeedDone::result), field(5, &DeedDone::reference));
    }
};
/// A payment order that the bank has carried out.
struct MoneyPaid {
    static constexpr std::uint64_t kType = 7;
    std::string key;
    std::string id;
    std::string to;
    Amount amount;
    static constexpr void fields(auto use) {
        use(field(1, &MoneyPaid::key), field(2, &MoneyPaid::id), field(3, &MoneyPaid::to),
            field(4, &MoneyPaid::amount));
    }
};
using PracticeRecord =
    std::variant<PlaceMade, CoinsSent, BlockMined, ChainReorganised, MoneyBooked, DeedDone, MoneyPaid>;

// --- state ---------------------------------------------------------------------------------------------------------

class PracticeState {
public:
    /// Whether it can happen now.
    bool fits(const PracticeRecord& record) const;
    /// False, and nothing is changed, if the record does not fit.
    bool apply(const PracticeRecord& record);

    const std::string* placeOf(UnitId unit, const std::string& key) const;
    /// The unit that is paid at this place; none if it is not ours.
    std::optional<UnitId> unitAt(const std::string& place) const;
    const CoinsSent* paidOut(const std::string& key) const;
    const DeedDone* deed(SaleId sale, Deed deed) const;
    const MoneyPaid* moneyPaid(const std::string& key) const;
    std::size_t orders() const { return m_orders.size(); }
    /// What we have paid out to a place outside, coins or money.
    Amount paidTo(UnitId unit, const std::string& place) const;
    Amount balance(UnitId unit) const; ///< booked, or in a block, less what was paid out

    std::uint64_t height() const { return m_height; }
    std::size_t payments() const { return m_payments.size(); }
    std::size_t entries() const { return m_entries.size(); }
    /// What has been sent to a place from outside, confirmed or not.
    Amount sentTo(UnitId unit, const std::string& place) const;
    bool somethingToConfirm() const;
    std::vector<ports::Sighting> sightings(std::uint64_t cursor, std::size_t limit) const;
    std::vector<ports::BankEntry> statement(std::uint64_t cursor, std::size_t limit) const;

private:
    struct Payment {
        CoinsSent sent;
        std::uint64_t height = 0; ///< of its block; zero: in none
        bool ours = false;        ///< it pays one of our places
    };
    bool fits(const PlaceMade& r) const;
    bool fits(const CoinsSent& r) const;
    bool fits(const BlockMined&) const { return true; }
    bool fits(const ChainReorganised& r) const { return r.depth <= m_height; }
    bool fits(const MoneyBooked& r) const { return r.amount.isPositive(); }
    bool fits(const DeedDone& r) const { return !deed(r.sale, r.deed); }
    bool fits(const MoneyPaid& r) const { return r.amount.isPositive() && !moneyPaid(r.key); }
    void on(const PlaceMade& r);
    void on(const CoinsSent& r);
    void on(const BlockMined& r);
    void on(const ChainReorganised& r);
    void on(const MoneyBooked& r);
    void on(const DeedDone& r);
    void on(const MoneyPaid& r);
    bool isOurs(const CoinsSent& r) const { return unitAt(r.to) == r.amount.unit; }
    void sight(const Payment& payment, bool reversed);
    std::uint32_t confirmations(const Payment& payment) const;

    std::map<std::pair<UnitId, std::string>, std::string> m_places;
    std::map<std::string, UnitId> m_units; ///< by place
    std::vector<Payment> m_payments;
    std::map<std::string, std::size_t> m_payKeys; ///< into m_payments
    std::uint64_t m_height = 0;
    std::vector<ports::Sighting> m_sightings; ///< cursor = place in here, from 1
    std::vector<ports::BankEntry> m_entries;
    std::map<std::pair<SaleId, Deed>, DeedDone> m_deeds;
    std::map<std::string, MoneyPaid> m_orders; ///< of the bank, by key
};

} // namespace tallylock::rails
