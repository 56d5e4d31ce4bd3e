// Starting over a journal of ten million commands: accounts (a tenth of the commands) that are registered and funded,
// then orders and cancellations around a book of a steady depth, in batches of 4,096.
//
//   snapshot   the picture of the last tenth but one, the sums of all records, and the last tenth replayed
//   full       everything replayed from the first record, signatures of batches and events compared
//
// Reference: reading the file. The journal is made here, through the engine. The signatures of registrations are left
// out, since a replay trusts the coordinator's over each batch. TALLYLOCK_BENCH_COMMANDS scales it down.
#include "tests/bench/BenchHost.h"

#include "core/host/Recovery.h"

#include <QCoreApplication>

#include <fcntl.h>
#include <unistd.h>
#include <unordered_map>

using namespace tallylock;
using namespace tallylock::bench;

namespace {

constexpr std::size_t kBatch = 4096;
constexpr std::size_t kDepth = 100'000;

void must(Result<void, ports::StoreFailure> result) {
    if (!result) giveUp(result.error().detail);
}
template <class T>
T must(Result<T, ports::StoreFailure> result) {
    if (!result) giveUp(result.error().detail);
    return std::move(result).value();
}

template <class Key>
Key keyOf(std::uint64_t account, const char* what) {
    Key key;
    key.bytes = crypto::labelledHash(what, crypto::cborList(account)).bytes;
    return key;
}

/// An envelope whose signature does not fit.
Bytes envelopeOf(const IdentityKey& signer, std::uint64_t counter, std::uint64_t type, ByteView body) {
    CborWriter writer;
    writer.map(6);
    writer.unsignedInt(1);
    writer.unsignedInt(wire::kVersion);
    writer.unsignedInt(2);
    writer.unsignedInt(type);
    writer.unsignedInt(3);
    writer.unsignedInt(counter);
    writer.unsignedInt(4);
    writeCbor(writer, signer);
    writer.unsignedInt(5);
    writer.byteString(body);
    writer.unsignedInt(6);
    writeCbor(writer, Signature{});
    return writer.take();
}

/// Makes the journal.
class Writer {
public:
    Writer(ports::Journal& journal, ports::SnapshotStore& snapshots, std::uint64_t commands)
        : m_journal(journal),
          m_snapshots(snapshots),
          m_commands(commands),
          m_accounts(static_cast<std::uint32_t>(commands / 10)) {
        wire::Genesis genesis;
        genesis.config = config;
        append(encodeCbor(genesis));
        m_at.head = wire::genesisHash(genesis);
        m_counters.resize(m_accounts);
    }

    void run() {
        own(marketOfBench());
        for (std::uint32_t account = 0; account < m_accounts; ++account) open(account);
        while (m_at.sequence + m_waiting < m_commands) {
            if (m_open.size() < kDepth) {
                place();
            } else {
                cancel();
            }
        }
        flush();
    }

    keys::Identity coordinator = identityOf("coordinator");
    engine::Config config = benchConfig(coordinator);
    std::uint64_t commands() const { return m_at.sequence; }
    std::uint64_t tail() const { return m_at.sequence - m_savedAt; }
    std::uint64_t refused() const { return m_refused; }
    Hash stateHash() const { return m_engine.stateHash(); }
    double encodeSeconds = 0;
    double snapshotBytes = 0;

private:
    void append(const Bytes& record) {
        if (const auto done = m_journal.append({record}); !done) giveUp(done.error().detail);
    }
    template <class Command>
    void own(const Command& command) {
        m_entries.addSigned(envelopeOf(coordinator.key(), ++m_ownCounter, Command::kType, encodeCbor(command)));
        added();
    }
    template <class Command>
    void unsignedOf(std::uint32_t account, const Command& command) {
        m_entries.addUnsigned(keyOf<IdentityKey>(account, "bench-device"),
                              {++m_counters[account], Command::kType, encodeCbor(command)});
        added();
    }
    void added() {
        if (++m_waiting == kBatch) flush();
    }
    /// The even ones have dollars, the odd ones coins.
    void open(std::uint32_t account) {
        const std::string name = "account " + std::to_string(account);
        const engine::RegisterHolder registration{name, false, keyOf<BoxKey>(account, "bench-box")};
        m_entries.addSigned(envelopeOf(keyOf<IdentityKey>(account, "bench-device"), ++m_counters[account],
                                       engine::RegisterHolder::kType, encodeCbor(registration)));
        added();
        const auto funding = fundingOf({account + std::uint64_t{1}}, 100'000'000);
        const std::size_t second = account % 2 == 0 ? 0 : 1;
        own(std::get<engine::AssignDepositIdentifier>(funding[second]));
        if (second == 0) {
            own(std::get<engine::ObserveBankEntry>(funding[2]));
        } else {
            own(std::get<engine::ObservePayment>(funding[3]));
        }
    }
    void place() {
        const Order order = m_flow.next();
        // Who buys has dollars, who sells has coins.
        const std::uint32_t account = order.account / 2 * 2 + order.side;
        if (account < m_accounts) unsignedOf(account, order.command());
    }
    void cancel() {
        const OrderId order = m_open[m_random() % m_open.size()];
        const std::uint32_t account = m_owners.at(order).account;
        close(order);
        unsignedOf(account, engine::CancelOrder{order});
    }
    void close(OrderId order) {
        const auto found = m_owners.find(order);
        if (found == m_owners.end()) return; // cancelled by us
        m_open[found->second.place] = m_open.back();
        m_owners.at(m_open.back()).place = found->second.place;
        m_open.pop_back();
        m_owners.erase(order);
    }
    void see(const engine::Event& event) {
        if (const auto* placed = std::get_if<engine::OrderPlaced>(&event.body)) {
            m_owners[placed->order] = {static_cast<std::uint32_t>(placed->holder.value - 1), m_open.size()};
            m_open.push_back(placed->order);
        } else if (const auto* changed = std::get_if<engine::OrderChanged>(&event.body)) {
            if (changed->state == engine::OrderState::Filled) close(changed->order);
        }
    }
    void flush() {
        wire::Batch record;
        record.number = m_at.batch + 1;
        record.timeMs = static_cast<std::int64_t>(record.number);
        record.previous = m_at.head;
        record.firstSequence = m_at.sequence + 1;
        m_entries.moveInto(record);
        m_waiting = 0;
        const auto commands = wire::readCommands(record);
        if (!commands) giveUp("the benchmark writes what cannot be read");
        std::vector<const engine::Command*> all;
        for (const engine::Command& command : *commands) all.push_back(&command);
        const host::Applied applied = m_applier.apply(m_engine, record.timeMs, m_at.sequence, all);
        record.eventsHash = applied.eventsHash;
        for (const engine::Reply& reply : applied.replies) m_refused += reply.refused == engine::Refused::No ? 0 : 1;
        for (const ports::Projected& cause : applied.projected) {
            for (const engine::Event& event : cause.events) see(event);
        }
        m_at = {record.number, m_at.sequence + all.size(), record.timeMs, wire::signBatch(record, coordinator)};
        append(encodeCbor(record));
        if (m_savedAt == 0 && m_at.sequence >= m_commands - m_commands / 10) save();
    }
    void save() {
        Bytes state;
        encodeSeconds = secondsOf([&] { state = host::encodeSnapshot(m_engine, m_at); });
        snapshotBytes = static_cast<double>(state.size());
        const auto saved = m_snapshots.save(host::recordOfBatch(m_at.batch), state);
        if (!saved) giveUp(saved.error().detail);
        m_savedAt = m_at.sequence;
    }

