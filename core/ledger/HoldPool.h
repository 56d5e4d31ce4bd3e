// Where holds lie: one array with reused places, and the way from a hold's number to its place.
#pragma once

#include "core/base/IdTable.h"
#include "core/ledger/Account.h"

#include <vector>

namespace tallylock::ledger {

/// Why an entry was made or money is held: for statements. Written into journals; numbers are never reused.
enum class Reason : std::uint8_t {
    Deposit,
    DepositReversed,
    Trade,
    Order,         ///< a hold for an open order
    SaleFunding,   ///< B7, B8: coins in for a sale
    EscrowFunding, ///< B9: money into escrow
    SellerPayout,  ///< B10: escrow to the seller, with fee
    Settlement,    ///< B11: the coins of a sale leave its funds
    Refund,
    Holdback,  ///< the end of a sale: the last part of the escrow
    Guarantee, ///< a buyer is made whole after a lost key, and the guarantee account is filled
    CustodyLoss,
    Withdrawal,
    Float, ///< the house moves its own money
    kCount
};
const char* nameOf(Reason reason);

struct Hold {
    Int128 remaining = 0;
    std::uint64_t ref = 0;
    HoldId id; ///< none: the place is free
    std::uint32_t account = 0;
    Reason reason = Reason::Order;
};

class HoldPool {
public:
    std::size_t size() const { return m_places.size(); }

    /// nullptr if it is finished, or was never made. Live until the next hold is added.
    Hold* find(HoldId id) { return const_cast<Hold*>(std::as_const(*this).find(id)); }
    const Hold* find(HoldId id) const {
        const std::uint32_t place = m_places.find(id.value, [this](std::uint32_t at) { return m_holds[at].id.value; });
        return place == IdTable::kNone ? nullptr : &m_holds[place];
    }
    // For a hold that will be asked for in a moment: the way to it, and then the hold.
    void prefetchPlace(HoldId id) const { m_places.prefetch(id.value); }
    void prefetch(HoldId id) const {
        const std::uint32_t place = m_places.guess(id.value);
        if (place != IdTable::kNone) prefetchLine(&m_holds[place]);
    }
    /// The number must be new.
    void add(const Hold& hold) {
        std::uint32_t place = m_free;
        if (place == IdTable::kNone) {
            assert(m_holds.size() < IdTable::kNone);
            place = static_cast<std::uint32_t>(m_holds.size());
            m_holds.push_back(hold);
        } else {
            m_free = m_holds[place].account;
            m_holds[place] = hold;
        }
        m_places.insert(hold.id.value, place);
    }
    void drop(Hold& hold) {
        const auto place = static_cast<std::uint32_t>(&hold - m_holds.data());
        m_places.erase(hold.id.value, place);
        hold.id = {};
        hold.account = m_free;
        m_free = place;
    }
    /// In no order.
    template <class F>
    void forEach(F&& visit) const {
        for (const Hold& hold : m_holds) {
            if (hold.id) visit(hold);
        }
    }

private:
    HugeVector<Hold> m_holds;
    std::uint32_t m_free = IdTable::kNone; // chained through account
    IdTable m_places;
};

} // namespace tallylock::ledger
