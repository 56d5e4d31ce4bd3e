// What guards an account and what an operator sees, through core/api on a whole node: orders that end with their
// session, dead-man switches, one-time codes on withdrawals, cases, the books, and the same on the command line. The
// functions run in order.
#include "Scenario.h"
#include "core/api/Guard.h"
#include "core/api/MarketData.h"
#include "core/api/Operator.h"
#include "core/api/Treasury.h"
#include "core/crypto/Totp.h"

#include <QProcess>
#include <QRegularExpression>

using namespace tallylock;
using namespace tallylock::scenario;

namespace {
std::int64_t wallMs() {
    using namespace std::chrono;
    return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
}
/// The secret that an authenticator reads from base32.
Bytes secretOf(ByteView base32) {
    Bytes bytes;
    unsigned bits = 0;
    unsigned rest = 0;
    for (const std::uint8_t c : base32) {
        rest = rest << 5 | static_cast<unsigned>(c >= 'A' ? c - 'A' : c - '2' + 26);
        if ((bits += 5) < 8) continue;
        bits -= 8;
        bytes.push_back(static_cast<std::uint8_t>(rest >> bits));
        rest &= (1u << bits) - 1;
    }
    return bytes;
}
/// Codes that rise step by step from the one before now, so that nobody waits for the next half minute.
class Authenticator {
public:
    void learn(ByteView base32) {
        m_secret = secretOf(base32);
        m_next = std::max(m_next, crypto::totpStep(wallMs()) - 1);
    }
    std::string next() {
        const SecretBytes code = crypto::totpCode(m_secret, m_next++);
        return {code.data(), code.data() + code.size()};
    }

private:
    Bytes m_secret;
    std::uint64_t m_next = 0;
};
} // namespace

class TestGuards : public QObject {
    Q_OBJECT
    Scenario m_scenario;
    SessionPtr m_ann;
    std::uint64_t m_place = 0;
    Authenticator m_authenticator;

