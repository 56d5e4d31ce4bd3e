#include "tests/audit/auditor/Auditor.h"

#include "tests/audit/auditor/Events.h"

namespace tallylock::audit {

namespace {
constexpr std::size_t kRememberedReplies = 1024;

void require(bool good, Invariant invariant, const std::string& what) {
    if (!good) throw Violation{invariant, what};
}

/// What is broken if an event of this type lacks, or says something else.
Invariant breaksWithout(unsigned type) {
    switch (type) {
    case kOrderPlaced:
    case kOrderReplaced: return Invariant::OrdersAreKept;
    case kWithdrawalChanged: return Invariant::WithdrawalsPayOnce;
    case kPolicyChanged: return Invariant::PoliciesHold;
    case kCaseChanged: return Invariant::CasesAreKept;
    default: return Invariant::RecordsAreKept;
    }
}
} // namespace

std::optional<Violation> Auditor::audit(const Step& step) {
    try {
        check(step);
    } catch (const Violation& violation) {
        return violation;
    } catch (const Malformed& malformed) {
        return Violation{Invariant::BytesAreKnown, malformed.what()};
    }
    return std::nullopt;
}

void Auditor::check(const Step& step) {
    checkDeadlines(step);
    ++m_answers[step.refused];
    if (isRepetition(step)) return;
    checkCommand(step);
    remember(step);
}

// Each tells its own events and then the balances that it has touched.
void Auditor::checkDeadlines(const Step& step) {
    m_books.goOn(step.timeMs);
    std::size_t at = 0;
    while (const auto want = m_books.fireNext()) {
        const std::size_t count = countOf(*want);
        require(at + count <= step.fired.size(), Invariant::DeadlinesAreKept, "a deadline has passed in silence");
        readEvents(step.fired.data() + at, count);
        checkOutcome(*want);
        at += count;
    }
    require(at == step.fired.size(), Invariant::DeadlinesAreKept, "something happened by itself");
}

// Ids: the last 1,024 of each signer that is known are remembered with what was answered.
bool Auditor::isRepetition(const Step& step) {
    const auto device = m_devices.find(step.signer);
    if (device == m_devices.end()) return false;
    const auto& answers = device->second;
    const auto same = answers.find(step.counter);
    Answer want{step.hash, "no", 0};
    if (same != answers.end()) {
        if (same->second.hash == step.hash) {
            want = same->second;
        } else {
            want.refused = "id-reused";
        }
    } else if (answers.size() == kRememberedReplies && step.counter < answers.begin()->first) {
        want.refused = "id-too-old";
    } else {
        return false;
    }
    require(step.refused == want.refused && step.value == want.value, Invariant::SameIdSameReply,
            "answered " + step.refused + " instead of " + want.refused);
    require(step.events.empty(), Invariant::SameIdSameReply, "a repetition made events");
    return true;
}

void Auditor::remember(const Step& step) {
    if (!m_books.isKnown(step.signer)) return; // strangers leave nothing behind
    auto& answers = m_devices[step.signer];
    answers[step.counter] = {step.hash, step.refused, step.value};
    if (answers.size() > kRememberedReplies) answers.erase(answers.begin());
}

void Auditor::checkCommand(const Step& step) {
    const Item command = Item::parse(step.command);
    if (command.list().size() != 2) throw Malformed("a command of other than two parts");
    const std::uint64_t type = command.list()[0].number();
    const Item& body = command.list()[1];
    readEvents(step.events.data(), step.events.size());
    if (step.refused == "no") checkPromises(type, body);
    const Outcome want = m_books.apply(step.signer, step.hash, type, body);
    require(step.refused == want.refused, Invariant::RefusalsInOrder,
            "answered " + step.refused + " instead of " + want.refused + " to a command of type " +
                std::to_string(type));
    require(step.refused == "no" || step.events.empty(), Invariant::RefusedChangesNothing,
            "refused with " + step.refused + ", and made events");
    checkOutcome(want);
    require(step.value == want.value, Invariant::NumbersCountUp,
            "answered number " + std::to_string(step.value) + " instead of " + std::to_string(want.value));
}

void Auditor::readEvents(const Told* from, std::size_t count) {
    m_events.clear();
    for (const Told* told = from; told != from + count; ++told) {
        const Item event = Item::parse(told->event);
        if (event.list().size() != 2) throw Malformed("an event of other than two parts");
        const std::uint64_t type = event.list()[0].number();
        const Item& body = event.list()[1];
        require(told->audience == audienceOf(type, body), Invariant::ToldToWhomItConcerns,
                "an event of type " + std::to_string(type) + " goes to others");
        m_events[type].push_back(body);
    }
}

void Auditor::checkOutcome(const Outcome& want) {
    readEntries();
    checkFills(want);
    checkDeposit(want);
    checkPostings(want);
    checkPublished(want);
    checkBalances(want);
    checkStatements();
    checkCustody(want);
    checkOrders(want);
    checkLevels(want);
    checkRecords(want);
    m_lastInstruction += want.fills.size();
}

const std::vector<Item>& Auditor::of(std::uint64_t type) const {
    static const std::vector<Item> kNothing;
    const auto found = m_events.find(type);
    return found == m_events.end() ? kNothing : found->second;
}

// What the entries say by themselves, whatever they are for.
void Auditor::readEntries() {
    m_entries.clear();
    for (const Item& event : of(kLedgerPosted)) {
        Entry entry{event.at(1).number(), event.at(3).text(), {}};
        const std::string name = "entry " + std::to_string(entry.number);
        std::map<unsigned, Whole> sums;
        for (const Item& leg : event.at(5).list()) {
            const Account account = Account::of(leg.at(1));
            const Money delta = Money::of(leg.at(2));
            require(delta.unit == account.unit, Invariant::SumsAreZero, name + " moves a unit into another's account");
            entry.legs[account] += delta.value;
            m_told[account] += delta.value;
            sums[delta.unit] += delta.value;
            m_sums[delta.unit] += delta.value;
        }
        for (const auto& [unit, sum] : sums) {
            require(sum == 0 && m_sums[unit] == 0, Invariant::SumsAreZero, name + " is off by " + textOf({sum, unit}));
        }
        for (const auto& [account, delta] : entry.legs) {
            require(mayBeNegative(account.purpose) || m_told[account] >= 0, Invariant::NothingNegative,
                    name + " leaves holder " + std::to_string(account.holder) + " with " +
                        textOf({m_told[account], account.unit}));
        }
        ++m_lastEntry;
        require(entry.number == m_lastEntry, Invariant::EntriesCountUp,
                name + " comes as number " + std::to_string(m_lastEntry));
        m_entries.push_back(std::move(entry));
    }
}

void Auditor::checkDeposit(const Outcome& want) const {
    const auto& events = of(kDepositChanged);
    const auto breaks = Invariant::DepositsCreditOnce;
    require(events.size() == (want.deposit ? 1u : 0u), breaks, std::to_string(events.size()) + " changes of a deposit");
    if (!want.deposit) return;
    const Item& event = events.front();
    require(event.at(1).number() == want.deposit->holder, breaks, "told to another holder");
    require(event.at(9).number() == want.deposit->state, breaks,
            "state " + std::to_string(event.at(9).number()) + " instead of " + std::to_string(want.deposit->state));
    require(Money::of(event.at(6)) == want.deposit->amount, breaks, "of another amount");
    require(event.at(7).number() == want.deposit->confirmations && event.at(8).number() == want.deposit->needed, breaks,
            "with other confirmations");
}

void Auditor::checkPostings(const Outcome& want) const {
    for (std::size_t i = 0; i < std::max(want.postings.size(), m_entries.size()); ++i) {
        if (i >= want.postings.size()) {
            const auto breaks = i > 0 ? want.postings.back().breaks : Invariant::NothingElseHappens;
            throw Violation{breaks, "an entry too many: " + m_entries[i].reason};
        }
        const Posting& posting = want.postings[i];
        require(i < m_entries.size(), posting.breaks, "lacks an entry: " + posting.reason);
        require(m_entries[i].reason == posting.reason, posting.breaks,
                "an entry for " + m_entries[i].reason + " instead of " + posting.reason);
        require(m_entries[i].legs == posting.legs, posting.breaks,
                "entry " + std::to_string(m_entries[i].number) + " (" + posting.reason + ") moves something else");
    }
}

// A line for every account of a person in every entry, with the total after it.
void Auditor::checkStatements() const {
    std::map<Account, Whole> after;
    for (const Entry& entry : m_entries) {
        for (const auto& [account, delta] : entry.legs) after[account] = m_told.at(account);
    }
    std::map<std::pair<std::uint64_t, Account>, std::pair<Whole, Whole>> wanted;
    for (auto entry = m_entries.rbegin(); entry != m_entries.rend(); ++entry) {
        for (const auto& [account, delta] : entry->legs) {
            if (account.holder != 0) wanted[{entry->number, account}] = {delta, after[account]};
            after[account] -= delta;
        }
    }
    const auto breaks = Invariant::BalancesAgree;
    require(of(kStatementLine).size() == wanted.size(), breaks, "another number of lines of statements");
    for (const Item& line : of(kStatementLine)) {
        const Money delta = Money::of(line.at(5));
        const Money balance = Money::of(line.at(6));
        const auto found = wanted.find({line.at(2).number(), {line.at(1).number(), delta.unit, Available, 0}});
        require(found != wanted.end(), breaks, "a line of a statement that no entry explains");
        require(found->second == std::pair{delta.value, balance.value} && balance.unit == delta.unit, breaks,
                "a line of a statement says " + textOf(balance) + " instead of " + textOf(found->second.second));
    }
}

void Auditor::checkBalances(const Outcome& want) const {
    std::set<std::pair<std::uint64_t, unsigned>> told;
    for (const Item& event : of(kBalanceChanged)) {
        const std::uint64_t holder = event.at(1).number();
        const Money total = Money::of(event.at(2));
        const Money held = Money::of(event.at(3));
        const std::string whose = "holder " + std::to_string(holder) + ": ";
        require(total.value >= 0 && held.value >= 0 && held.value <= total.value, Invariant::NothingNegative,
                whose + textOf(total) + ", of which held " + textOf(held));
        require(total.unit == held.unit && told.insert({holder, total.unit}).second, Invariant::BalancesAgree,
                whose + "a balance is told twice");
        const Whole own = m_books.balance({holder, total.unit, Available, 0});
        const Whole holds = m_books.held(holder, total.unit);
        require(total.value == own, Invariant::BalancesAgree, whose + textOf(total) + " instead of " + textOf(own));
        require(held.value == holds, Invariant::HeldIsOpenHolds,
                whose + "held " + textOf(held) + " instead of " + textOf(holds));
    }
    require(told == want.touched, Invariant::BalancesAgree, "other balances are told than have changed");
}

void Auditor::checkCustody(const Outcome& want) const {
    std::set<unsigned> units;
    for (const Posting& posting : want.postings) {
        for (const auto& [account, delta] : posting.legs) units.insert(account.unit);
    }
    for (const unsigned unit : units) {
        const unsigned purpose = unitOf(unit)->isFiat ? BankCustody : Custody;
        const auto told = m_told.find({0, unit, purpose, 0});
        const Whole outside = told == m_told.end() ? 0 : -told->second;
        require(outside == m_books.arrived(unit), Invariant::CustodyIsWhatArrived,
                textOf({outside, unit}) + " instead of " + textOf(m_books.arrived(unit)));
    }
}

void Auditor::checkRecords(const Outcome& want) const {
    std::map<std::uint64_t, std::size_t> seen;
    for (const Record& record : want.records) {
        const auto& events = of(record.type);
        const std::size_t at = seen[record.type]++;
        const auto breaks = breaksWithout(record.type);
        const std::string name = "an event of type " + std::to_string(record.type);
        require(at < events.size(), breaks, "lacks " + name);
        const auto compare = [&](const Item& map, const Fields& fields) {
            for (const auto& [key, value] : fields) {
                const std::string said = map.find(key) ? wordOf(map.at(key)) : kNone;
                require(said == value, breaks,
                        name + " says " + said + " instead of " + value + " in field " + std::to_string(key));
            }
        };
        compare(events[at], record.fields);
        if (!record.inside.empty()) compare(events[at].at(1), record.inside);
    }
    for (const auto& [type, events] : m_events) {
        if (isChecked(type)) continue;
        const auto breaks = type == kCaseChanged ? Invariant::CasesAreKept : Invariant::NothingElseHappens;
        require(events.size() == seen[type], breaks, "an event too many of type " + std::to_string(type));
    }
}

std::optional<Violation> Auditor::compare(const Run& first, const Run& other, Invariant breaks) {
    for (std::size_t i = 0; i < std::max(first.steps.size(), other.steps.size()); ++i) {
        if (i >= first.steps.size() || i >= other.steps.size() || first.steps[i] != other.steps[i]) {
            return Violation{breaks, "step " + std::to_string(i + 1) + " came out otherwise"};
        }
    }
    if (first.state != other.state) return Violation{breaks, "the states differ at the end"};
    return std::nullopt;
}

} // namespace tallylock::audit
