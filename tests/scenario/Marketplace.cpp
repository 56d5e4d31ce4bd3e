#include "tests/scenario/Marketplace.h"

#include <QRegularExpression>

#include <iterator>

namespace tallylock::marketplace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

namespace {

constexpr int kMachines = 3;
constexpr int kTimes = 3; ///< that each fault befalls them
constexpr std::uint64_t kMostPauseMs = 600;
constexpr std::uint64_t kMostFaultMs = 600;
constexpr std::int64_t kMostWaitMs = 1'000;   ///< for the moment of a fault
constexpr std::uint64_t kMostUnderWayMs = 15; ///< since somebody has asked
constexpr std::int64_t kTurnMs = 8;
constexpr std::int64_t kPatienceMs = 120'000;   ///< for what has to come to its end
constexpr std::int64_t kMostLapsingMs = 10'000; ///< of that, with quotes that lapse soon

constexpr Budget kSeller{4, 0, 1, 4, 4, 1};
constexpr Budget kBuyer{0, 5, 2, 6, 6, 1};
constexpr Budget kNothing{};
constexpr struct {
    const char* name;
    int machine;
    const Budget& budget;
    Trade trade = Trade::Ordinary;
} kPeople[] = {{"sally", 0, kSeller}, {"simon", 1, kSeller}, {"sonja", 2, kSeller},
               {"boris", 0, kBuyer},  {"berta", 0, kBuyer},  {"bella", 1, kBuyer},
               {"bruno", 1, kBuyer},  {"basil", 2, kBuyer},  {"doris", 2, kNothing, Trade::Dealer}};

SecretBytes passphrase() { return SecretBytes::copyOf(viewOf("a passphrase for tests")); }

} // namespace

/// Each ends before the next one begins.
struct Marketplace::Fault {
    const char* name;
    void (Marketplace::*begin)();
    std::string (Marketplace::*end)(); ///< what does not come back; empty: all is well
};
const Marketplace::Fault Marketplace::kFaults[] = {
    {"the coordinator is killed", &Marketplace::killLeader, &Marketplace::revive},
    {"the key server is killed", &Marketplace::killKeyServer, &Marketplace::revive},
    {"the standby key server is killed", &Marketplace::killStandby, &Marketplace::revive},
#ifdef TALLYLOCK_OVER_POSTGRES
    {"the coordinator's machine is lost", &Marketplace::loseMachine, &Marketplace::revive},
#endif
    {"connections are cut", &Marketplace::cutWires, &Marketplace::mendWires},
    {"connections are half open", &Marketplace::cutHalf, &Marketplace::mendWires},
    {"connections stall", &Marketplace::holdUp, &Marketplace::mendWires},
    {"an app is closed", &Marketplace::closeApp, &Marketplace::reopen},
};

Marketplace::Marketplace(std::uint64_t seed) : m_chance(seed), m_homes(kMachines) {
    for (const auto& one : kPeople) {
        m_people.push_back(std::make_unique<Person>(one.name, m_people.size(), one.trade, one.budget, m_folder.path(),
                                                    m_chance.below(UINT64_MAX)));
        m_homes[static_cast<std::size_t>(one.machine)].people.push_back(m_people.back().get());
    }
    for (std::size_t fault = 0; fault < std::size(kFaults); ++fault) {
        for (int i = 0; i < kTimes; ++i) m_deck.push_back(fault);
    }
    for (std::size_t left = m_deck.size(); left > 1; --left) std::swap(m_deck[left - 1], m_deck[m_chance.below(left)]);
}

Marketplace::~Marketplace() {
    for (Home& home : m_homes) close(home);
}

// --- machines ----------------------------------------------------------------------------------------------------

std::string Marketplace::start() {
    if (!m_servers.start()) return "the servers do not start";
    for (std::size_t i = 0; i < m_homes.size(); ++i) {
        m_homes[i].folder = m_folder.filePath(QStringLiteral("machine-%1").arg(i));
        m_homes[i].wires = std::make_unique<test::Wires>(m_servers.cluster());
        if (auto wrong = open(m_homes[i]); !wrong.empty()) return wrong;
    }
    for (const auto& person : m_people) {
        person->onAsked = [this] { m_hasCome = m_hasCome || m_moment == Moment::SomebodyAsks; };
        person->onTold = [this] { m_hasCome = m_hasCome || m_moment == Moment::SomebodyIsTold; };
    }
    return {};
}

