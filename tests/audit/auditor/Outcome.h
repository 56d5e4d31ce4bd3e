// What the auditor reckons with, and what must come of a command: plain data.
#pragma once

#include "tests/audit/auditor/Events.h"
#include "tests/audit/auditor/Invariant.h"

#include <map>
#include <optional>
#include <set>

namespace tallylock::audit {

__extension__ typedef __int128 Whole; ///< of a unit's smallest ledger parts

struct Money {
    Whole value = 0;
    unsigned unit = 0;
    auto operator<=>(const Money&) const = default;
    static Money of(const Item& item);
};
std::string textOf(Whole value);
std::string textOf(const Money& money);

struct UnitRow {
    unsigned decimals;
    bool isFiat;
};
/// docs/decisions/amounts-and-units.md. nullptr if unknown.
const UnitRow* unitOf(unsigned id);

// Purposes of accounts, as docs/decisions/ledger-accounts-and-holds.md counts them.
enum Purpose : unsigned { Available = 0, Fees = 3, Suspense = 4, Treasury = 6, Custody = 7, BankCustody = 8, Loss = 9 };

struct Account {
    std::uint64_t holder = 0; ///< zero: the house
    unsigned unit = 0;
    unsigned purpose = Available;
    std::uint64_t ref = 0;
    auto operator<=>(const Account&) const = default;
    static Account of(const Item& item);
};
bool mayBeNegative(unsigned purpose);

/// An entry that must come, without its number.
struct Posting {
    Invariant breaks; ///< if it does not come, or comes otherwise
    std::string reason;
    std::map<Account, Whole> legs;
    void add(const Account& account, Whole delta) { legs[account] += delta; }
};

/// One match that must come.
struct Fill {
    std::uint64_t instrument = 0;
    std::uint64_t maker = 0;
    std::uint64_t taker = 0;
    std::uint64_t buyer = 0;
    std::uint64_t seller = 0;
    unsigned takerSide = 0;
    Money price;
    Money quantity;
    Money fiat;
    Whole buyerFee = 0;
    Whole sellerFee = 0;
};

/// Why an amount of money coming or going is refused; empty if it is not.
std::string amountRefusal(const Money& amount);

enum OrderState : unsigned { Open = 0, Filled = 1, Cancelled = 2 };
/// Why the rest of an order is gone, if nobody asked for it.
enum Cause : unsigned { NotFilled = 1, MetItself = 2, NotHeardOf = 3, SessionEnded = 4, HeldInCollar = 5 };
/// What an order's owner must hear about it.
struct OrderNote {
    Whole remaining = 0;
    unsigned state = 0;
    std::optional<unsigned> cause{};
    auto operator<=>(const OrderNote&) const = default;
};

struct DepositNote {
    std::uint64_t holder = 0;
    Money amount;
    std::uint64_t confirmations = 0;
    std::uint64_t needed = 0;
    unsigned state = 0;
};
enum DepositState : unsigned { Pending = 0, Credited = 1, InSuspense = 2, Reversed = 3 };

struct LevelKey {
    std::uint64_t instrument = 0;
    unsigned side = 0;
    Whole price = 0;
    auto operator<=>(const LevelKey&) const = default;
};
struct Level {
    Whole quantity = 0;
    std::uint64_t orders = 0;
    auto operator<=>(const Level&) const = default;
};

using Fields = std::vector<std::pair<std::uint64_t, std::string>>;
/// An event of a type that needs no thought: these of its fields must be as said, each as wordOf writes it, or kNone.
struct Record {
    unsigned type = 0;
    Fields fields;
    Fields inside{}; ///< of the map in the event's first field
};

/// What must come of a command. Empty but for the word: refused.
struct Outcome {
    std::string refused = "no";
    std::uint64_t value = 0;
    std::vector<Posting> postings;
    std::vector<Fill> fills;
    std::optional<DepositNote> deposit;
    std::map<std::uint64_t, std::vector<OrderNote>> orders; ///< by order, in time
    std::set<LevelKey> levels;                              ///< that have changed
    std::size_t ordersTakenOut = 0;                         ///< of books, each of which tells its level
    std::set<std::pair<std::uint64_t, unsigned>> touched;   ///< (holder, unit) whose balance or holds have changed
    std::vector<Record> records;                            ///< further events, in their order
};

/// How many events tell of what a deadline has caused.
inline std::size_t countOf(const Outcome& fired) {
    std::size_t count = fired.records.size() + fired.touched.size() + fired.ordersTakenOut;
    for (const auto& [order, notes] : fired.orders) count += notes.size();
    return count;
}

inline Outcome refuse(std::string why) {
    Outcome out;
    out.refused = std::move(why);
    return out;
}

} // namespace tallylock::audit