    struct Owner {
        std::uint32_t account = 0;
        std::size_t place = 0; ///< in m_open
    };
    ports::Journal& m_journal;
    ports::SnapshotStore& m_snapshots;
    std::uint64_t m_commands;
    std::uint32_t m_accounts;
    engine::Engine m_engine{config};
    host::BatchApplier m_applier;
    host::Position m_at;
    wire::BatchEntries m_entries;
    std::size_t m_waiting = 0;
    std::vector<std::uint64_t> m_counters;
    std::uint64_t m_ownCounter = 0;
    OrderFlow m_flow{m_accounts, 5};
    std::mt19937_64 m_random{11};
    std::vector<OrderId> m_open;
    std::unordered_map<OrderId, Owner> m_owners;
    std::uint64_t m_savedAt = 0;
    std::uint64_t m_refused = 0;
};

double secondsToRead(const std::string& path) {
    return secondsOf([&] {
        const int file = ::open(path.c_str(), O_RDONLY);
        Bytes block(std::size_t{1} << 20);
        ssize_t count = 0;
        while ((count = ::read(file, block.data(), block.size())) > 0) {
        }
        if (file < 0 || count < 0) giveUp("cannot read the journal's file");
        ::close(file);
    });
}

} // namespace

int main(int count, char** values) {
    QCoreApplication app(count, values);
    TemporaryFolder folder;
    Figures figures;
    const std::string path = folder.file("journal");
    store::FileSnapshots snapshots(folder.file(""));
    engine::Config config;
    Hash stateHash;
    {
        auto journal = must(store::SqliteJournal::open(path));
        Writer writer(*journal, snapshots,
                      std::max<std::uint64_t>(numberFrom("TALLYLOCK_BENCH_COMMANDS", 10'000'000), 100'000));
        figures["made_in_s"] = secondsOf([&] { writer.run(); });
        config = writer.config;
        stateHash = writer.stateHash();
        figures["commands"] = static_cast<double>(writer.commands());
        figures["refused"] = static_cast<double>(writer.refused());
        figures["tail_commands"] = static_cast<double>(writer.tail());
        figures["snapshot_encode_s"] = writer.encodeSeconds;
        figures["snapshot_mb"] = writer.snapshotBytes / 1e6;
    }
    figures["journal_mb"] = static_cast<double>(std::filesystem::file_size(path)) / 1e6;
    figures["read_file_s"] = secondsToRead(path);
    {
        std::optional<host::Recovered> state;
        auto journal = must(store::SqliteJournal::open(path));
        host::Recovery recovery(*journal, config);
        figures["snapshot_load_s"] = secondsOf([&] {
            state = must(recovery.fromSnapshotAndSums(
                snapshots, [&]() -> Result<std::unique_ptr<ports::Journal>, ports::StoreFailure> {
                    return must(store::SqliteJournal::open(path));
                }));
            if (!state) giveUp("the snapshot does not fit");
        });
        figures["tail_s"] = secondsOf([&] { must(recovery.replay(*state, [](const wire::Batch&, host::Applied) {})); });
        figures["snapshot_and_tail_s"] = figures["snapshot_load_s"] + figures["tail_s"];
        if (state->engine.stateHash() != stateHash) giveUp("the snapshot and its tail give another state");
    }
    {
        auto journal = must(store::SqliteJournal::open(path));
        host::Recovery recovery(*journal, config);
        SystemRandom random;
        std::optional<host::Recovered> state = recovery.beginning(must(recovery.genesis(random)));
        figures["full_s"] = secondsOf([&] { must(recovery.replay(*state, [](const wire::Batch&, host::Applied) {})); });
        if (state->engine.stateHash() != stateHash) giveUp("the replay gives another state");
    }
    figures["full_commands_s"] = figures["commands"] / figures["full_s"];
    figures["full_to_read_ratio"] = figures["full_s"] / figures["read_file_s"];
    return figures.report("recover.json");
}
