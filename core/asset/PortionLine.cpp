#include "core/asset/PortionLine.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <system_error>
#include <thread>

namespace tallylock::asset {

namespace {
class PortionLine {
public:
    PortionLine(PortionStages& stages, JobControl* control) : m_stages(stages), m_control(control) {}

    Result<void, SealError> run(unsigned threads) {
        Portion portion;
        std::vector<std::thread> helpers;
        // The first portion is read before anybody is hired: most files are a single one.
        if (auto read = take(portion); !portion.last && read) {
            for (unsigned lane = 1; lane < threads; ++lane) {
                try {
                    helpers.emplace_back([this, lane] { help(lane); });
                } catch (const std::system_error&) {
                    break; // the system gives no more threads: fewer do the same
                }
            }
            finish(portion, read);
            loop(portion);
        } else {
            finish(portion, read);
        }
        for (std::thread& helper : helpers) helper.join();
        return m_result;
    }

private:
    void help(unsigned lane) {
        Portion portion;
        portion.lane = lane;
        loop(portion);
    }

    void loop(Portion& portion) {
        for (;;) {
            Result<void, SealError> read;
            {
                const std::lock_guard lock(m_readMutex);
                if (m_ended) return;
                read = take(portion);
            }
            if (!finish(portion, read)) return;
        }
    }

    // Under the read mutex, or before there are helpers.
    Result<void, SealError> take(Portion& portion) {
        portion.index = m_nextIndex++;
        portion.last = false;
        Result<void, SealError> read;
        if (m_control && !m_control->goOn()) {
            read = Err(m_control->cancelled() ? SealError::Cancelled : SealError::Interrupted);
        } else {
            read = m_stages.read(portion);
        }
        if (!read || portion.last) m_ended = true;
        return read;
    }

    // Works, waits for its turn, writes. False when the line has stopped.
    bool finish(Portion& portion, Result<void, SealError> outcome) {
        const bool hasRead = outcome.ok();
        if (hasRead) outcome = m_stages.work(portion);
        std::unique_lock lock(m_turnMutex);
        m_turned.wait(lock, [&] { return m_stopped || m_turn == portion.index; });
        if (m_stopped) return false;
        lock.unlock(); // it is this thread's turn, so nobody else writes
        if (outcome) {
            outcome = m_stages.write(portion);
        } else if (hasRead) {
            m_stages.failed(portion);
        }
        lock.lock();
        ++m_turn;
        if (!outcome) {
            m_result = outcome;
            m_stopped = true;
        }
        const bool goOn = !m_stopped;
        lock.unlock();
        m_turned.notify_all();
        if (!goOn) {
            const std::lock_guard readLock(m_readMutex);
            m_ended = true;
        }
        return goOn;
    }

    PortionStages& m_stages;
    JobControl* m_control;

    std::mutex m_readMutex; // m_nextIndex, m_ended, and the source
    std::uint64_t m_nextIndex = 0;
    bool m_ended = false;

    std::mutex m_turnMutex; // m_turn, m_stopped, m_result
    std::condition_variable m_turned;
    std::uint64_t m_turn = 0;
    bool m_stopped = false;
    Result<void, SealError> m_result;
};
} // namespace

Result<void, SealError> runPortions(PortionStages& stages, const Work& work) {
    return PortionLine(stages, work.control).run(std::clamp(work.threads, 1u, 16u));
}

} // namespace tallylock::asset
