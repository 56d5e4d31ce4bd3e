// Sessions: orders without a signature of their own are taken from whoever has proved its key, and from nobody else;
// what can move money out is never taken so, neither at the door nor in a replay.
#include "tests/core/host/HostScene.h"

#include <cstdio>

using namespace tallylock;
using namespace tallylock::test;
using engine::Refused;
using ports::StoreError;

namespace {

engine::OpenInstrument bitcoinForDollars() {
    engine::OpenInstrument market;
    market.symbol = "BTC/USD";
    market.base = money::kBtc;
    market.quote = money::kUsd;
    market.tick = {1'000'000, money::kUsd};
    market.lot = {10'000, money::kBtc};
    market.minimum = market.lot;
    market.maximum = {1'000'000 * market.lot.value, money::kBtc};
    return market;
}

engine::PlaceOrder buyAt(std::int64_t dollars) {
    engine::PlaceOrder order;
    order.instrument = {1};
    order.price = usd(dollars);
    order.quantity = {10'000, money::kBtc};
    return order;
}

/// A market, and somebody with money.
class SessionScene : public HostScene {
public:
    SessionScene() { start(); }
    Person trader(const std::string& name) {
        if (!m_hasMarket) mustPerform(bitcoinForDollars());
        m_hasMarket = true;
        Person somebody = person(name);
        const HolderId holder = somebody.ask<wire::Welcome>(wire::Hello{})->holder;
        mustPerform(engine::AssignDepositIdentifier{holder, money::kUsd, "a bank", "reference of " + name});
        mustPerform(engine::ObserveBankEntry{"a bank", "line of " + name, "reference of " + name, usd(1'000'000), 0});
        return somebody;
    }

private:
    void mustPerform(engine::CommandBody body) {
        const auto replies = host->perform({std::move(body)});
        if (!replies || replies->front().refused != Refused::No) qFatal("the coordinator was refused");
    }
    bool m_hasMarket = false;
};

std::string problemOf(Person& person, const wire::Request& request) {
    const auto problem = person.ask<wire::Problem>(request);
    return problem ? nameOf(problem->problem) : "answered";
}

wire::SubmitUnsigned unsignedOf(Person& person, const engine::PlaceOrder& order) {
    return {++person.counter, engine::PlaceOrder::kType, encodeCbor(order)};
}

} // namespace

class TestSession : public QObject {
    Q_OBJECT
private slots:
    void takesNothingUnsignedWithoutASession() {
        SessionScene scene;
        Person ada = scene.trader("Ada");
        const auto before = scene.host->status().sequence;
        QCOMPARE(problemOf(ada, unsignedOf(ada, buyAt(100))), std::string("session-needed"));
        QCOMPARE(scene.host->status().sequence, before);
    }

    void opensOnlyForTheKeyOfTheLink_data() {
        QTest::addColumn<int>("what");
        QTest::newRow("no challenge") << 0;
        QTest::newRow("another's key") << 1;
        QTest::newRow("another coordinator") << 2;
        QTest::newRow("another label") << 3;
        QTest::newRow("a nonce that is used up") << 4;
        QTest::newRow("a nonce of another link") << 5;
        QTest::newRow("an older nonce") << 6;
    }
    void opensOnlyForTheKeyOfTheLink() {
        QFETCH(int, what);
        SessionScene scene;
        Person ada = scene.trader("Ada");
        Person bob = scene.trader("Bob");
        const auto challenge = [](Person& person) {
            return person.ask<wire::Challenge>(wire::ChallengeRequest{})->nonce;
        };
        const IdentityKey coordinator = scene.coordinator.key();
        wire::SessionNote note{coordinator, {}};
        if (what != 0) note.nonce = challenge(ada);
        if (what == 2) note.coordinator = bob.identity.key();
        if (what == 4) QCOMPARE(problemOf(ada, wire::OpenSession{}), std::string("signature-invalid"));
        if (what == 5) note.nonce = challenge(bob);
        if (what == 6) (void)challenge(ada);
        const keys::Identity& signer = what == 1 ? bob.identity : ada.identity;
        const char* label = what == 3 ? "auth" : wire::kSessionLabel;
        QCOMPARE(problemOf(ada, wire::OpenSession{signer.sign(label, note)}), std::string("signature-invalid"));
        QCOMPARE(problemOf(ada, unsignedOf(ada, buyAt(100))), std::string("session-needed"));
        // And the right one opens it all the same.
        QVERIFY(ada.openSession(coordinator).has_value());
        QVERIFY(ada.submitUnsigned(buyAt(100)).has_value());
    }

    void endsWithTheLink() {
        SessionScene scene;
        Person ada = scene.trader("Ada");
        QVERIFY(ada.openSession(scene.coordinator.key()).has_value());
        scene.connect(ada);
        QCOMPARE(problemOf(ada, unsignedOf(ada, buyAt(100))), std::string("session-needed"));
    }

    void takesOnlyOrdersUnsigned() {
        SessionScene scene;
        Person ada = scene.trader("Ada");
        QVERIFY(ada.openSession(scene.coordinator.key()).has_value());
        const auto before = scene.host->status().sequence;
        const engine::RequestWithdrawal withdrawal;
        QCOMPARE(problemOf(ada, wire::SubmitUnsigned{9, engine::RequestWithdrawal::kType, encodeCbor(withdrawal)}),
                 std::string("signature-needed"));
        QCOMPARE(problemOf(ada, wire::SubmitUnsigned{9, 9999, {}}), std::string("signature-needed"));
        Bytes cut = encodeCbor(buyAt(100));
        cut.pop_back();
        QCOMPARE(problemOf(ada, wire::SubmitUnsigned{9, engine::PlaceOrder::kType, cut}), std::string("malformed"));
        QCOMPARE(scene.host->status().sequence, before);
    }

    /// Orders on sessions, changed and cancelled there, between signed commands; by two devices.
    void isTheSameAfterAReplay() {
        SessionScene scene;
        Person ada = scene.trader("Ada");
        Person bob = scene.trader("Bob");
        QVERIFY(ada.openSession(scene.coordinator.key()).has_value());
        QVERIFY(bob.openSession(scene.coordinator.key()).has_value());
        const auto first = ada.submitUnsigned(buyAt(100));
        QVERIFY(first && first->reply.refused == Refused::No && first->reply.value != 0);
        QVERIFY(bob.submitUnsigned(buyAt(101))->reply.refused == Refused::No);
        ada.mustSubmit(buyAt(99));
        engine::ReplaceOrder change;
        change.order = {first->reply.value};
        change.price = usd(98);
        QVERIFY(ada.submitUnsigned(change)->reply.refused == Refused::No);
        QVERIFY(bob.submitUnsigned(engine::CancelOrder{{first->reply.value}})->reply.refused == Refused::OrderUnknown);
        QVERIFY(ada.submitUnsigned(engine::CancelOrder{{first->reply.value}})->reply.refused == Refused::No);
        QCOMPARE(bob.submitUnsigned(engine::CancelAllOrders{})->reply.value, std::uint64_t{1});
        const auto before = scene.host->stateHash();
        scene.stop();
        scene.forgetAllButTheJournal();
        scene.start();
        QVERIFY(before.has_value());
        QVERIFY(scene.host->stateHash() == before);
    }

    /// A command is the same whether it is signed or not: whoever is unsure sends it again in either way.
    void answersARepetitionTheSameInBothForms() {
        SessionScene scene;
        Person ada = scene.trader("Ada");
        QVERIFY(ada.openSession(scene.coordinator.key()).has_value());
        const auto first = ada.submitUnsigned(buyAt(100));
        scene.restart();
        scene.connect(ada);
        const auto again =
            ada.ask<wire::Submitted>(wire::Submit{wire::sealCommand(ada.identity, ada.counter, buyAt(100))});
        QVERIFY(first && again);
        QVERIFY(first->reply == again->reply && first->reply.value != 0);
        const auto other =
            ada.ask<wire::Submitted>(wire::Submit{wire::sealCommand(ada.identity, ada.counter, buyAt(101))});
        QCOMPARE(other->reply.refused, Refused::IdReused);
    }

    void replayRefusesWhatTheDoorWould_data() {
        QTest::addColumn<int>("what");
        QTest::newRow("a withdrawal without a signature") << 0;
        QTest::newRow("a device that is not in the list") << 1;
        QTest::newRow("a device that sent nothing") << 2;
        QTest::newRow("a device twice") << 3;
        QTest::newRow("no list") << 4;
    }
    void replayRefusesWhatTheDoorWould() {
        QFETCH(int, what);
        SessionScene scene;
        Person ada = scene.trader("Ada");
        QVERIFY(ada.openSession(scene.coordinator.key()).has_value());
        QVERIFY(ada.submitUnsigned(buyAt(100)).has_value());
        const std::uint64_t number = scene.host->status().batch;
        scene.stop();
        forgeBatch(scene.pathOf("journal"), number, [&](wire::Batch& batch) {
            const Bytes withdrawal = encodeCbor(engine::RequestWithdrawal{});
            const Bytes order = encodeCbor(buyAt(100));
            if (what == 0) batch.entries = {wire::entryOf(0, {9, engine::RequestWithdrawal::kType, withdrawal})};
            if (what == 1) batch.entries = {wire::entryOf(1, {9, engine::PlaceOrder::kType, order})};
            if (what == 2) batch.devices->push_back(scene.coordinator.key());
            if (what == 3) {
                batch.devices->push_back(ada.identity.key());
                batch.entries.push_back(wire::entryOf(1, {9, engine::PlaceOrder::kType, order}));
            }
            if (what == 4) batch.devices.reset();
            wire::signBatch(batch, scene.coordinator);
        });
        scene.forgetAllButTheJournal();
        const auto started = scene.tryStart();
        QVERIFY(!started.ok());
        QCOMPARE(started.error().error, StoreError::Damaged);
        const QString detail = QString::fromStdString(started.error().detail);
        QVERIFY2(detail.contains(QStringLiteral("batch %1").arg(number)) &&
                     detail.contains(QStringLiteral("a command in it cannot be read")),
                 qPrintable(detail));
    }

    void isUnderstoodByVerify() {
        SessionScene scene;
        Person ada = scene.trader("Ada");
        QVERIFY(ada.openSession(scene.coordinator.key()).has_value());
        for (int i = 0; i < 3; ++i) QVERIFY(ada.submitUnsigned(buyAt(100 + i)).has_value());
        const QString head = QString::fromStdString(scene.host->status().head.hex());
        scene.stop();
        QVERIFY(QDir(scene.folder.path()).mkpath(QStringLiteral("copy/coordinator")));
        QVERIFY(QFile::copy(QString::fromStdString(scene.pathOf("journal")),
                            QString::fromStdString(scene.pathOf("copy/coordinator/journal.sqlite"))));
        // Not by QProcess: after its fork the thread sanitizer follows our own threads no more.
        const std::string command = "'" TALLYLOCK_BIN_DIR "/tallylock-cli' verify '" + scene.pathOf("copy") + "' 2>&1";
        std::FILE* verify = ::popen(command.c_str(), "re");
        QVERIFY(verify);
        QByteArray said;
        for (int c = std::fgetc(verify); c != EOF; c = std::fgetc(verify)) said.append(static_cast<char>(c));
        QVERIFY2(::pclose(verify) == 0, said.constData());
        QVERIFY2(said.contains("(3 on sessions)") && said.contains(head.toUtf8()), said.constData());
    }

    /// A journal from before there were sessions: batches without a list of devices, signed over their content.
    void readsBatchesFromBefore() {
        SessionScene scene;
        Person ada = scene.trader("Ada");
        ada.mustSubmit(buyAt(100));
        const auto state = scene.host->stateHash();
        const auto batches = scene.host->status().batch;
        scene.stop();
        Hash previous;
        for (std::uint64_t number = 1; number <= batches; ++number) {
            forgeBatch(scene.pathOf("journal"), number, [&](wire::Batch& batch) {
                batch.devices.reset();
                if (number > 1) batch.previous = previous;
                previous = wire::signBatch(batch, scene.coordinator);
            });
        }
        scene.forgetAllButTheJournal();
        scene.start();
        QVERIFY(scene.host->stateHash() == state);
        QVERIFY(scene.host->status().head == previous);
        scene.connect(ada);
        ada.mustSubmit(buyAt(101)); // and goes on in the new form
        const auto after = scene.host->stateHash();
        scene.stop();
        scene.forgetAllButTheJournal();
        scene.start();
        QVERIFY(scene.host->stateHash() == after);
    }
};

QTEST_GUILESS_MAIN(TestSession)
#include "tst_session.moc"
