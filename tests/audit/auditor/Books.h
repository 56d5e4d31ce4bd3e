// The auditor's own exchange, as simple as it can be written: maps, and the rules of docs/decisions read literally. It
// applies each command by itself and says what must come of it; the Auditor compares that with what the engine says.
#pragma once

#include "tests/audit/auditor/Events.h"
#include "tests/audit/auditor/Outcome.h"

#include <deque>
#include <tuple>

namespace tallylock::audit {

enum class OrderType : unsigned { Limit, ImmediateOrCancel, FillOrKill, PostOnly, Market, StopLimit };
enum class SelfTrade : unsigned { Allow, CancelNewest, CancelOldest, CancelBoth };

struct Order {
    std::uint64_t id = 0;
    std::uint64_t holder = 0;
    std::uint64_t user = 0;
    std::uint64_t instrument = 0;
    std::uint64_t clientId = 0;
    unsigned side = 0;
    OrderType type = OrderType::Limit; ///< a stop order that was triggered is a limit order
    SelfTrade rule = SelfTrade::Allow;
    Whole price = 0; ///< of a market order: the worst that the collar allows
    Whole quantity = 0;
    Whole remaining = 0;
    Whole stop = 0;    ///< of an order that waits for it; else zero
    Whole feeOwed = 0; ///< exactly, in ten-thousandths of a part
    Whole feePaid = 0; ///< in parts
    std::uint64_t arrival = 0;
    bool waits() const { return type == OrderType::StopLimit; }
};

inline constexpr Whole kMostTicks = 1'000'000'000'000;

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
    std::uint64_t collarRate = 0; ///< zero: none
    bool halted = false;
    Whole last = 0;      ///< price of the last trade
    Whole reference = 0; ///< as set by the coordinator; zero: the last trade's price
    /// Of each side, best first: (price, negated for buyers; arrival) -> order.
    std::map<std::pair<Whole, std::uint64_t>, std::uint64_t> book[2];
    std::int64_t windowMs = 0; ///< of the reference price; zero: none
    struct Past {
        std::int64_t part = 0; ///< of the time that windows are cut into
        Whole ticks = 0;
        Whole lots = 0;
    };
    std::deque<Past> window; ///< trades, oldest first
    /// Orders that wait: (stop price, negated for sellers; number) -> order.
    std::map<std::pair<Whole, std::uint64_t>, std::uint64_t> stops[2];
};

/// What was traded at during one command.
struct Traded {
    std::optional<Whole> lowest;
    std::optional<Whole> highest;
    void add(Whole price) {
        if (!lowest || price < *lowest) lowest = price;
        if (!highest || price > *highest) highest = price;
    }
};

class Books {
public:
    explicit Books(const Item& config);

    /// It is this late; what follows happens now.
    void goOn(std::int64_t nowMs) { m_nowMs = nowMs; }
    /// What must come of the first deadline that is due; the books are changed as if it had.
    std::optional<Outcome> fireNext();
    /// What must come of this command from this signer; the books are changed as if it had. `hash`: what was signed.
    Outcome apply(const std::string& signer, const std::string& hash, std::uint64_t type, const Item& body);
    /// Somebody whose replies are remembered.
    bool isKnown(const std::string& signer) const;

