// The independent auditor: reads what went into the engine and what came out, as bytes; keeps its own Books; and checks
// after every step that what the engine said is what must come of it. Includes nothing of core, so that it shares no
// mistake with it; tst_arrows holds it to that.
#pragma once

#include "tests/audit/auditor/Books.h"

namespace tallylock::audit {

/// An event, and who is told of it.
struct Told {
    Bytes event; ///< [type, body]
    Audience audience;
};

/// One command, and what the engine made of it.
struct Step {
    std::int64_t timeMs = 0;
    bool isLook = false;     ///< at the clock: nothing was written
    std::vector<Told> fired; ///< by deadlines that were due at this time, before the command
    std::string signer;      ///< 32 bytes
    std::uint64_t counter = 0;
    std::string hash; ///< of what was signed
    Bytes command;    ///< [type, body]
    std::string refused = "no";
    std::uint64_t value = 0;
    std::vector<Told> events;
};

/// What a whole run came to: a digest of each step's reply and events, and the state's hash at the end.
struct Run {
    std::vector<std::uint64_t> steps;
    std::string state;
};

class Auditor {
public:
    explicit Auditor(const Bytes& config) : m_books(Item::parse(config)) {}

    /// Nothing: all is well. After a violation the auditor is of no more use.
    std::optional<Violation> audit(const Step& step);
    /// Another run of the same commands must have come to the same; `breaks` if it has not.
    static std::optional<Violation> compare(const Run& first, const Run& other, Invariant breaks);

    const Books& books() const { return m_books; }
    std::uint64_t trades() const { return m_lastInstruction; }
    /// How often each word was answered, "no" among them: what a workload has reached.
    const std::map<std::string, std::uint64_t>& answers() const { return m_answers; }

private:
    struct Answer {
        std::string hash;
        std::string refused;
        std::uint64_t value = 0;
    };
    using Events = std::map<std::uint64_t, std::vector<Item>>; ///< bodies by type, each type in its order
    struct Entry {
        std::uint64_t number = 0;
        std::string reason;
        std::map<Account, Whole> legs;
    };

    void check(const Step& step);
    void checkDeadlines(const Step& step);
    bool isRepetition(const Step& step);
    void remember(const Step& step);
    void checkCommand(const Step& step);
    void checkOutcome(const Outcome& want);
    void readEvents(const Told* from, std::size_t count);
    const std::vector<Item>& of(std::uint64_t type) const;
    // What was promised, whatever the books say: before they have changed.
    void checkPromises(std::uint64_t type, const Item& body) const;
    void checkPlaced(const Item& body) const;
    void checkPrice(const Item& body, unsigned side, const Instrument& in, const Item* price) const;
    void checkSelfTrades(const Item* placed) const;
    void checkTriggered(std::uint64_t type, const Item& body) const;
    void readEntries();
    void checkFills(const Outcome& want) const;
    void checkFill(const Fill& fill, const Item& event) const;
    void checkPublished(const Outcome& want) const;
    void checkPostings(const Outcome& want) const;
    void checkDeposit(const Outcome& want) const;
    void checkStatements() const;
    void checkBalances(const Outcome& want) const;
    void checkCustody(const Outcome& want) const;
    void checkRecords(const Outcome& want) const;
    void checkOrders(const Outcome& want) const;
    void checkLevels(const Outcome& want) const;

    Books m_books;
    std::map<std::string, std::map<std::uint64_t, Answer>> m_devices;
    std::map<std::string, std::uint64_t> m_answers;
    std::map<Account, Whole> m_told; ///< the accounts, as the entries of the events add up
    std::map<unsigned, Whole> m_sums;
    std::uint64_t m_lastEntry = 0;
    std::uint64_t m_lastInstruction = 0;
    // Of the step under way.
    Events m_events;
    std::vector<Entry> m_entries;
};

} // namespace tallylock::audit