std::string Marketplace::open(Home& home) {
    app::NodeOptions options;
    options.folder = home.folder.toStdString();
    options.executor = m_loop.executor();
    options.vaultCost = {1, 64};
    options.mediaProgram = TALLYLOCK_BIN_DIR "/tallylock-media";
    options.coordinator = home.wires->through(m_servers.row());
    auto started = app::AppNode::start(std::move(options));
    if (!started) return std::string("an app does not start: ") + api::nameOf(started.error().problem);
    home.node = std::move(*started);
    const auto known = home.node->profiles();
    for (Person* person : home.people) {
        const bool isKnown = std::any_of(known.begin(), known.end(),
                                         [&](const api::ProfileRow& row) { return row.name == person->name; });
        auto session = ask<SessionPtr>([&](api::Done<SessionPtr> done) {
            if (isKnown) {
                home.node->openProfile(person->name, passphrase(), std::move(done));
            } else {
                home.node->createProfile(person->name, home.node->newPhrase(12), passphrase(), std::move(done));
            }
        });
        if (!session) return person->name + " cannot enter: " + api::nameOf(session.error().problem);
        person->enter(std::move(*session), *home.node->practice());
    }
    return {};
}

void Marketplace::close(Home& home) {
    for (Person* person : home.people) person->leave();
    m_loop.runFor(0);
    home.node.reset();
}

// --- faults ------------------------------------------------------------------------------------------------------

void Marketplace::kill(test::ServerProcess& server) {
    m_victim = &server;
    server.kill();
}

std::string Marketplace::revive() {
    test::ServerProcess& server = *std::exchange(m_victim, nullptr);
    server.kill(); // the one that has taken over runs
    return server.start() ? std::string() : "it does not start again: " + server.log().toStdString();
}

/// Once; what is lost stays lost.
void Marketplace::loseMachine() {
    if (!m_servers.takeOver()) m_trouble = "nobody takes over: " + m_servers.leader().log().toStdString();
    m_victim = &m_servers.leader();
}

void Marketplace::cutWires() {
    const std::size_t which = m_chance.below(m_homes.size() + 1);
    m_wires = which < m_homes.size() ? m_homes[which].wires.get() : &m_servers.wires();
    m_wires->cut();
}

void Marketplace::cutHalf() {
    m_wires = m_homes[m_chance.below(m_homes.size())].wires.get();
    m_wires->cutHalf();
}

void Marketplace::holdUp() {
    const std::size_t which = m_chance.below(m_homes.size() + 1);
    m_wires = which < m_homes.size() ? m_homes[which].wires.get() : &m_servers.wires();
    m_wires->setHeldUp(true);
}

/// What was half open is cut, and what was held up comes through.
std::string Marketplace::mendWires() {
    m_wires->setHeldUp(false);
    if (m_fault->begin == &Marketplace::cutHalf) m_wires->cut();
    m_wires = nullptr;
    return {};
}

void Marketplace::closeApp() {
    m_closed = &m_homes[m_chance.below(m_homes.size())];
    close(*m_closed);
}

std::string Marketplace::reopen() { return open(*std::exchange(m_closed, nullptr)); }

std::string Marketplace::endFault() {
    if (!m_fault) return {};
    std::string wrong = (this->*m_fault->end)();
    if (!wrong.empty()) wrong = std::string(m_fault->name) + ": " + wrong;
    m_fault = nullptr;
    return wrong;
}

bool Marketplace::hasMomentCome() {
    if (m_moment == Moment::Any || steady_clock::now() > m_nextChange + milliseconds(kMostWaitMs)) return true;
    if (!m_hasCome) return false;
    if (m_moment == Moment::SomebodyAsks) m_loop.runFor(static_cast<std::int64_t>(m_chance.below(kMostUnderWayMs)));
    return true;
}

