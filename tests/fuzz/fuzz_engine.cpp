// A coordinator's engine under whatever a few signers can send it. An input is a list of commands: a head byte that
// says who signs and how the command is written, then either a CBOR command with its length or a handful of bytes from
// which one of the market's is made, so that a flipped bit gives another order and not only another refusal.
//
// After every command all money sums to zero, nobody has less than nothing, and what was refused has told nobody
// anything. At the end the same commands give the same replies, events and state, and so does an engine that was saved
// and loaded half-way.
#include "core/crypto/Hash.h"
#include "core/engine/Engine.h"
#include "core/ledger/Ledger.h"
#include "tests/fuzz/Fuzz.h"

using namespace tallylock;
using namespace tallylock::engine;
using fuzz::require;

namespace {
constexpr std::int64_t kStartMs = 1'700'000'000'000;
constexpr std::size_t kMostCommands = 200; // of one input
constexpr std::uint64_t kSigners = 6; // coordinator, key server, an individual, an institution, its user, a stranger
constexpr std::uint64_t kHolders = 2;

IdentityKey keyOf(std::uint64_t signer) {
    static const std::vector<IdentityKey> keys = [] {
        std::vector<IdentityKey> made;
        for (std::uint64_t i = 0; i < kSigners; ++i) {
            made.push_back(*IdentityKey::from(crypto::labelledHash("fuzz-key", crypto::cborList(i)).view()));
        }
        return made;
    }();
    return keys[signer % kSigners];
}

Config config() {
    Config c;
    c.coordinator.identity = keyOf(0);
    c.keyServer.identity = keyOf(1);
    c.dollars = money::kUsd;
    return c;
}

struct Sent {
    std::int64_t timeMs = 0;
    Command command;
};

/// What a run came to: every reply and event as bytes, and the state.
struct Outcome {
    Bytes told;
    Hash state;
};

class Run {
public:
    Run() : m_engine(config()) {}

    Reply take(const Sent& sent) {
        m_events.clear();
        m_engine.beginBatch(sent.timeMs, m_events);
        const std::size_t fired = m_events.size();
        Reply reply = m_engine.apply(sent.command, m_events);
        require(reply.refused == Refused::No || m_events.size() == fired, "a refusal tells nobody anything");
        add(encodeCbor(reply));
        for (const Event& event : m_events) add(encodeCbor(event.body));
        return reply;
    }

    void check() const {
        const ledger::Ledger& ledger = m_engine.ledger();
        require(ledger.checkSums(), "every unit sums to zero, and what is held are holds");
        for (std::uint64_t holder = 1; holder <= kHolders; ++holder) {
            for (const money::Unit& unit : money::allUnits()) {
                const ledger::Balance balance = ledger.balance(ledger::availableOf({holder}, unit.id));
                require(balance.held >= 0 && balance.held <= balance.total, "nobody has less than nothing");
            }
        }
    }

    void saveAndLoad() {
        CborWriter writer;
        m_engine.save(writer);
        CborReader reader(writer.bytes());
        auto loaded = Engine::load(reader);
        require(loaded && reader.finish(), "what was saved can be loaded");
        m_engine = std::move(*loaded);
    }

    Outcome outcome() const { return {m_told, m_engine.stateHash()}; }

private:
    void add(const Bytes& bytes) { m_told.insert(m_told.end(), bytes.begin(), bytes.end()); }

