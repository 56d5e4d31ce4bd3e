// The auditor's own exchange, as simple as it can be written: maps, and the rules of docs/decisions read literally. It
// applies each command by itself and says what must come of it; the Auditor compares that with what the engine says.
#pragma once

#include "tests/audit/auditor/Invariant.h"
#include "tests/audit/auditor/Item.h"

#include <deque>
#include <map>
#include <optional>
#include <set>
#include <tuple>

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
    Whole takerLimit = 0;
};

/// Why an amount of money coming or going is refused; empty if it is not.
std::string amountRefusal(const Money& amount);

/// What an order's owner must hear about it.
struct OrderNote {
    Whole remaining = 0;
    unsigned state = 0;
    auto operator<=>(const OrderNote&) const = default;
};
enum OrderState : unsigned { Open = 0, Filled = 1, Cancelled = 2 };

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

/// An event of a type that needs no thought: these of its fields must be as said, numbers written as text.
struct Record {
    unsigned type = 0;
    std::vector<std::pair<std::uint64_t, std::string>> fields;
    bool inside = false; ///< of the map in the event's first field
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
    std::set<std::pair<std::uint64_t, unsigned>> touched;   ///< (holder, unit) whose balance or holds have changed
    std::vector<Record> records;                            ///< further events, in their order
};

inline Outcome refuse(std::string why) {
    Outcome out;
    out.refused = std::move(why);
    return out;
}

struct Order {
    std::uint64_t id = 0;
    std::uint64_t holder = 0;
    std::uint64_t user = 0;
    std::uint64_t instrument = 0;
    std::uint64_t clientId = 0;
    unsigned side = 0;
    Whole price = 0;
    Whole quantity = 0;
    Whole remaining = 0;
    Whole feeOwed = 0; ///< exactly, in ten-thousandths of a part
    Whole feePaid = 0; ///< in parts
    std::uint64_t arrival = 0;
};

struct Instrument {
    std::string symbol;
    unsigned base = 0;
    unsigned quote = 0;
    Whole tick = 0;
    Whole lot = 0;
    Whole minimum = 0;
    Whole maximum = 0;
    std::uint64_t makerRate = 0;
    std::uint64_t takerRate = 0;
    /// Of each side, best first: (price, negated for buyers; arrival) -> order.
    std::map<std::pair<Whole, std::uint64_t>, std::uint64_t> book[2];
};

class Books {
public:
    explicit Books(const Item& config);

    /// What must come of this command from this signer; the books are changed as if it had.
    Outcome apply(const std::string& signer, std::uint64_t type, const Item& body);
    /// Somebody whose replies are remembered.
    bool isKnown(const std::string& signer) const;

    Whole balance(const Account& account) const;
    Whole held(std::uint64_t holder, unsigned unit) const;
    Level level(const LevelKey& key) const;
    const Instrument& instrument(std::uint64_t id) const { return m_instruments.at(id); }
    std::size_t openOrders() const { return m_orders.size(); }
    /// The unit's custody accounts must be this: minus all that has arrived and not vanished.
    Whole arrived(unsigned unit) const;

private:
    struct User {
        std::uint64_t id = 0;
        std::uint64_t holder = 0;
        std::uint64_t roles = 0;
        std::set<std::string> devices;
        std::map<unsigned, Whole> limits; ///< most that an order may be worth, by unit
    };
    enum class Standing { Pending, Verified, Restricted, Frozen };
    struct Holder {
        bool institution = false;
        Standing standing = Standing::Pending;
    };
    struct Deposit {
        std::string identifier;
        Money amount;
        enum class State { Pending, Credited, Undone } state = State::Pending;
        std::uint64_t holder = 0;
        bool toSuspense = false;
        bool borneByHouse = false;
        bool finished = false;
        std::uint64_t confirmations = 0;
    };
    using DepositName = std::tuple<std::string, std::string, std::uint64_t>;
    struct BankLine {
        std::string reference;
        Money amount;
    };
    struct Identifier {
        std::uint64_t holder = 0;
        unsigned unit = 0;
    };
    struct PayoutAddress {
        std::uint64_t holder = 0;
        unsigned unit = 0;
        std::string address;
    };
    struct Withdrawal {
        std::uint64_t id = 0;
        std::uint64_t holder = 0;
        std::uint64_t user = 0;
        std::uint64_t address = 0;
        std::string to;
        Money amount;
        Money fee;
        unsigned state = 0; ///< requested, approved, paying, sent, failed, cancelled
        std::set<std::uint64_t> approvedBy;
        std::string rail;
    };