/// The next fault begins, or the one of now ends, when it is time.
void Marketplace::tend() {
    if (steady_clock::now() < m_nextChange) return;
    if (m_fault) {
        m_trouble = endFault();
        m_moment = static_cast<Moment>(m_chance.below(static_cast<std::uint64_t>(Moment::kCount)));
        m_nextChange = steady_clock::now() + milliseconds(m_chance.below(kMostPauseMs));
        return;
    }
    if (m_deck.empty() || !hasMomentCome()) return;
    m_fault = &kFaults[m_deck.back()];
    m_deck.pop_back();
    ++m_faultCounts[m_fault->name];
    (this->*m_fault->begin)();
    m_nextChange = steady_clock::now() + milliseconds(50 + m_chance.below(kMostFaultMs));
}

// --- life --------------------------------------------------------------------------------------------------------

void Marketplace::runSome() {
    m_hasCome = false;
    m_people[m_chance.below(m_people.size())]->turn();
    m_loop.runUntil([this] { return m_hasCome; }, kTurnMs);
    QCoreApplication::processEvents(); // what the servers log is taken off their hands
    for (const auto& person : m_people) {
        if (!person->alarm().empty()) m_trouble = person->alarm();
    }
}

std::string Marketplace::live() {
    while (m_trouble.empty() && (m_fault || !m_deck.empty())) {
        runSome();
        tend();
    }
    return m_trouble;
}

/// Somebody has asked for another quote, and somebody has agreed to one; or if that takes long, one of both.
bool Marketplace::haveEnoughLapsed(steady_clock::time_point end) const {
    const auto anybody = [this](bool (Person::*is)() const) {
        return std::any_of(m_people.begin(), m_people.end(), [is](const auto& person) { return (*person.*is)(); });
    };
    const bool isLate = steady_clock::now() > end - milliseconds(kPatienceMs - kMostLapsingMs);
    return (anybody(&Person::hasAsked) && anybody(&Person::hasAgreed)) || (isLate && anybody(&Person::hasLetLapse));
}

/// Quotes that lapse soon are in nobody's way on a fast machine. On a slow one a buyer might never be in time, so that
/// in the end, once some were late, they hold for longer.
std::string Marketplace::finish() {
    for (const auto& person : m_people) person->mood = Person::Mood::Finishing;
    const auto end = steady_clock::now() + milliseconds(kPatienceMs);
    const auto openMatters = [&] {
        std::string open;
        for (const auto& person : m_people) open += person->openMatters();
        return open;
    };
    bool quotesHold = false;
    while (m_trouble.empty()) {
        for (int i = 0; i < 50; ++i) runSome();
        std::string open = openMatters();
        if (!quotesHold && (open.empty() || haveEnoughLapsed(end))) {
            if (auto wrong = m_servers.letQuotesHold(); !wrong.empty()) return wrong;
            quotesHold = true;
            continue;
        }
        const auto awaitsQuote = [](const auto& person) { return person->awaitsQuote(); };
        if (open.empty() && std::any_of(m_people.begin(), m_people.end(), awaitsQuote))
            open = "a quote is about to lapse";
        if (open.empty()) break;
        if (steady_clock::now() > end) return "this does not come to its end: " + open;
        if (!decideDisputes()) return "the disputes cannot be decided";
    }
    return m_trouble;
}

/// As whoever runs the coordinator does, at its door.
bool Marketplace::decideDisputes() {
    const QString program = QStringLiteral("tallylock-cli");
    const QStringList words{QStringLiteral("disputes"), m_servers.leader().folder()};
    const test::Ended listed = test::run(program, words);
    if (listed.code != 0) {
        qWarning("%s", listed.said.constData());
        return false;
    }
    static const QRegularExpression kSale(QStringLiteral("^sale (\\d+):"), QRegularExpression::MultilineOption);
    auto found = kSale.globalMatch(QString::fromUtf8(listed.said));
    while (found.hasNext()) {
        const QString sale = found.next().captured(1);
        const QString toBuyer = QStringLiteral("0.%1").arg(m_chance.below(50), 2, 10, QLatin1Char('0'));
        // The key server may have decided meanwhile.
        (void)test::run(program, words + QStringList{QStringLiteral("decide"), sale, toBuyer, QStringLiteral("So.")});
    }
    return true;
}

