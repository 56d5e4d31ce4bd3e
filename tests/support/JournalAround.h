// A journal that passes on what it is asked: a test's own changes what it needs to.
#pragma once

#include "core/ports/Journal.h"

#include <memory>
#include <utility>

namespace tallylock::test {

class JournalAround : public ports::Journal {
public:
    explicit JournalAround(std::unique_ptr<ports::Journal> journal) : m_journal(std::move(journal)) {}
    std::uint64_t size() const override { return m_journal->size(); }
    Result<void, ports::StoreFailure> append(const std::vector<Bytes>& records) override {
        return m_journal->append(records);
    }
    Result<void, ports::StoreFailure> read(std::uint64_t first,
                                           const std::function<bool(std::uint64_t, ByteView)>& visit) override {
        return m_journal->read(first, visit);
    }

private:
    std::unique_ptr<ports::Journal> m_journal;
};

} // namespace tallylock::test
