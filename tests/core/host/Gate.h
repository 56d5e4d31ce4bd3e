// Stands before the journal or the tables of a host, so that a test decides when they go on.
#pragma once

#include "tests/core/host/HostScene.h"
#include "tests/support/JournalAround.h"

namespace tallylock::test {

/// Lets an append wait, or fail, when the test says so.
class Gate {
public:
    void shut() { m_shut = true; }
    void open() { m_shut = false; }
    void breakDown() { m_broken = true; }
    bool isWaiting() const { return m_waiting; }

    std::unique_ptr<ports::Journal> before(std::unique_ptr<ports::Journal> journal) {
        return std::make_unique<Gated>(*this, std::move(journal));
    }

private:
    class Gated final : public JournalAround {
    public:
        Gated(Gate& gate, std::unique_ptr<ports::Journal> journal) : JournalAround(std::move(journal)), m_gate(gate) {}
        Result<void, ports::StoreFailure> append(const std::vector<Bytes>& records) override {
            m_gate.m_waiting = true;
            while (m_gate.m_shut) QTest::qSleep(1);
            m_gate.m_waiting = false;
            if (m_gate.m_broken) return Err(ports::StoreFailure{ports::StoreError::DiskFull, "the gate"});
            return JournalAround::append(records);
        }

    private:
        Gate& m_gate;
    };
    std::atomic<bool> m_shut{false};
    std::atomic<bool> m_broken{false};
    std::atomic<bool> m_waiting{false};
};

/// Lets the tables wait when the test says so.
class TablesGate {
public:
    void shut() { m_shut = true; }
    void open() { m_shut = false; }
    bool isWaiting() const { return m_waiting; }
    /// Told where the tables stand, each time before they are written, on their thread. Set before the start.
    std::function<void(const ports::ProjectedPlace&)> look;

    std::unique_ptr<ports::Projector> before(std::unique_ptr<ports::Projector> tables) {
        return std::make_unique<Gated>(*this, std::move(tables));
    }

private:
    class Gated final : public ports::Projector {
    public:
        Gated(TablesGate& gate, std::unique_ptr<ports::Projector> tables) : m_gate(gate), m_tables(std::move(tables)) {}
        ports::ProjectedPlace standsAt() const override { return m_tables->standsAt(); }
        Result<void, ports::StoreFailure> project(std::span<const ports::ProjectedBatch> batches) override {
            m_gate.m_waiting = true;
            while (m_gate.m_shut) QTest::qSleep(1);
            m_gate.m_waiting = false;
            if (m_gate.look) m_gate.look(m_tables->standsAt());
            return m_tables->project(batches);
        }
        Result<void, ports::StoreFailure> clear() override { return m_tables->clear(); }
        Result<std::vector<wire::HistoryRow>, ports::StoreFailure> history(HolderId reader,
                                                                           const wire::HistoryQuery& query) override {
            return m_tables->history(reader, query);
        }
        Result<wire::BookSnapshot, ports::StoreFailure> book(const wire::BookQuery& query) override {
            return m_tables->book(query);
        }
        Result<wire::CandlePage, ports::StoreFailure> candles(const wire::CandleQuery& query) override {
            return m_tables->candles(query);
        }
        Result<std::vector<wire::StreamItem>, ports::StoreFailure> stream(HolderId reader, std::uint64_t cursor,
                                                                          std::size_t limit) override {
            return m_tables->stream(reader, cursor, limit);
        }
        Result<std::optional<ports::EventPlace>, ports::StoreFailure> placeOf(HolderId reader,
                                                                              std::uint64_t position) override {
            return m_tables->placeOf(reader, position);
        }
        Result<ports::HistoryBatch, ports::StoreFailure> historyBatch(std::uint64_t number) override {
            return m_tables->historyBatch(number);
        }
        Result<Hash, ports::StoreFailure> historyNode(unsigned level, std::uint64_t index) override {
            return m_tables->historyNode(level, index);
        }
        Result<std::optional<ports::OwedDay>, ports::StoreFailure> owedDay() override { return m_tables->owedDay(); }
        Result<std::vector<ports::OwedRow>, ports::StoreFailure> owed(std::uint32_t day, const ports::OwedRow& after,
                                                                      std::size_t limit) override {
            return m_tables->owed(day, after, limit);
        }

    private:
        TablesGate& m_gate;
        std::unique_ptr<ports::Projector> m_tables;
    };
    std::atomic<bool> m_shut{false};
    std::atomic<bool> m_waiting{false};
};

} // namespace tallylock::test
