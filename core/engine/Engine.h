// The deterministic state machine: apply(command) -> events. The one place that joins ledger, parties, treasury, market
// and escrow.
//
// Pure: no clock, randomness, file, socket or thread. The host tells the time once a batch. Every decodable command
// gives events or a named refusal, and a refusal changes nothing but the memory of its id. The same commands at the
// same times give the same events and the same stateHash, on any machine. Single-threaded: one thread owns an Engine.
#pragma once

#include "core/engine/Commands.h"
#include "core/engine/Events.h"
#include "core/engine/Refused.h"
#include "core/parties/Parties.h"
#include "core/treasury/Treasury.h"
#include "core/treasury/Watch.h"
#include "core/treasury/Withdrawals.h"

#include <map>
#include <memory>
#include <optional>
#include <span>

namespace tallylock::ledger {
class Ledger;
}
namespace tallylock::market {
class Market;
}

namespace tallylock::engine {

/// Where the coins of sales are sold (B11).
enum class SecondExchange : std::uint8_t {
    Outside,
    OwnBook, ///< by orders of the house on our own order book
    kCount
};

/// Two batches that are further apart than this have an outage between them, where a config says so (milliseconds).
inline constexpr std::int64_t kOutageMs = 10 * 60 * 1000;
inline constexpr std::int64_t kShortestOutageMs = 60 * 1000; ///< whatever the config says
inline constexpr std::int64_t kLongestOutageMs = 24 * 60 * 60 * 1000;

/// Fixed when a coordinator's folder is made; it is the journal's first record.
struct Config {
    PartyKeys coordinator;
    PartyKeys keyServer;
    UnitId dollars{};                        ///< what sales are priced in
    std::uint32_t saleFeeBasisPoints = 100;  ///< out of the seller's price
    std::uint32_t holdbackBasisPoints = 500; ///< kept back until the sale ends
    Deadlines deadlines;
    std::uint32_t confirmations = 2;        ///< after which a payment is final
    bool practice = true;                   ///< whoever registers is verified at once; nothing here is worth anything
    std::optional<Arbitration> arbitration; ///< none, in a coordinator of old
    std::optional<PartyKeys> standby;       ///< the key server that takes over from a silent one
    std::optional<SecondExchange> secondExchange{}; ///< none, in a coordinator of old: outside
    std::optional<bool> oneServer{};                ///< see Terms::oneServer
    std::optional<UnitId> digitalDollar{};          ///< that the treasury keeps; none: there are none in escrow
    /// Between two batches at least, for deadlines that run in it to be as much longer; none: no outage does that.
    std::optional<std::int64_t> outageMs{};
    static constexpr void fields(auto use) {
        use(field(1, &Config::coordinator), field(2, &Config::keyServer), field(3, &Config::dollars),
            field(4, &Config::saleFeeBasisPoints), field(5, &Config::holdbackBasisPoints), field(6, &Config::deadlines),
            field(7, &Config::confirmations), field(8, &Config::practice), field(9, &Config::arbitration),
            field(10, &Config::standby), field(15, &Config::secondExchange), field(16, &Config::oneServer),
            field(17, &Config::digitalDollar), field(18, &Config::outageMs));
    }
};

inline bool sellsOnOwnBook(const Config& config) { return config.secondExchange == SecondExchange::OwnBook; }
/// Whether this house provides the seller's money so: sells coins at B9, and keeps this in escrow.
inline bool offersFunding(const Config& config, std::optional<FundingMode> funding, std::optional<EscrowAsset> asset) {
    const EscrowAsset held = asset.value_or(EscrowAsset::Dollars);
    if (funding == FundingMode::Converted) return held == EscrowAsset::Dollars && sellsOnOwnBook(config);
    return held != EscrowAsset::DigitalDollars || config.digitalDollar.has_value();
}

struct Reply {
    Refused refused = Refused::No;
    std::uint64_t value = 0; ///< the id that the command made (holder, user, listing, sale, order, ...), or zero
    std::string detail;      ///< for a refusal: what the text needs (the state it is in, ...)
    bool operator==(const Reply&) const = default;
    static constexpr void fields(auto use) {
        use(field(1, &Reply::refused), field(2, &Reply::value), field(3, &Reply::detail));
    }
};

/// Writes what apply() leaves out of its events because it follows from the rest: the hashes of instructions. Whoever
/// shows events to others calls it first, on any thread.
void complete(std::span<Event> events);

class CheckedSignatures;

/// What sales count on from their frozen quote on until their coins are sold.
struct OpenQuotes {
    std::map<UnitId, Amount> coins; ///< by coin: these are still to be sold
    Amount dollars;                 ///< what the treasury has fronted for them, or has promised to
    bool operator==(const OpenQuotes&) const = default;
};

class Engine {
public:
    explicit Engine(const Config& config);
    ~Engine();
    Engine(Engine&&) noexcept;
    Engine& operator=(Engine&&) noexcept;

