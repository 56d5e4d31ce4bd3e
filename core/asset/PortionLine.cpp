#include "core/asset/PortionLine.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <system_error>
#include <thread>

namespace tallylock::asset {

namespace {
// A ring of portions. A thread takes the next place, reads and works, and leaves the portion there; whoever leaves one
// while nobody writes, writes all that are ready in a row. So a thread waits only where the ring is full.
class PortionLine {
public:
    PortionLine(PortionStages& stages, JobControl* control, unsigned threads)
        : m_stages(stages),
          m_control(control),
          m_threads(threads),
          m_ring(threads + 2) {}

    Result<void, SealError> run() {
        std::vector<std::thread> helpers;
        // The first portion is read before anybody is hired: most files are a single one.
        Place& first = take();
        if (!m_ended) {
            for (unsigned lane = 1; lane < m_threads; ++lane) {
                try {
                    helpers.emplace_back([this, lane] { loop(lane); });
                } catch (const std::system_error&) {
                    break; // the system gives no more threads: fewer do the same
                }
            }
        }
        finish(first, 0);
        loop(0);
        for (std::thread& helper : helpers) helper.join();
        return m_result;
    }

private:
    struct Place {
        Portion portion;
        Result<void, SealError> outcome;
        bool hasRead = false;
        bool ready = false; ///< read and worked on, not yet written
    };

    void loop(unsigned lane) {
        for (;;) {
            Place* place = nullptr;
            {
                const std::lock_guard lock(m_readMutex);
                if (m_ended || !waitForRoom()) return;
                place = &take();
            }
            finish(*place, lane);
        }
    }

    // Under the read mutex. False when the line has stopped.
    bool waitForRoom() {
        std::unique_lock lock(m_turnMutex);
        m_turned.wait(lock, [&] { return m_stopped || m_nextIndex < m_turn + m_ring.size(); });
        return !m_stopped;
    }

    // Under the read mutex, or before there are helpers. There is room.
    Place& take() {
        Place& place = m_ring[m_nextIndex % m_ring.size()];
        place.portion.index = m_nextIndex++;
        place.portion.last = false;
        if (m_control && !m_control->goOn()) {
            place.outcome = Err(m_control->cancelled() ? SealError::Cancelled : SealError::Interrupted);
            place.hasRead = false;
        } else {
            place.outcome = m_stages.read(place.portion);
            place.hasRead = place.outcome.ok();
        }
        if (!place.outcome || place.portion.last) m_ended = true;
        return place;
    }

    void finish(Place& place, unsigned lane) {
        place.portion.lane = lane;
        if (place.hasRead) place.outcome = m_stages.work(place.portion);
        std::unique_lock lock(m_turnMutex);
        place.ready = true;
        if (m_writing) return; // that thread comes to it
        m_writing = true;
        while (!m_stopped && m_ring[m_turn % m_ring.size()].ready) {
            Place& head = m_ring[m_turn % m_ring.size()];
            lock.unlock(); // nobody else writes, and the place is ours until its turn is over
            write(head);
            lock.lock();
            head.ready = false;
            ++m_turn;
            if (!head.outcome) {
                m_result = head.outcome;
                m_stopped = true;
            }
            m_turned.notify_one(); // only the thread that holds the read mutex can be waiting
        }
        m_writing = false;
    }

    void write(Place& place) {
        if (place.outcome) {
            place.outcome = m_stages.write(place.portion);
        } else if (place.hasRead) {
            m_stages.failed(place.portion);
        }
    }

    PortionStages& m_stages;
    JobControl* m_control;
    unsigned m_threads;
    std::vector<Place> m_ring; ///< portion i is at i modulo its size

    std::mutex m_readMutex; ///< m_nextIndex, m_ended, and the source
    std::uint64_t m_nextIndex = 0;
    bool m_ended = false;

    std::mutex m_turnMutex; ///< the rest, and whether a place is ready
    std::condition_variable m_turned;
    std::uint64_t m_turn = 0;
    bool m_writing = false;
    bool m_stopped = false;
    Result<void, SealError> m_result;
};
} // namespace

Result<void, SealError> runPortions(PortionStages& stages, const Work& work) {
    return PortionLine(stages, work.control, std::clamp(work.threads, 1u, 16u)).run();
}

} // namespace tallylock::asset
