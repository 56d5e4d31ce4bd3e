// One thread that looks at one rail, or at one bank account: it asks for places to be paid at, and submits what was
// seen.
//
// The cursor is kept on disk once what lies before it is in the journal. After a crash the last page may be submitted
// again, as the last word about each payment in it, which the engine takes without effect.
#pragma once

#include "core/host/Sequencer.h"
#include "core/ports/Bank.h"
#include "core/ports/Rail.h"

namespace tallylock::host {

/// What rails and banks have in common.
class Source {
public:
    virtual ~Source() = default;
    virtual std::string name() const = 0;
    virtual bool carries(money::UnitId unit) const = 0;
    virtual Result<std::string, ports::RailError> expect(money::UnitId unit, const std::string& key) = 0;
    struct Page {
        std::vector<engine::CommandBody> seen;
        std::uint64_t cursor = 0; ///< after the last
    };
    virtual Result<Page, ports::RailError> observe(std::uint64_t cursor) = 0;
};
std::unique_ptr<Source> sourceOf(ports::Rail& rail);
std::unique_ptr<Source> sourceOf(ports::Bank& bank);

class Watcher {
public:
    struct Pace {
        std::int64_t pollMs = 50;    ///< after something was seen
        std::int64_t idleMs = 250;   ///< at most, when nothing is
        std::int64_t retryMs = 5000; ///< at most, when the source cannot be reached
    };
    using Fail = std::function<void(const ports::StoreFailure&)>;

    Watcher(std::unique_ptr<Source> source, OpenJournal openCursors, Sequencer& sequencer, TrustedTime& time, Pace pace,
            Fail fail);
    ~Watcher();

    /// Opens the cursors and looks from then on. Waits.
    Result<void, ports::StoreFailure> start();
    bool carries(money::UnitId unit) const { return m_source->carries(unit); }
    /// Any thread.
    void want(const engine::IdentifierWanted& wanted);
    /// Looks now. Any thread.
    void look();
    /// Ends after the call that is running. Does not wait.
    void close();
    /// Waits for the end.
    void stop();

private:
    void run(const std::shared_ptr<std::promise<Result<void, ports::StoreFailure>>>& started);
    Result<void, ports::StoreFailure> readCursor();
    bool makeIdentifiers();
    /// Milliseconds to wait before the next round; nothing when it is time to end.
    std::optional<std::int64_t> round();
    std::optional<std::int64_t> submit(Source::Page page);

    std::unique_ptr<Source> m_source;
    OpenJournal m_openCursors;
    Sequencer& m_sequencer;
    TrustedTime& m_time;
    Pace m_pace;
    Fail m_fail;
    std::size_t m_rail = 0;

    std::mutex m_mutex;
    std::condition_variable m_news;
    std::vector<engine::IdentifierWanted> m_wanted;
    bool m_look = false;
    bool m_closed = false;

    // On the thread.
    std::unique_ptr<ports::Journal> m_cursors;
    std::uint64_t m_cursor = 0;
    std::int64_t m_waitMs = 0;
    std::thread m_thread;
};

} // namespace tallylock::host