// --- the end -----------------------------------------------------------------------------------------------------

std::string Marketplace::openUnpaid() {
    for (const auto& person : m_people) {
        const SessionPtr& session = person->session();
        std::vector<api::SaleRow> sales;
        if (!get(sales, [&](auto done) { session->sales(done); }))
            return person->name + "'s app does not answer: " + m_refusal;
        for (const api::SaleRow& row : sales) {
            const bool isUnpaid = row.state < api::SaleState::SellerPaid || row.state == api::SaleState::Void;
            if (row.role != api::SaleRole::Buyer || !isUnpaid) continue;
            const QString path = m_folder.filePath(QStringLiteral("unpaid-%1").arg(row.id.value));
            const auto opened =
                ask<api::LibraryRow>([&](auto done) { session->unlock(row.id, path.toStdString(), nullptr, done); });
            if (opened || QFile::exists(path))
                return "sale " + std::to_string(row.id.value) + " is not paid for, and was opened";
        }
    }
    return {};
}

std::uint64_t Marketplace::sequenceNow() {
    api::NodeInfo info;
    return get(info, [&](auto done) { m_homes.front().node->info(done); }) ? info.journalSeq : 0;
}

std::string Marketplace::account(const Home& home, const Person& person, Account& account) {
    const SessionPtr& s = person.session();
    api::AccountInfo info;
    bool isWell = get(info, [&](auto done) { s->account(done); });
    account.holder = info.holder;
    for (const api::UnitId unit : {money::kBtc, money::kEth, money::kXmr, money::kUsd}) {
        api::StatementPage page;
        isWell = isWell && get(page, [&](auto done) { s->statementPage(unit, 0, 100'000, done); });
        if (page.next != 0) return person.name + "'s statement is too long";
        for (const api::StatementRow& row : page.rows) account.statement[unit] += row.delta.value;
    }
    std::vector<api::BalanceRow> balances;
    isWell = isWell && get(balances, [&](auto done) { s->balances(done); });
    for (const api::BalanceRow& row : balances) account.balance[row.unit] = row.available.value + row.held.value;
    std::vector<api::SaleRow> sales;
    isWell = isWell && get(sales, [&](auto done) { s->sales(done); });
    for (const api::SaleRow& row : sales)
        isWell = isWell && get(account.sales.emplace_back(), [&](auto done) { s->sale(row.id, done); });
    isWell = isWell && get(account.orders, [&](auto done) { s->orders(done); }) &&
             get(account.listings, [&](auto done) { s->listings(done); }) &&
             get(account.withdrawals, [&](auto done) { s->treasury().withdrawals(done); }) &&
             get(account.history, [&](auto done) { s->historyCheck(done); });
    const auto paidTo = [&](api::UnitId unit, const std::string& place) {
        Amount paid;
        isWell = isWell && get(paid, [&](auto done) { home.node->practice()->paidTo(unit, place, done); });
        return paid.value;
    };
    for (const auto& [unit, place] : person.places()) account.deposited[unit] = paidTo(unit, place);
    for (const auto& [sale, wallet] : person.wallets()) account.paid[sale] = paidTo(wallet.first, wallet.second);
    return isWell ? std::string() : person.name + "'s app does not answer: " + m_refusal;
}

std::string Marketplace::takeAccounts() {
    const auto end = steady_clock::now() + milliseconds(kPatienceMs);
    for (;;) {
        m_accounts.clear();
        const std::uint64_t before = sequenceNow();
        for (const Home& home : m_homes) {
            for (const Person* person : home.people) {
                if (auto wrong = account(home, *person, m_accounts[person]); !wrong.empty()) return wrong;
            }
        }
        m_sequence = sequenceNow();
        if (before != 0 && m_sequence == before) return {};
        if (steady_clock::now() > end) return "it does not come to rest";
    }
}

std::string Marketplace::stop() {
    for (Home& home : m_homes) close(home);
    return m_servers.stop();
}

} // namespace tallylock::marketplace