    /// Starts a batch at this time (never before the last one's) and fires what was due, in (deadline, id) order.
    void beginBatch(std::int64_t nowMs, std::vector<Event>& events);
    /// Applies one command of the batch. A repeated id with the same hash gives the first reply and no events.
    Reply apply(const Command& command, std::vector<Event>& events);
    /// Says what comes next, so that memory can be fetched meanwhile. Changes nothing, and may be left out.
    void expect(std::span<const Command* const> next) const;
    /// Where to look first when a command carries a signature inside. No state: it changes no answer, and may be left
    /// out. It must outlive the engine.
    void consult(CheckedSignatures& checked);
    /// When beginBatch next has something to fire.
    std::optional<std::int64_t> nextDeadlineMs() const;
    /// The first that would pass or be passed by a batch at this time: where that is behind an outage, those that wait
    /// for us are not among them.
    std::optional<std::int64_t> nextDeadlineMs(std::int64_t atMs) const;
    /// A batch that is later than the last one by more than this is behind an outage, for some sale.
    std::optional<std::int64_t> longestStepMs() const;
    /// When a batch is due, be it an empty one: a deadline, or time is to be noted, so that an outage shows (Config).
    std::optional<std::int64_t> nextTickMs() const;

    /// Sorted and canonical, so equal states are equal bytes.
    void save(CborWriter& writer) const;
    static Result<Engine, CborError> load(CborReader& reader);
    Hash stateHash() const; ///< labelledHash("state", save)

    // Reading, for the host, views and tests.
    const Config& config() const;
    const ledger::Ledger& ledger() const;
    /// Effects that are open, oldest first: what the outbox works on after a restart.
    std::vector<EffectOpened> openEffects() const;
    std::vector<IdentifierWanted> openIdentifierRequests() const;
    /// The last SaleChanged of an open sale; null when unknown or ended.
    const SaleChanged* sale(SaleId id) const;
    OpenQuotes openQuotes() const;
    /// By coin: what the house still has to sell on its own book.
    const std::map<UnitId, CoinStock>& coinStocks() const;
    /// Those that are being disputed, in the order of their numbers.
    std::vector<SaleId> disputedSales() const;
    /// What has been said in an open dispute, oldest first.
    std::vector<DisputeStatement> statements(SaleId id) const;
    const parties::Parties& parties() const;
    const treasury::Treasury& treasury() const;
    const treasury::Withdrawals& withdrawals() const;
    const treasury::Watch& watch() const;
    const market::Market& market() const;
    /// The one in force: the holder's own, or the default. By default an institution needs one approval and an
    /// individual none, and what is new waits a day, or not at all where everything is practice.
    treasury::WithdrawalPolicy withdrawalPolicy(HolderId holder) const;
    /// What this policy would allow the holder's treasurers of now, devices that still wait included.
    treasury::Movers whoCouldMove(HolderId holder, const treasury::WithdrawalPolicy& policy,
                                  const Amount& amount) const;
    HolderId holderOf(const IdentityKey& key) const; ///< none if unknown
    /// The highest command counter that this device has used; 0: none.
    std::uint64_t lastCounter(const IdentityKey& device) const;

    struct State; ///< EngineState.h, for this room's own files

private:
    std::unique_ptr<State> m_state;
};

} // namespace tallylock::engine
