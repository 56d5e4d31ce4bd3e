// The thread, the journal and the state behind the practice world's faces.
#pragma once

#include "core/base/TaskThread.h"
#include "core/rails/practice/PracticeState.h"
#include "core/rails/practice/PracticeWorld.h"

#include <future>

namespace tallylock::rails {

using ports::RailError;

class PracticeWorld::Core {
public:
    explicit Core(PracticeOptions options) : m_options(std::move(options)) {}
    ~Core();
    Result<void, ports::StoreFailure> start();

    /// Runs a question on the world's thread and waits for its answer.
    template <class F>
    auto ask(F question) -> decltype(question()) {
        std::promise<decltype(question())> answer;
        if (!m_thread.post([&] { answer.set_value(question()); })) return Err(RailError::Unreachable);
        return answer.get_future().get();
    }

    // On the thread.
    const PracticeState& state() const { return m_state; }
    std::int64_t nowMs() { return m_options.clock.wallMs(); }
    std::int64_t quoteMs() const { return m_options.quoteMs; } // any thread
    /// Durable, then true. Unreachable if the disk fails.
    Result<void, RailError> happen(const PracticeRecord& record);
    /// The place for a key, made at the first time.
    Result<std::string, RailError> place(UnitId unit, const std::string& key, const std::string& prefix);
    /// An id that follows from the seed and a number.
    Hash idOf(const std::string& kind, std::uint64_t number) const;
    /// Does a deed of an exchange once; afterwards gives what it gave. Refused if another amount is named.
    Result<DeedDone, RailError> doOnce(const DeedDone& deed);

private:
    Result<void, ports::StoreFailure> open();
    void scheduleBlock();

    PracticeOptions m_options;
    PracticeState m_state;
    std::unique_ptr<ports::Journal> m_journal;
    bool m_blockComing = false;
    TaskThread m_thread;
};

} // namespace tallylock::rails
