// Many people at once against a coordinator and two key servers that are processes of their own, over TLS, with faults.
// The simulation of sales (tests/audit) plays thousands of them in one process and by a clock of its own; here a few
// are played with all that is real: sockets, files, databases, processes that are killed. TALLYLOCK_MARKETPLACE_SEED
// plays another one, and as many after it as TALLYLOCK_MARKETPLACE_RUNS says.
#include "tests/scenario/MarketJudge.h"

#include "core/escrow/SaleTable.h"

using namespace tallylock;
using namespace tallylock::marketplace;

namespace {

#ifdef TALLYLOCK_OVER_POSTGRES
constexpr std::uint64_t kSeeds[] = {3};
#else
constexpr std::uint64_t kSeeds[] = {1, 2};
#endif

} // namespace

class TestMarketplace : public QObject {
    Q_OBJECT
    std::map<engine::SaleState, int> m_ends;
    std::uint64_t m_trades = 0;
    std::size_t m_opened = 0;
    std::size_t m_withdrawals = 0;
    int m_converted = 0;      ///< completed sales whose own coins have brought the seller's dollars
    int m_requoted = 0;       ///< completed sales of which a quote had lapsed
    std::size_t m_asked = 0;  ///< sales of which another quote was asked for
    std::size_t m_agreed = 0; ///< and such as were paid too late

    static std::vector<std::uint64_t> seeds() {
        if (!qEnvironmentVariableIsSet("TALLYLOCK_MARKETPLACE_SEED")) return {std::begin(kSeeds), std::end(kSeeds)};
        std::vector<std::uint64_t> chosen{qEnvironmentVariable("TALLYLOCK_MARKETPLACE_SEED").toULongLong()};
        const int runs = std::max(1, qEnvironmentVariableIntValue("TALLYLOCK_MARKETPLACE_RUNS"));
        while (static_cast<int>(chosen.size()) < runs) chosen.push_back(chosen.back() + 1);
        return chosen;
    }
    /// With the seller paid, and the file opened.
    static int completed(const JournalFacts& facts, bool (*is)(const SaleFacts&)) {
        return static_cast<int>(std::count_if(facts.sales.begin(), facts.sales.end(), [is](const auto& sale) {
            const engine::SaleState end = sale.second.last.state;
            return (end == engine::SaleState::Completed || end == engine::SaleState::Resolved) && is(sale.second);
        }));
    }
    void tell(const Marketplace& market, const JournalFacts& facts) {
        std::map<Problem, int> refusals;
        for (const auto& person : market.people()) {
            for (const auto& [problem, count] : person->refusals()) refusals[problem] += count;
            m_opened += person->told().opened.size();
            m_withdrawals += person->told().withdrawals.size();
            m_asked += person->told().asked.size();
            m_agreed += person->told().agreed.size();
        }
        for (const auto& [name, count] : market.faults()) qInfo("%4d times %s", count, name.c_str());
        for (const auto& [problem, count] : refusals) qInfo("%4d times told %s", count, api::nameOf(problem));
        for (const auto& [id, sale] : facts.sales) {
            ++m_ends[sale.last.state];
            if (!escrow::isTerminal(sale.last.state))
                qInfo("sale %llu waits in %s for its deadline", static_cast<unsigned long long>(id.value),
                      escrow::nameOf(sale.last.state));
        }
        m_trades += facts.trades;
        const int converted = completed(facts, [](const SaleFacts& sale) { return sale.last.converted.has_value(); });
        const int requoted = completed(facts, [](const SaleFacts& sale) { return sale.hasLapsed; });
        qInfo("%d sales were completed by their own coins, %d by another quote; %llu quotes have lapsed", converted,
              requoted, static_cast<unsigned long long>(facts.quotesLapsed));
        m_converted += converted;
        m_requoted += requoted;
        qInfo("%llu commands, %llu of them refused; %llu trades", static_cast<unsigned long long>(facts.sequence),
              static_cast<unsigned long long>(facts.refused), static_cast<unsigned long long>(facts.trades));
    }

private slots:
    void peopleDealWhateverBreaks_data() {
        QTest::addColumn<quint64>("seed");
        for (const std::uint64_t seed : seeds())
            QTest::newRow(std::to_string(seed).c_str()) << static_cast<quint64>(seed);
    }
    void peopleDealWhateverBreaks() {
        QFETCH(quint64, seed);
        qInfo("TALLYLOCK_MARKETPLACE_SEED=%llu", static_cast<unsigned long long>(seed));
        Marketplace market(seed);
        for (const auto step : {&Marketplace::start, &Marketplace::live, &Marketplace::finish, &Marketplace::openUnpaid,
                                &Marketplace::takeAccounts}) {
            const std::string wrong = (market.*step)();
            QVERIFY2(wrong.empty(), wrong.c_str());
        }
        const QStringList reconcile{QStringLiteral("books"), market.servers().leader().folder(),
                                    QStringLiteral("reconcile")};
        const test::Ended reconciled = test::run(QStringLiteral("tallylock-cli"), reconcile);
        QVERIFY2(reconciled.code == 0, reconciled.said.constData());
        const std::string wrong = market.stop();
        QVERIFY2(wrong.empty(), wrong.c_str());

        const JournalFacts facts = factsOf(*market.servers().journal());
        tell(market, facts);
        const std::vector<std::string> findings = judge(market, facts);
        for (const std::string& finding : findings) qWarning("%s", finding.c_str());
        QVERIFY(findings.empty());
        const test::Ended verified =
            test::run(QStringLiteral("tallylock-cli"), {QStringLiteral("verify"), market.servers().folderToVerify()});
        QVERIFY2(verified.code == 0, verified.said.constData());
        QVERIFY(verified.said.contains("every unit sums to zero"));
    }

    /// A marketplace in which nothing goes well, or little happens, shows nothing.
    void somethingHasHappened() {
        for (const auto& [state, count] : m_ends) qInfo("%4d %s", count, escrow::nameOf(state));
        qInfo("another quote was asked for in %zu sales, and agreed to in %zu", m_asked, m_agreed);
        QVERIFY(m_ends[engine::SaleState::Completed] + m_ends[engine::SaleState::Resolved] >= 3);
        QVERIFY(m_opened >= 3);
        QVERIFY(m_trades >= 2);
        QVERIFY(m_withdrawals >= 1);
        QVERIFY(m_converted >= 1);
        QVERIFY(m_requoted >= 1);
    }
};

QTEST_GUILESS_MAIN(TestMarketplace)
#include "tst_marketplace.moc"