    std::size_t openOrders(const SessionPtr& who) {
        const auto rows = m_scenario.ask<std::vector<api::OrderRow>>([&](auto done) { who->orders(done); });
        std::size_t open = 0;
        if (rows) {
            for (const api::OrderRow& row : *rows) open += row.state == api::OrderState::Open ? 1 : 0;
        }
        return open;
    }
    void placeOrder(const SessionPtr& who) {
        api::OrderRequest request;
        request.instrument = InstrumentId{1};
        request.side = api::Side::Sell;
        request.price = {money::Int128{90'000} * 100'000'000, money::kUsd};
        request.quantity = coins(10'000);
        QVERIFY(m_scenario.ask<api::OrderRow>([&](auto done) { who->placeOrder(request, done); }).ok());
    }
    api::Answer<std::uint64_t> withdraw(std::int64_t satoshi) {
        return m_scenario.ask<std::uint64_t>(
            [&](auto done) { m_ann->treasury().requestWithdrawal(m_place, coins(satoshi), done); });
    }
    std::vector<api::CaseRow> cases() {
        return *m_scenario.ask<std::vector<api::CaseRow>>(
            [&](auto done) { m_scenario.node->operatorDesk()->cases(done); });
    }
    std::optional<api::WithdrawalState> stateOf(std::uint64_t id) {
        const auto rows =
            m_scenario.ask<std::vector<api::WithdrawalRow>>([&](auto done) { m_ann->treasury().withdrawals(done); });
        for (const api::WithdrawalRow& row : *rows) {
            if (row.id == id) return row.state;
        }
        return std::nullopt;
    }
    /// Exit code, and what it printed and complained of.
    std::pair<int, QString> cli(const QStringList& arguments, const QByteArray& typed = {}) {
        QProcess process;
        process.setProcessChannelMode(QProcess::MergedChannels);
        process.start(QStringLiteral(TALLYLOCK_BIN_DIR "/tallylock-cli"), arguments);
        process.write(typed);
        process.closeWriteChannel();
        process.waitForFinished(60'000);
        return {process.exitCode(), QString::fromUtf8(process.readAll())};
    }
    QString nodeFolder() const { return m_scenario.folder.path() + QStringLiteral("/node"); }

private slots:
    void initTestCase() {
        QVERIFY(m_scenario.start());
        m_ann = m_scenario.person("ann");
        QVERIFY(m_ann);
        const auto address =
            m_scenario.ask<api::DepositRow>([&](auto done) { m_ann->depositIdentifier(money::kBtc, done); });
        QVERIFY(address.ok());
        QVERIFY(m_scenario
                    .ask<void>([&](auto done) {
                        m_scenario.node->practice()->payToAddress(money::kBtc, address->identifier, coins(1'000'000),
                                                                  done);
                    })
                    .ok());
        QVERIFY(m_scenario.eventually([&] { return m_scenario.available(m_ann, money::kBtc) == coins(1'000'000); }));
        const auto added = m_scenario.ask<std::uint64_t>(
            [&](auto done) { m_ann->treasury().addPayoutAddress(money::kBtc, "bc1-outside", "", done); });
        QVERIFY(added.ok());
        m_place = *added;
    }
    void cleanupTestCase() {
        m_ann.reset();
        m_scenario.node.reset();
    }

    /// What works in a node's folder beside the node that has it is turned away, and disturbs nothing.
    void nobodyElseWorksInTheFolder_data() {
        QTest::addColumn<QStringList>("words");
        const auto row = [](const char* words) {
            QTest::newRow(words) << QString::fromLatin1(words).split(QLatin1Char(' '));
        };
        row("verify NODE");
        row("books NODE trial");
        row("cases NODE list");
        row("funds NODE ann balances");
        row("orders NODE ann list");
        row("demo --data PARENT");
    }
    void nobodyElseWorksInTheFolder() {
        QFETCH(QStringList, words);
        words.replaceInStrings(QStringLiteral("NODE"), nodeFolder());
        words.replaceInStrings(QStringLiteral("PARENT"), m_scenario.folder.path());
        const auto [code, said] = cli(words, "a passphrase for tests\n");
        QCOMPARE(code, 1);
        QVERIFY2(said.contains(QStringLiteral("/coordinator/lock")) && said.contains(QStringLiteral("Close")),
                 qPrintable(said));
        placeOrder(m_ann);
        QCOMPARE(openOrders(m_ann), std::size_t{1});
        QVERIFY(m_scenario.ask<std::uint64_t>([&](auto done) { m_ann->cancelAllOrders({}, done); }).ok());
        QVERIFY(m_scenario.eventually([&] { return openOrders(m_ann) == 0; }));
    }

    // --- orders that nobody looks after ------------------------------------------------------------------------------

    void aLockedProfileTakesItsOrders() {
        placeOrder(m_ann);
        m_scenario.node->lockProfile("ann"); // nobody has asked for it: they stay
        m_ann = m_scenario.person("ann");
        QCOMPARE(openOrders(m_ann), std::size_t{1});
        QVERIFY(m_scenario.ask<void>([&](auto done) { m_ann->guard().cancelOnDisconnect(true, done); }).ok());
        m_scenario.node->lockProfile("ann");
        m_ann = m_scenario.person("ann");
        QVERIFY(m_scenario.eventually([&] { return openOrders(m_ann) == 0; }));
        QVERIFY(m_scenario.eventually([&] { return m_scenario.held(m_ann, money::kBtc) == coins(0); }));
    }

    void anEndedProgramTakesItsOrders() {
        placeOrder(m_ann);
        QVERIFY(m_scenario.ask<void>([&](auto done) { m_ann->guard().cancelOnDisconnect(true, done); }).ok());
        m_scenario.node.reset(); // the session outlives it
        m_ann.reset();
        QVERIFY(m_scenario.start());
        m_ann = m_scenario.person("ann");
        QCOMPARE(openOrders(m_ann), std::size_t{0});
    }

    void aDeadManSwitch() {
        const auto arm = [&](std::int64_t ms) {
            return m_scenario.ask<void>([&](auto done) { m_ann->guard().armDeadMan(ms, false, done); });
        };
        QVERIFY(arm(10).error().problem == Problem::DelayInvalid);
        placeOrder(m_ann);
        QVERIFY(arm(3'600'000).ok());
        QCOMPARE(openOrders(m_ann), std::size_t{1});
        QVERIFY(arm(1'000).ok());
        QVERIFY(m_scenario.eventually([&] { return openOrders(m_ann) == 0; }));
        QVERIFY(m_scenario.eventually([&] { // its event follows those of the orders
            const auto rows =
                m_scenario.ask<std::vector<api::DeadManRow>>([&](auto done) { m_ann->guard().deadMen(done); });
            return rows && rows->size() == 1 && rows->front().state == api::DeadManState::Fired &&
                   rows->front().cancelled == 1;
        }));
    }

    // --- one-time codes ----------------------------------------------------------------------------------------------

    void enrolling() {
        const auto state = [&] {
            return *m_scenario.ask<api::FactorState>([&](auto done) { m_ann->guard().factorState(done); });
        };
        QVERIFY(state() == api::FactorState::None);
        QVERIFY(
            m_scenario.ask<void>([&](auto done) { m_ann->guard().confirmFactor("000000", done); }).error().problem ==
            Problem::FactorMissing);
        const auto offer = m_scenario.ask<api::FactorOffer>([&](auto done) { m_ann->guard().enrolFactor({}, done); });
        QVERIFY(offer.ok());
        const std::string uri(offer->uri->data(), offer->uri->data() + offer->uri->size());
        const std::string base32(offer->base32->data(), offer->base32->data() + offer->base32->size());
        QCOMPARE(uri, "otpauth://totp/Tallylock:ann?secret=" + base32 + "&issuer=Tallylock");
        m_authenticator.learn(offer->base32->view());
        const std::string first = m_authenticator.next();
        QVERIFY(m_scenario.ask<void>([&](auto done) { m_ann->guard().confirmFactor(first, done); }).ok());
        QVERIFY(state() == api::FactorState::Confirmed);
    }

    void aWithdrawalAsksForACode() {
        api::WithdrawalPolicy policy;
        policy.secondFactor = true;
        const auto set = [&] {
            return m_scenario.ask<std::uint64_t>(
                [&](auto done) { m_ann->treasury().setWithdrawalPolicy(policy, done); });
        };
        QVERIFY(set().error().problem == Problem::CodeMissing);
        m_ann->guard().nextCode(m_authenticator.next());
        QVERIFY(set().ok());
        QVERIFY(withdraw(1000).error().problem == Problem::CodeMissing);
        m_ann->guard().nextCode("000000");
        QVERIFY(withdraw(1000).error().problem == Problem::CodeWrong);
        m_ann->guard().nextCode(m_authenticator.next());
        const auto asked = withdraw(1000);
        QVERIFY(asked.ok());
        QVERIFY(m_scenario.eventually([&] { return stateOf(*asked) == api::WithdrawalState::Sent; }));
    }

    /// An operator helps whoever has lost the authenticator.
    void aLostAuthenticator() {
        auto& desk = *m_scenario.node->operatorDesk();
        QVERIFY(m_scenario.ask<void>([&](auto done) { desk.resetFactor(UserId{99}, done); }).error().problem ==
                Problem::UserUnknown);
        QVERIFY(m_scenario.ask<void>([&](auto done) { desk.resetFactor(UserId{1}, done); }).ok());
        QVERIFY(withdraw(1000).error().problem == Problem::CodeMissing); // the policy still asks
        const auto offer = m_scenario.ask<api::FactorOffer>([&](auto done) { m_ann->guard().enrolFactor({}, done); });
        QVERIFY(offer.ok());
    }

    // --- the operator ------------------------------------------------------------------------------------------------

    void casesAreDecided() {
        auto& desk = *m_scenario.node->operatorDesk();
        const SessionPtr bob = m_scenario.person("bob");
        const auto address =
            m_scenario.ask<api::DepositRow>([&](auto done) { bob->depositIdentifier(money::kBtc, done); });
        QVERIFY(m_scenario.ask<void>([&](auto done) {
                              desk.setRule({1, api::RuleKind::Size, false, coins(0)}, done);
                          })
                    .error()
                    .problem == Problem::RuleInvalid);
        api::RuleRow rule;
        rule.id = 1;
        rule.kind = api::RuleKind::Size;
        rule.amount = coins(500'000);
        rule.hold = true;
        QVERIFY(m_scenario.ask<void>([&](auto done) { desk.setRule(rule, done); }).ok());
        QVERIFY(m_scenario
                    .ask<void>([&](auto done) {
                        m_scenario.node->practice()->payToAddress(money::kBtc, address->identifier, coins(600'000),
                                                                  done);
                    })
                    .ok());
        QVERIFY(m_scenario.eventually([&] { return !cases().empty(); }));
        QVERIFY(cases()[0].held && cases()[0].name == "bob" && cases()[0].amount == coins(600'000));
        const auto target = m_scenario.ask<std::uint64_t>(
            [&](auto done) { bob->treasury().addPayoutAddress(money::kBtc, "bc1-bob", "", done); });
        const auto asked = m_scenario.ask<std::uint64_t>(
            [&](auto done) { bob->treasury().requestWithdrawal(*target, coins(100), done); });
        QVERIFY(asked.ok());
        m_scenario.loop.runFor(300);
        const auto states = [&] {
            return m_scenario
                .ask<std::vector<api::WithdrawalRow>>([&](auto done) { bob->treasury().withdrawals(done); })
                ->front()
                .state;
        };
        QVERIFY(states() == api::WithdrawalState::Approved); // no rail was asked
        const auto decide = [&](std::string reason) {
            return m_scenario.ask<void>(
                [&](auto done) { desk.decide(cases()[0].id, api::CaseDecision::Release, reason, done); });
        };
        QVERIFY(decide("").error().problem == Problem::InfoInvalid);
        QVERIFY(decide("an inheritance").ok());
        QVERIFY(cases().empty());
        QVERIFY(m_scenario.eventually([&] { return states() == api::WithdrawalState::Sent; }));
        QVERIFY(m_scenario.ask<void>([&](auto done) { desk.removeRule(1, done); }).ok());
    }

    void theBooks() {
        auto& desk = *m_scenario.node->operatorDesk();
        const auto rows = m_scenario.ask<std::vector<api::LedgerRow>>([&](auto done) { desk.trialBalance(done); });
        QVERIFY(rows.ok());
        std::map<api::UnitId, money::Int128> sums;
        for (const api::LedgerRow& row : *rows) sums[row.unit] += row.total.value;
        QVERIFY(!sums.empty());
        for (const auto& [unit, sum] : sums) QVERIFY(sum == 0);
        const auto lines = m_scenario.ask<std::vector<api::StatementRow>>(
            [&](auto done) { desk.statement(HolderId{1}, money::kBtc, 100, done); });
        QVERIFY(lines && lines->size() == 2); // a deposit and a withdrawal
        QVERIFY(lines->front().balance == coins(999'000));
        QVERIFY(m_scenario.eventually([&] {
            const auto reconciled =
                m_scenario.ask<std::vector<api::ReconciliationRow>>([&](auto done) { desk.reconciliation(done); });
            return reconciled && std::all_of(reconciled->begin(), reconciled->end(), [](const auto& row) {
                       return row.unexplained.isZero() && (row.outside || row.place.empty());
                   });
        }));
    }

    /// Money that comes with a reference which is nobody's waits for the operator, who finds out whose it is.
    void whatIsInSuspenseFindsItsOwner() {
        auto& desk = *m_scenario.node->operatorDesk();
        const auto suspense = [&] {
            const auto rows = m_scenario.ask<std::vector<api::SuspenseRow>>([&](auto done) { desk.suspense(done); });
            return rows ? *rows : std::vector<api::SuspenseRow>();
        };
        const auto assign = [&](const std::string& rail, const std::string& name, HolderId holder,
                                const std::string& reason) {
            const auto done =
                m_scenario.ask<void>([&](auto reply) { desk.assignSuspense(rail, name, holder, reason, reply); });
            return done ? std::optional<Problem>() : std::optional(done.error().problem);
        };
        QVERIFY(suspense().empty());
        const auto dollars = [](std::int64_t cents) { return Amount{cents * 1'000'000, money::kUsd}; };
        for (const char* reference : {"for Ann", "who knows"}) {
            QVERIFY(m_scenario
                        .ask<void>([&](auto done) {
                            m_scenario.node->practice()->bankTransfer(money::kUsd, reference, dollars(12'34), done);
                        })
                        .ok());
        }
        QVERIFY(m_scenario.eventually([&] { return suspense().size() == 2; }));
        const auto rows = suspense();
        const api::SuspenseRow row = rows[rows[0].identifier == "for Ann" ? 0 : 1];
        QVERIFY(row.identifier == "for Ann" && !row.holder && row.amount == dollars(12'34));
        QCOMPARE(assign(row.rail, "no such", {1}, "a letter"), std::optional(Problem::DepositUnknown));
        QCOMPARE(assign("nowhere", row.name, {1}, "a letter"), std::optional(Problem::DepositUnknown));
        QCOMPARE(assign(row.rail, row.name, {99}, "a letter"), std::optional(Problem::NotRegistered));
        QCOMPARE(assign(row.rail, row.name, {1}, ""), std::optional(Problem::InfoInvalid));
        QCOMPARE(suspense().size(), std::size_t{2});
        QCOMPARE(assign(row.rail, row.name, {1}, "a letter from her bank"), std::nullopt);
        QCOMPARE(assign(row.rail, row.name, {1}, "again"), std::optional(Problem::DepositUnknown));
        QCOMPARE(suspense().size(), std::size_t{1});
        QVERIFY(m_scenario.eventually([&] {
            const auto has = m_scenario.ask<std::vector<api::BalanceRow>>([&](auto done) { m_ann->balances(done); });
            return has && std::any_of(has->begin(), has->end(),
                                      [&](const auto& one) { return one.available == dollars(12'34); });
        }));
    }

    // --- the command line --------------------------------------------------------------------------------------------

    void onTheCommandLine() {
        QCOMPARE(cli({QStringLiteral("books"), nodeFolder(), QStringLiteral("trial")}).first, 1); // in use here
        m_ann.reset();
        m_scenario.node.reset();
        const auto trial = cli({QStringLiteral("books"), nodeFolder(), QStringLiteral("trial")});
        QVERIFY2(trial.first == 0 && trial.second.contains(QStringLiteral("every unit sums to zero")),
                 qPrintable(trial.second));
        const auto statement = cli({QStringLiteral("books"), nodeFolder(), QStringLiteral("statement"),
                                    QStringLiteral("ann"), QStringLiteral("BTC")});
        QVERIFY2(statement.first == 0 && statement.second.contains(QStringLiteral("balance 0.00999")),
                 qPrintable(statement.second));
        const auto reconciled = cli({QStringLiteral("books"), nodeFolder(), QStringLiteral("reconcile")});
        QVERIFY2(reconciled.first == 0 && reconciled.second.contains(QStringLiteral("practice-chain")),
                 qPrintable(reconciled.second));
        QCOMPARE(cli({QStringLiteral("books"), nodeFolder(), QStringLiteral("statement"), QStringLiteral("eve"),
                      QStringLiteral("BTC")})
                     .first,
                 1);
    }

    void suspenseOnTheCommandLine() {
        const auto books = [&](const QStringList& words) {
            return cli(QStringList{QStringLiteral("books"), nodeFolder()} + words);
        };
        const auto listed = books({QStringLiteral("suspense")});
        QVERIFY2(listed.first == 0 &&
                     listed.second.contains(QStringLiteral("12.34 USD  nobody's, paid to \"who knows\"")),
                 qPrintable(listed.second));
        const QStringList name = listed.second.split(QStringLiteral("  "));
        QVERIFY(name.size() > 2);
        const auto assign = [&](const QString& account) {
            return books({QStringLiteral("assign"), name[0], name[1], account, QStringLiteral("asked at the counter")});
        };
        QCOMPARE(assign(QStringLiteral("eve")).first, 1);
        const auto assigned = assign(QStringLiteral("ann"));
        QVERIFY2(assigned.first == 0, qPrintable(assigned.second));
        QVERIFY(assign(QStringLiteral("ann")).second.contains(QStringLiteral("deposit-unknown")));
        QCOMPARE(books({QStringLiteral("suspense")}).second, QStringLiteral("nothing is in suspense\n"));
        QVERIFY(books({QStringLiteral("trial")}).second.contains(QStringLiteral("every unit sums to zero")));
        QVERIFY(cli({QStringLiteral("verify"), nodeFolder()}).second.contains(QStringLiteral("verified")));
    }

    void ordersOnTheCommandLine() {
        const auto run = [&](const QString& words) {
            return cli(QStringList{QStringLiteral("orders"), nodeFolder(), QStringLiteral("ann")} +
                           words.split(QLatin1Char(' ')),
                       "a passphrase for tests\n");
        };
        const auto says = [](const std::pair<int, QString>& done, int code, const char* text) {
            return done.first == code && done.second.contains(QLatin1String(text));
        };
        const auto placed = run(QStringLiteral("place sell BTC/USD 0.0001 90000"));
        QVERIFY2(says(placed, 0, "open  limit  sell 0.0001"), qPrintable(placed.second));
        static const QRegularExpression first(QStringLiteral("(\\d+)  open  limit"));
        const QString number = first.match(placed.second).captured(1);
        QVERIFY(!number.isEmpty());
        const auto listed = run(QStringLiteral("list"));
        QVERIFY2(says(listed, 0, qPrintable(number + QStringLiteral("  open  limit"))), qPrintable(listed.second));
        QVERIFY(says(run(QStringLiteral("book BTC/USD")), 0, "sell  0.0001"));
        const auto changed = run(QStringLiteral("change %1 --price 91000").arg(number));
        QVERIFY2(says(changed, 0, "at 91000"), qPrintable(changed.second));
        const auto stop = run(QStringLiteral("place sell BTC/USD 0.0001 80000 --stop 81000"));
        QVERIFY2(says(stop, 0, "waiting  stop-limit") && says(stop, 0, "stop 81000"), qPrintable(stop.second));

        QVERIFY(says(run(QStringLiteral("place sell BTC/EUR 1 1")), 1, "there is BTC/USD"));
        QVERIFY(says(run(QStringLiteral("place give BTC/USD 1 1")), 1, "not to give"));
        QVERIFY(says(run(QStringLiteral("place sell BTC/USD one 1")), 1, "not an amount: one"));
        QVERIFY(says(run(QStringLiteral("place sell BTC/USD 1 1 --type soon")), 1, "fok"));
        QVERIFY(says(run(QStringLiteral("place sell BTC/USD 1 --type ioc")), 1, "needs a price"));
        QVERIFY(says(run(QStringLiteral("change %1").arg(number)), 1, "nothing to change"));
        QVERIFY(says(run(QStringLiteral("cancel 999999")), 1, "no order 999999"));
        QVERIFY(says(run(QStringLiteral("list --price 1")), 1, "usage: orders"));

        QVERIFY(says(run(QStringLiteral("dead-man 3600")), 0, "armed  within 3600 s"));
        QVERIFY(says(run(QStringLiteral("dead-man 0")), 1, "1 to 86400"));
        QVERIFY(says(run(QStringLiteral("dead-man off")), 0, "ended"));
        QVERIFY(says(run(QStringLiteral("sign-each")), 0, "off: orders are not signed"));
        QVERIFY(says(run(QStringLiteral("sign-each maybe")), 1, "on or off, not maybe"));
        QVERIFY(says(run(QStringLiteral("sign-each on")), 0, "on: each order is signed"));
        QVERIFY(says(run(QStringLiteral("sign-each")), 0, "on: each order is signed")); // in the folder
        QVERIFY(says(run(QStringLiteral("sign-each off")), 0, "off: orders are not signed"));
        QCOMPARE(run(QStringLiteral("cancel %1").arg(number)).first, 0);
        QVERIFY(says(run(QStringLiteral("cancel-all BTC/USD")), 0, "1 cancelled"));
        const auto past = run(QStringLiteral("list"));
        QVERIFY2(says(past, 0, qPrintable(number + QStringLiteral("  cancelled  limit"))), qPrintable(past.second));
    }

    void casesOnTheCommandLine() {
        const QStringList start{QStringLiteral("cases"), nodeFolder()};
        const auto run = [&](const QString& words) { return cli(start + words.split(QLatin1Char(' '))); };
        QCOMPARE(run(QStringLiteral("nonsense")).first, 1);
        QCOMPARE(run(QStringLiteral("rule 1 size out hold BTC 0")).first, 1);
        QCOMPARE(run(QStringLiteral("rule 1 size out hold BTC 0.5")), std::make_pair(0, QString()));
        QCOMPARE(run(QStringLiteral("rule 2 structuring out note USD 10000 86400 3 8000")).first, 0);
        const auto rules = run(QStringLiteral("rules"));
        QVERIFY2(rules.second.contains(QStringLiteral("1  size  out  hold")) &&
                     rules.second.contains(QStringLiteral("2  structuring  out  note")),
                 qPrintable(rules.second));
        const std::string list =
            m_scenario.makeFile(QStringLiteral("list.txt"), "# bad ones\nbc1-bad\n\nbc1-worse # twice\nBC1-bad\n");
        const auto listed = cli(start + QStringList{QStringLiteral("addresses"), QString::fromStdString(list)});
        QCOMPARE(listed.second, QStringLiteral("2 addresses are watched\n"));
        QCOMPARE(run(QStringLiteral("unrule 2")).first, 0);
        QVERIFY(run(QStringLiteral("release 9 why")).second.contains(QStringLiteral("case-wrong-state")));
        QVERIFY(cli({QStringLiteral("verify"), nodeFolder()}).second.contains(QStringLiteral("verified")));
    }

    /// Enrolled through a pipe: the secret comes out, and a code of it goes in.
    void codesOnTheCommandLine() {
        QProcess process;
        process.start(QStringLiteral(TALLYLOCK_BIN_DIR "/tallylock-cli"),
                      {QStringLiteral("funds"), nodeFolder(), QStringLiteral("bob"), QStringLiteral("enrol")});
        process.write("a passphrase for tests\n");
        QByteArray shown;
        while (shown.count('\n') < 2 && process.waitForReadyRead(30'000)) shown += process.readAllStandardOutput();
        QVERIFY2(shown.startsWith("otpauth://totp/Tallylock:bob?secret="), shown.constData());
        const QByteArray base32 = shown.split('\n').at(1).trimmed();
        Authenticator bobs;
        bobs.learn({reinterpret_cast<const std::uint8_t*>(base32.data()), static_cast<std::size_t>(base32.size())});
        process.write(QByteArray::fromStdString(bobs.next()) + '\n');
        QVERIFY(process.waitForFinished(30'000));
        QCOMPARE(process.exitCode(), 0);
        const auto factor =
            cli({QStringLiteral("funds"), nodeFolder(), QStringLiteral("bob"), QStringLiteral("factor")},
                "a passphrase for tests\n");
        QVERIFY2(factor.second.contains(QStringLiteral("confirmed")), qPrintable(factor.second));
        const auto on = cli({QStringLiteral("funds"), nodeFolder(), QStringLiteral("bob"), QStringLiteral("codes"),
                             QStringLiteral("on")},
                            "a passphrase for tests\n" + QByteArray::fromStdString(bobs.next()) + '\n');
        QVERIFY2(on.first == 0 && on.second.contains(QStringLiteral("one-time codes yes")), qPrintable(on.second));
    }
};

QTEST_GUILESS_MAIN(TestGuards)
#include "tst_guards.moc"
