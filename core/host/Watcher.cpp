#include "core/host/Watcher.h"

#include <algorithm>
#include <set>

namespace tallylock::host {

using ports::RailError;
using ports::StoreFailure;

namespace {

constexpr std::size_t kPageSize = 256;

/// The last word about each payment. What came before it in the page is not news; and a page that is submitted again,
/// after a crash, must not begin by saying that a payment has fewer confirmations than it had in the end.
std::vector<ports::Sighting> newestOf(const std::vector<ports::Sighting>& page) {
    std::set<std::pair<Hash, std::uint32_t>> said;
    std::vector<ports::Sighting> newest;
    for (auto s = page.rbegin(); s != page.rend(); ++s) {
        if (said.insert({s->transaction, s->output}).second) newest.push_back(*s);
    }
    std::reverse(newest.begin(), newest.end());
    return newest;
}

class RailSource final : public Source {
public:
    explicit RailSource(ports::Rail& rail) : m_rail(rail) {}
    std::string name() const override { return m_rail.name(); }
    bool carries(money::UnitId unit) const override { return m_rail.carries(unit); }
    Result<std::string, RailError> expect(money::UnitId unit, const std::string& key) override {
        return m_rail.expect(unit, key);
    }
    Result<Page, RailError> observe(std::uint64_t cursor) override {
        const auto seen = m_rail.observe(cursor, kPageSize);
        if (!seen) return Err(seen.error());
        Page page{{}, cursor};
        for (const ports::Sighting& s : newestOf(*seen)) {
            page.seen.emplace_back(engine::ObservePayment{m_rail.name(), s.transaction, s.output, s.identifier,
                                                          s.amount, s.confirmations, s.reversed, s.seenMs});
        }
        if (!seen->empty()) page.cursor = seen->back().cursor;
        return page;
    }

private:
    ports::Rail& m_rail;
};

class BankSource final : public Source {
public:
    explicit BankSource(ports::Bank& bank) : m_bank(bank) {}
    std::string name() const override { return m_bank.name(); }
    bool carries(money::UnitId unit) const override { return m_bank.carries(unit); }
    Result<std::string, RailError> expect(money::UnitId unit, const std::string& key) override {
        return m_bank.expect(unit, key);
    }
    Result<Page, RailError> observe(std::uint64_t cursor) override {
        const auto booked = m_bank.statement(cursor, kPageSize);
        if (!booked) return Err(booked.error());
        Page page{{}, cursor};
        for (const ports::BankEntry& e : *booked) {
            page.seen.emplace_back(engine::ObserveBankEntry{m_bank.name(), e.entry, e.reference, e.amount, e.bookedMs});
            page.cursor = e.cursor;
        }
        return page;
    }

private:
    ports::Bank& m_bank;
};

} // namespace

std::unique_ptr<Source> sourceOf(ports::Rail& rail) { return std::make_unique<RailSource>(rail); }
std::unique_ptr<Source> sourceOf(ports::Bank& bank) { return std::make_unique<BankSource>(bank); }

Watcher::Watcher(std::unique_ptr<Source> source, OpenJournal openCursors, Sequencer& sequencer, TrustedTime& time,
                 Pace pace, Fail fail)
    : m_source(std::move(source)),
      m_openCursors(std::move(openCursors)),
      m_sequencer(sequencer),
      m_time(time),
      m_pace(pace),
      m_fail(std::move(fail)),
      m_rail(sequencer.addRail()) {}

Watcher::~Watcher() { stop(); }

void Watcher::stop() {
    close();
    if (m_thread.joinable()) m_thread.join();
}

Result<void, StoreFailure> Watcher::start() {
    const auto started = std::make_shared<std::promise<Result<void, StoreFailure>>>();
    auto outcome = started->get_future();
    m_thread = std::thread([this, started] { run(started); });
    return outcome.get();
}

void Watcher::want(const engine::IdentifierWanted& wanted) {
    const std::lock_guard lock(m_mutex);
    m_wanted.push_back(wanted);
    m_look = true;
    m_news.notify_one();
}

void Watcher::look() {
    const std::lock_guard lock(m_mutex);
    m_look = true;
    m_news.notify_one();
}

void Watcher::close() {
    const std::lock_guard lock(m_mutex);
    m_closed = true;
    m_news.notify_one();
}

void Watcher::run(const std::shared_ptr<std::promise<Result<void, StoreFailure>>>& started) {
    auto opened = readCursor();
    bool goesOn = opened.ok();
    started->set_value(std::move(opened));
    while (goesOn) {
        const bool made = makeIdentifiers();
        const auto waitMs = made ? round() : std::nullopt;
        std::unique_lock lock(m_mutex);
        if (!waitMs || m_closed) break;
        // An identifier that could not be made waits for the next round, like everything else.
        m_news.wait_for(lock, std::chrono::milliseconds(*waitMs), [this] { return m_closed || m_look; });
        m_look = false;
        goesOn = !m_closed;
    }
    m_cursors.reset(); // on the thread that opened it
}

Result<void, StoreFailure> Watcher::readCursor() {
    if (!m_openCursors) return {};
    auto opened = m_openCursors();
    if (!opened) return Err(opened.error());
    m_cursors = std::move(*opened);
    const std::uint64_t last = m_cursors->size();
    if (last == 0) return {};
    bool readable = false;
    auto read = m_cursors->read(last, [&](std::uint64_t, ByteView record) {
        readable = record.size() == 8;
        if (readable) m_cursor = getBigEndian64(record.data());
        return true;
    });
    if (!read) return read;
    if (!readable) return Err(StoreFailure{ports::StoreError::Damaged, "the cursor of " + m_source->name()});
    return {};
}

/// False when it is time to end.
bool Watcher::makeIdentifiers() {
    std::vector<engine::IdentifierWanted> wanted;
    {
        const std::lock_guard lock(m_mutex);
        std::swap(wanted, m_wanted);
    }
    std::vector<engine::CommandBody> made;
    std::vector<engine::IdentifierWanted> failed;
    for (const engine::IdentifierWanted& w : wanted) {
        const auto place = m_source->expect(w.unit, "holder-" + std::to_string(w.holder.value));
        if (place) {
            made.emplace_back(engine::AssignDepositIdentifier{w.holder, w.unit, m_source->name(), *place});
        } else if (place.error() == RailError::Unreachable) {
            failed.push_back(w);
        }
    }
    {
        const std::lock_guard lock(m_mutex);
        m_wanted.insert(m_wanted.end(), failed.begin(), failed.end());
    }
    return made.empty() || m_sequencer.perform(std::move(made)).has_value();
}

std::optional<std::int64_t> Watcher::round() {
    const std::int64_t lookedAtMs = m_time.nowMs();
    auto page = m_source->observe(m_cursor);
    if (!page) {
        m_waitMs = std::clamp<std::int64_t>(m_waitMs * 2, m_pace.pollMs, m_pace.retryMs);
        return m_waitMs;
    }
    for (engine::CommandBody& seen : page->seen) {
        if (auto* payment = std::get_if<engine::ObservePayment>(&seen))
            payment->countsFromMs = std::min(payment->seenMs, lookedAtMs); // a block may say what it likes
    }
    // What came first is told first, since what came too late ends what waits: of each payment there is one word here.
    const auto cameAt = [](const engine::CommandBody& seen) {
        const auto* payment = std::get_if<engine::ObservePayment>(&seen);
        return payment ? *payment->countsFromMs : 0;
    };
    std::stable_sort(page->seen.begin(), page->seen.end(),
                     [&](const auto& a, const auto& b) { return cameAt(a) < cameAt(b); });
    if (!page->seen.empty()) return submit(std::move(*page));
    m_sequencer.railCaughtUp(m_rail, lookedAtMs);
    m_waitMs = std::clamp<std::int64_t>(m_waitMs * 2, m_pace.pollMs, m_pace.idleMs);
    return m_waitMs;
}

std::optional<std::int64_t> Watcher::submit(Source::Page page) {
    if (!m_sequencer.perform(std::move(page.seen))) return std::nullopt;
    m_cursor = page.cursor;
    if (m_cursors) {
        Bytes record(8);
        putBigEndian64(record.data(), m_cursor);
        const auto kept = m_cursors->append({record});
        if (!kept) {
            m_fail(kept.error());
            return std::nullopt;
        }
    }
    m_waitMs = 0;
    return 0; // there may be more
}

} // namespace tallylock::host