    Engine m_engine;
    std::vector<Event> m_events;
    Bytes m_told;
};

// --- what is sent ----------------------------------------------------------------------------------------------------

Amount usd(std::int64_t cents) { return {money::Int128{cents} * 1'000'000, money::kUsd}; }
Amount lots(std::int64_t count) { return {money::Int128{count} * 10'000, money::kBtc}; }

/// Two holders with money, an instrument with fees that need rounding, and a collar.
std::vector<std::pair<std::uint64_t, CommandBody>> ground() {
    std::vector<std::pair<std::uint64_t, CommandBody>> list{
        {2, RegisterHolder{"Ada", false, {}}},
        {3, RegisterHolder{"Harbour Fund", true, {}}},
        {3, AddUser{"Trader", keyOf(4), 15}},
        {0, OpenInstrument{"BTC/USD", money::kBtc, money::kUsd, usd(1), lots(1), lots(1), lots(1'000), 7, 25, 2'000}}};
    for (std::uint64_t holder = 1; holder <= kHolders; ++holder) {
        const std::string name = "to " + std::to_string(holder);
        const Hash transaction = crypto::labelledHash("fuzz-payment", crypto::cborList(holder));
        list.emplace_back(0, AssignDepositIdentifier{{holder}, money::kUsd, "bank", name});
        list.emplace_back(0, AssignDepositIdentifier{{holder}, money::kBtc, "chain", name});
        list.emplace_back(0, ObserveBankEntry{"bank", name, name, usd(1'000'000), kStartMs});
        list.emplace_back(0, ObservePayment{"chain", transaction, 0, name, lots(5'000), 2, false, kStartMs});
    }
    return list;
}

CommandBody placed(fuzz::Choices& from) {
    const std::uint8_t how = from.byte();
    PlaceOrder c{{1}, static_cast<std::uint8_t>(how & 1u), usd(90 + from.byte() % 20), lots(1 + from.byte() % 50), 0};
    c.type = static_cast<market::OrderType>((how >> 1) % static_cast<unsigned>(market::OrderType::kCount));
    c.selfTrade = static_cast<market::SelfTrade>((how >> 4) % static_cast<unsigned>(market::SelfTrade::kCount));
    if (c.type == market::OrderType::Market) c.price = {};
    if (c.type == market::OrderType::StopLimit) c.stopPrice = usd(90 + from.byte() % 20);
    return c;
}

CommandBody changed(fuzz::Choices& from) {
    const std::uint8_t how = from.byte();
    ReplaceOrder c{{from.byte()}};
    if ((how & 1u) != 0) c.price = usd(90 + from.byte() % 20);
    if ((how & 2u) != 0) c.quantity = lots(1 + from.byte() % 50);
    if ((how & 4u) != 0) c.stopPrice = usd(90 + from.byte() % 20);
    return c;
}

CommandBody made(std::uint8_t kind, fuzz::Choices& from) {
    switch (kind % 6) {
    case 0:
    case 1: return placed(from);
    case 2: return changed(from);
    case 3: return CancelOrder{{from.byte()}};
    case 4: return CancelAllOrders{};
    default: return SteerInstrument{{1}, from.byte() % 4 == 0, usd(from.byte())};
    }
}

/// The next command of the input; nothing if what stands there is none.
std::optional<CommandBody> next(std::uint8_t head, fuzz::Choices& from) {
    if ((head & 0x80u) != 0) return made(static_cast<std::uint8_t>((head >> 3) & 7u), from);
    const std::size_t size = from.number();
    Bytes bytes;
    while (bytes.size() < size && !from.empty()) bytes.push_back(from.byte());
    const auto body = decodeCbor<CommandBody>(bytes);
    if (!body) return std::nullopt;
    require(fuzz::same(encodeCbor(*body), bytes), "a command is written as it was read");
    return *body;
}

Outcome again(const std::vector<Sent>& journal, bool saved) {
    Run run;
    for (std::size_t i = 0; i < journal.size(); ++i) {
        if (saved && i == journal.size() / 2) run.saveAndLoad();
        run.take(journal[i]);
    }
    return run.outcome();
}
} // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    Run run;
    std::vector<Sent> journal;
    std::uint64_t counter = 0;
    const auto send = [&](std::uint64_t signer, std::int64_t timeMs, CommandBody body) {
        ++counter;
        Command command{keyOf(signer), counter, crypto::labelledHash("fuzz-command", crypto::cborList(counter)),
                        std::move(body)};
        journal.push_back({timeMs, std::move(command)});
        Reply reply = run.take(journal.back());
        run.check();
        return reply;
    };
    for (auto& [signer, body] : ground()) {
        require(send(signer, kStartMs, std::move(body)).refused == Refused::No, "the ground can be laid");
    }
    fuzz::Choices from({data, size});
    std::int64_t timeMs = kStartMs;
    for (std::size_t count = 0; count < kMostCommands && !from.empty(); ++count) {
        const std::uint8_t head = from.byte();
        if ((head & 0x40u) != 0) timeMs += std::int64_t{from.byte()} * 3'600'000;
        if (auto body = next(head, from)) send(head & 7u, timeMs, std::move(*body));
    }
    const Outcome first = run.outcome();
    for (const bool saved : {false, true}) {
        const Outcome other = again(journal, saved);
        require(other.told == first.told, "the same commands are answered alike");
        require(other.state == first.state, "and lead to the same state");
    }
    return 0;
}