    Whole balance(const Account& account) const;
    Whole held(std::uint64_t holder, unsigned unit) const;
    Level level(const LevelKey& key) const;
    const Instrument& instrument(std::uint64_t id) const { return m_instruments.at(id); }
    /// nullptr unless it is open.
    const Order* order(std::uint64_t id) const;
    /// The lowest and the highest price that may be asked for now.
    std::pair<Whole, Whole> collar(const Instrument& in) const;
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
        Whole borne = 0; ///< by the house
        bool finished = false;
        std::uint64_t confirmations = 0;
    };
    using DepositName = std::tuple<std::string, std::string, std::uint64_t>;
    struct BankLine {
        std::string reference;
        Money amount;
        bool toSuspense = false;
        std::uint64_t holder = 0; ///< whose reference it is, if only the unit is wrong
    };
    struct Identifier {
        std::uint64_t holder = 0;
        unsigned unit = 0;
    };
    struct PayoutAddress {
        std::uint64_t holder = 0;
        unsigned unit = 0;
        std::string address;
        std::string label;
        std::int64_t usableFromMs = 0;
    };
    struct Policy {
        std::uint64_t approvals = 0;
        std::int64_t waitingMs = 0;
        std::map<unsigned, Whole> userDay; ///< most that may be asked for, by unit
        std::map<unsigned, Whole> holderDay;
        bool codes = false;
        std::string text; ///< as wordOf writes it
    };
    struct PolicyChange {
        std::uint64_t id = 0;
        std::uint64_t holder = 0;
        std::uint64_t proposer = 0;
        Policy policy;
        std::uint64_t needed = 0;
        std::vector<std::uint64_t> approvedBy;
        bool approved = false;
        std::int64_t dueMs = 0;
    };
    struct Code {
        std::uint64_t step = 0;
        std::string command;
    };
    struct Withdrawal {
        std::uint64_t id = 0;
        std::uint64_t holder = 0;
        std::uint64_t user = 0;
        std::uint64_t address = 0;
        std::string to;
        Money amount;
        Money fee;
        unsigned state = 0; ///< requested, approved, paying, sent, failed, cancelled, expired
        std::uint64_t needed = 0;
        std::vector<std::uint64_t> approvedBy;
        std::int64_t requestedMs = 0;
        std::int64_t changedMs = 0;
        std::int64_t expiresMs = 0;
        std::string rail;
        std::string reference;
    };
    /// (day, whether of a holder, user or holder, unit)
    using Spent = std::tuple<std::int64_t, bool, std::uint64_t, unsigned>;
    struct DeadMan {
        std::uint64_t number = 0;
        std::uint64_t holder = 0;
        std::uint64_t user = 0; ///< zero: of the account
        std::int64_t withinMs = 0;
        std::int64_t dueMs = 0;
    };
    struct WatchRule {
        unsigned kind = 0; ///< size, speed, structuring, address
        unsigned way = 0;  ///< in, out
        Money amount;
        std::int64_t windowMs = 0;
        std::uint64_t count = 0;
        std::uint64_t near = 0; ///< basis points
        bool hold = false;
        std::string text; ///< as wordOf writes it
    };
    enum CaseState : unsigned { CaseOpen, CaseHeld, CaseReleased, CaseFrozen };
    struct Case {
        std::uint64_t holder = 0;
        std::uint64_t rule = 0;
        unsigned kind = 0;
        CaseState state = CaseOpen;
        unsigned way = 0;
        Money amount;
        std::string place;
        std::uint64_t withdrawal = 0;
        std::uint64_t transactions = 0;
        std::int64_t raisedMs = 0;
        std::int64_t changedMs = 0;
        std::string reason;
    };
    struct Move {
        std::int64_t timeMs = 0;
        Whole value = 0;
    };
    enum DeadlineKind { OfWithdrawal, OfPolicyChange, OfDeadMan };
    using Deadline = std::tuple<std::int64_t, DeadlineKind, std::uint64_t>;

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
    Outcome setWithdrawalPolicy(const Item& c);
    Outcome approvePolicyChange(const Item& c);
    Outcome confirmSecondFactor(const Item& c);
    Outcome requestIdentifier(const Item& c);
    Outcome assignIdentifier(const Item& c);
    Outcome observePayment(const Item& c);
    Outcome observeBankEntry(const Item& c);
    Outcome openInstrument(const Item& c);
    Outcome placeOrder(const Item& c);
    Outcome cancelOrder(const Item& c);
    Outcome replaceOrder(const Item& c);
    Outcome cancelAllOrders(const Item& c);
    Outcome steerInstrument(const Item& c);
    Outcome setDeadMan(const Item& c);
    Outcome endSession(const Item& c);
    Outcome setReferenceWindow(const Item& c);
    Outcome setWatchRule(const Item& c);
    Outcome changeWatchedAddresses(const Item& c);
    Outcome decideCase(const Item& c);

    bool isCoordinator() const { return m_signer == m_coordinator; }
    const User* actor() const;
    /// Empty, or the reason why the signer may not do this.
    std::string mayNot(std::uint64_t role, bool takingOut = false) const;
    bool isServer(const std::string& key) const { return key == m_coordinator || key == m_keyServer; }
    /// Empty, or why the signer may not change this user.
    std::string mayNotChange(std::uint64_t user) const;
    bool isLastAdministrator(const User& user) const;
    std::string mayNotEnd() const;
    std::string mayNotMoveOut() const;
    Outcome told(const Withdrawal& withdrawal, std::uint64_t entry = 0) const;
    static Record told(std::uint64_t id, const PayoutAddress& address, bool removed);
    Outcome end(Withdrawal withdrawal, unsigned state, const std::string& reference = {});
    Outcome expire(std::uint64_t withdrawal);
    Policy policyOf(std::uint64_t holder) const;
    static std::optional<Policy> policyFrom(const Item& item);
    static bool isLooser(const Policy& next, const Policy& now);
    static std::string changeText(const PolicyChange& change);
    Outcome policyTold(std::uint64_t holder) const;
    void begin(std::uint64_t holder, const Policy& policy);
    std::size_t treasurersOf(std::uint64_t holder) const;
    bool isHeldBack(const std::string& device) const;
    std::int64_t holdBack(std::uint64_t holder, const std::string& device);
    bool lacksCode(const Policy& policy) const;
    bool isAboveDay(const std::map<unsigned, Whole>& limits, bool ofHolder, std::uint64_t who,
                    const Money& amount) const;
    void count(const Withdrawal& withdrawal, int sign);
    bool fitsOutside(const Money& more) const;
    Outcome assignSuspense(const Item& c);
    bool isDeep(std::uint64_t confirmations) const;
    void expectOwner(const std::string& rail, Deposit& deposit) const;
    void observe(const std::string& rail, Deposit& deposit, std::uint64_t confirmations, Outcome& out);
    void vanish(Deposit& deposit, Outcome& out);
    void credit(Deposit& deposit, Outcome& out);
    void takeBack(Deposit& deposit, Outcome& out);
    Account accountOf(const Deposit& deposit) const;
    /// Empty, or why not; `order` becomes what is asked for.
    std::string orderRefusal(const Item& c, Order& order) const;
    std::string changeRefusal(const Item& c, Order& order) const;
    std::string bookRefusal(const Order& order) const;
    std::string clientIdRefusal(std::uint64_t holder, std::uint64_t clientId) const;
    bool isAboveLimit(const Order& order) const;
    Whole cost(const Instrument& in, Whole price, Whole quantity) const;
    Whole needed(const Order& order) const;
    Whole marketNeeds(const Order& order) const;
    Whole dearerRate(const Instrument& in) const;
    unsigned heldUnit(const Order& order) const;
    Whole charge(Order& order, Whole fiat, std::uint64_t rate) const;
    /// What it could trade now, and what that costs in all.
    std::pair<Whole, Whole> reach(const Order& order) const;
    /// `whenLeft`: why what cannot rest is gone.
    void enter(Order order, Traded& traded, Outcome& out, unsigned whenLeft = NotFilled);
    bool match(Order& taker, Traded& traded, Outcome& out);
    void trade(Order& maker, Order& taker, Whole quantity, Outcome& out);
    void trigger(std::uint64_t instrument, Traded& traded, Outcome& out);
    void rest(Order order, Outcome& out);
    void wait(const Order& order);
    void takeOut(const Order& order, Outcome& out);
    void cancel(const Order& order, std::optional<unsigned> cause, Outcome& out);
    void rememberId(const Order& order);
    void closeId(const Order& order);
    void forgetId(std::uint64_t holder, std::uint64_t clientId);
    void note(const Order& order, unsigned state, Outcome& out, std::optional<unsigned> cause = {}) const;
    void post(Posting posting, Outcome& out);
    Record told(const DeadMan& one, unsigned state, std::uint64_t cancelled) const;
    std::uint64_t cancelOrdersOf(std::uint64_t holder, std::uint64_t user, unsigned cause, Outcome& out);
    Outcome fireDeadMan(std::uint64_t number);
    std::int64_t partOf(const Instrument& in) const;
    void noteTrade(Instrument& in, Whole price, Whole quantity) const;
    Whole reference(const Instrument& in) const;
    bool holdInCollar(Order& order) const;
    static bool isGoodRule(std::uint64_t number, const WatchRule& rule);
    void forgetMoves();
    bool meets(const WatchRule& rule, std::uint64_t holder, unsigned way, const Money& amount,
               const std::string& place) const;
    /// At what comes in or goes out; without an amount at an address that is entered.
    void look(std::uint64_t holder, bool goesOut, const Money& amount, const std::string& place,
              std::uint64_t withdrawal, Outcome& out);
    bool isHeldByCase(std::uint64_t holder) const;
    static Record told(std::uint64_t id, const Case& one, bool decided);

    std::string m_coordinator;
    std::string m_keyServer;
    std::uint64_t m_confirmations = 0;
    bool m_practice = false;
    std::int64_t m_nowMs = 0;
    std::string m_signer; // of the command under way
    std::string m_hash;

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
    std::map<std::uint64_t, Policy> m_policies;      // by holder
    std::map<std::uint64_t, PolicyChange> m_changes; // by holder
    std::uint64_t m_lastChange = 0;
    std::map<std::string, std::int64_t> m_heldBack; // usable from
    std::map<std::uint64_t, Code> m_codes;          // by user
    std::map<Spent, Whole> m_spent;
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
    std::map<std::pair<std::uint64_t, std::uint64_t>, DeadMan> m_deadMen; ///< by holder and user
    std::uint64_t m_lastDeadMan = 0;
    std::map<std::uint64_t, WatchRule> m_watchRules;
    std::set<std::string> m_watched;                                                   ///< addresses, as hashes
    std::map<std::tuple<std::uint64_t, unsigned, unsigned>, std::deque<Move>> m_moves; ///< by holder, unit and way
    std::map<std::uint64_t, Case> m_cases;                                             ///< open or held
    std::uint64_t m_lastCase = 0;
    std::uint64_t m_arrivals = 0; // in books
};

} // namespace tallylock::audit