    // Every one of these answers the outcome, and is the ladder of its command.
    Outcome registerHolder(const Item& c);
    Outcome setFiatAccount(const Item& c);
    Outcome addUser(const Item& c);
    Outcome keepRecord(const Item& c);
    Outcome addDevice(const Item& c);
    Outcome removeDevice(const Item& c);
    Outcome setRoles(const Item& c);
    Outcome setOrderLimit(const Item& c);
    Outcome setAssetAccount(const Item& c);
    Outcome setStanding(const Item& c);
    Outcome addPayoutAddress(const Item& c);
    Outcome removePayoutAddress(const Item& c);
    Outcome requestWithdrawal(const Item& c);
    Outcome approveWithdrawal(const Item& c);
    Outcome cancelWithdrawal(const Item& c);
    Outcome startWithdrawal(const Item& c);
    Outcome reportWithdrawal(const Item& c);
    Outcome setWithdrawalFee(const Item& c);
    Outcome requestIdentifier(const Item& c);
    Outcome assignIdentifier(const Item& c);
    Outcome observePayment(const Item& c);
    Outcome observeBankEntry(const Item& c);
    Outcome openInstrument(const Item& c);
    Outcome placeOrder(const Item& c);
    Outcome cancelOrder(const Item& c);

    bool isCoordinator() const { return m_signer == m_coordinator; }
    const User* actor() const;
    /// Empty, or the reason why the signer may not do this.
    std::string mayNot(std::uint64_t role, bool takingOut = false) const;
    bool isServer(const std::string& key) const { return key == m_coordinator || key == m_keyServer; }
    /// Empty, or why the signer may not change this user.
    std::string mayNotChange(std::uint64_t user) const;
    bool isLastAdministrator(const User& user) const;
    std::string mayNotEnd() const;
    Outcome told(const Withdrawal& withdrawal) const;
    Outcome end(Withdrawal withdrawal, unsigned state);
    void expectOwner(const std::string& rail, Deposit& deposit) const;
    void observe(const std::string& rail, Deposit& deposit, std::uint64_t confirmations, Outcome& out);
    void vanish(Deposit& deposit, Outcome& out);
    void credit(Deposit& deposit, Outcome& out, const char* reason);
    void takeBack(Deposit& deposit, Outcome& out);
    Account accountOf(const Deposit& deposit) const;
    std::string orderRefusal(const Item& c) const;
    std::string clientIdRefusal(std::uint64_t holder, std::uint64_t clientId) const;
    Whole cost(const Instrument& in, Whole price, Whole quantity) const;
    Whole needed(const Order& order) const;
    unsigned heldUnit(const Order& order) const;
    Whole charge(Order& order, Whole fiat, std::uint64_t rate) const;
    void match(Order& taker, Outcome& out);
    void trade(Order& maker, Order& taker, Whole quantity, Outcome& out);
    void rest(const Order& order, Outcome& out);
    void leave(const Order& order);
    void closeId(const Order& order);
    void forgetId(std::uint64_t holder, std::uint64_t clientId);
    void note(const Order& order, unsigned state, Outcome& out) const;
    void post(Posting posting, Outcome& out);

    std::string m_coordinator;
    std::string m_keyServer;
    std::uint64_t m_confirmations = 0;
    bool m_practice = false;
    std::string m_signer; // of the command under way

    std::map<std::uint64_t, Holder> m_holders;
    std::map<std::uint64_t, User> m_users;
    std::map<std::string, std::uint64_t> m_userOf; // by key
    std::map<std::string, std::uint64_t> m_records;
    std::set<std::pair<std::uint64_t, unsigned>> m_wanted;
    std::map<std::pair<std::string, std::string>, Identifier> m_identifiers; // by (rail, identifier)
    std::map<std::tuple<std::string, std::uint64_t, unsigned>, std::string> m_identifierOf;
    std::map<DepositName, Deposit> m_deposits;
    std::map<std::pair<std::string, std::string>, BankLine> m_bankLines;
    std::map<std::uint64_t, PayoutAddress> m_addresses;
    std::uint64_t m_lastAddress = 0;
    std::map<unsigned, Money> m_fees;                  ///< of a withdrawal
    std::map<std::uint64_t, Withdrawal> m_withdrawals; // open
    std::map<std::uint64_t, std::set<std::uint64_t>> m_withdrawalsOf;
    std::uint64_t m_lastWithdrawal = 0;
    std::uint64_t m_entries = 0;
    std::map<unsigned, Whole> m_arrived;
    std::map<Account, Whole> m_accounts;
    std::map<std::uint64_t, Instrument> m_instruments;
    std::map<std::uint64_t, Order> m_orders; // open
    std::map<std::uint64_t, std::set<std::uint64_t>> m_ordersOf;
    std::map<std::uint64_t, std::deque<std::uint64_t>> m_clientIds; // of each holder, the last 1,024
    /// Of each holder: how many times an id is in use, by an open order or among the last.
    std::map<std::uint64_t, std::map<std::uint64_t, unsigned>> m_usedIds;
    std::map<LevelKey, Level> m_levels;
    std::uint64_t m_lastOrder = 0;
};

} // namespace tallylock::audit
