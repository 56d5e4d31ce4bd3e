// Commands on their way: durable before they are sent, sent again until answered, never under two numbers.
#include "core/party/Outbox.h"
#include "core/party/Problems.h"
#include "tests/support/MemoryJournal.h"

#include <QTest>

#include <atomic>

using namespace tallylock;
using namespace tallylock::party;
using namespace tallylock::test;
using api::Problem;

namespace {

/// Answers as it is told, and remembers what came.
class FakeCoordinator final : public ports::Link {
public:
    void request(Bytes frame, std::function<void(Result<Bytes, ports::LinkError>)> done) override {
        const std::lock_guard lock(mutex);
        const auto request = decodeCbor<wire::Request>(frame);
        if (std::holds_alternative<wire::Hello>(*request)) {
            wire::Welcome welcome;
            welcome.lastCounter = usedByAnother;
            return done(encodeCbor(wire::Answer(welcome)));
        }
        if (std::holds_alternative<wire::ChallengeRequest>(*request))
            return done(encodeCbor(wire::Answer(wire::Challenge{nonce})));
        if (const auto* open = std::get_if<wire::OpenSession>(&*request)) return done(encodeCbor(onSession(*open)));
        const auto* bare = std::get_if<wire::SubmitUnsigned>(&*request);
        if (bare && !honours) {
            ++turnedAway[bare->counter];
            return done(encodeCbor(wire::Answer(wire::Problem{wire::FrameProblem::SessionNeeded, {}})));
        }
        const auto command = bare ? wire::openUnsigned(device, {bare->counter, bare->type, bare->body})
                                  : wire::openCommand(std::get<wire::Submit>(*request).envelope);
        if (!command) {
            forms += '!';
            return done(Err(ports::LinkError::TooLarge));
        }
        counters.push_back(command->counter);
        hashes.push_back(command->hash);
        forms += bare ? 'u' : 's';
        recordsThen.push_back(disk->records.size());
        if (failures > 0) {
            --failures;
            return done(Err(failure));
        }
        const auto refused = command->counter <= usedByAnother ? engine::Refused::IdReused : refusal;
        const wire::Answer answer = wire::Submitted{counters.size(), {refused, command->counter, "why"}};
        done(encodeCbor(answer));
    }
    std::unique_ptr<ports::Subscription> subscribe(Stream, std::uint64_t,
                                                   std::function<void(const wire::StreamItem&)>) override {
        return nullptr;
    }
    wire::Answer onSession(const wire::OpenSession& open) {
        ++sessionsAsked;
        const bool proven = crypto::verify(device, wire::kSessionLabel, wire::SessionNote{key, nonce}, open.signature);
        if (grants && proven) return wire::Accepted{};
        return wire::Problem{wire::FrameProblem::SignatureInvalid, {}};
    }
    std::mutex mutex;
    std::shared_ptr<MemoryRecords> disk;
    IdentityKey device;
    IdentityKey key = keys::Identity::fromSeed(SecretBytes::copyOf(Bytes(64, 7))).key();
    Hash nonce = crypto::labelledHash("test-nonce", crypto::cborList(std::uint64_t{1}));
    bool grants = true;
    bool honours = true; ///< what it has granted
    int sessionsAsked = 0;
    std::vector<std::uint64_t> counters;
    std::vector<Hash> hashes;
    std::string forms;                       ///< 's' for a signed command, 'u' for another, '!' for what cannot be read
    std::map<std::uint64_t, int> turnedAway; ///< by counter: without a signature
    std::vector<std::size_t> recordsThen;    ///< how many records were durable at each request
    int failures = 0;
    ports::LinkError failure = ports::LinkError::Busy;
    engine::Refused refusal = engine::Refused::No;
    std::uint64_t usedByAnother = 0; ///< another folder of the same phrase has used the numbers up to this
};

/// An outbox on its worker; ends like a killed process, without a flush.
struct Run {
    explicit Run(std::shared_ptr<MemoryRecords> disk, std::uint64_t lastCounter = 0)
        : coordinator(std::make_shared<FakeCoordinator>()) {
        coordinator->disk = disk;
        coordinator->device = identity.key();
        on([this, disk] {
            auto opened = Diary::open(std::make_unique<MemoryJournal>(disk));
            if (!opened) qFatal("%s", opened.error().detail.c_str());
            diary = std::move(*opened);
            server = std::make_unique<Server>(coordinator, loop.poster());
            session = std::make_unique<LinkSession>(identity, *server, loop.poster());
            outbox = std::make_unique<Outbox>(identity, *diary, *server, *session, loop.poster());
        });
        begin = [this, lastCounter] {
            on([this, lastCounter] {
                session->setCoordinator(coordinator->key);
                outbox->begin(lastCounter);
            });
        };
    }
    ~Run() {
        loop.stop([this] {
            outbox.reset();
            session.reset();
            diary.reset();
        });
    }
    void on(const std::function<void()>& task) {
        std::atomic<bool> done{false};
        loop.poster().post([&] {
            task();
            done = true;
        });
        while (!done) QTest::qSleep(1);
    }
    void submit(const std::string& name) { submit(engine::RegisterHolder{name, false, {}}); }
    void submit(const engine::CommandBody& body) {
        on([&] {
            outbox->submit(body, [this](Result<wire::Submitted, api::Refusal> r) {
                replies.push_back(std::move(r));
                ++answered;
            });
        });
    }
    bool opensSession() {
        bool isOpen = false;
        for (int i = 0; i < 5000 && !isOpen; ++i) {
            on([&] { isOpen = session->isOpen(); });
            QTest::qSleep(1);
        }
        return isOpen;
    }
    std::string forms() const {
        const std::lock_guard lock(coordinator->mutex);
        return coordinator->forms;
    }
    bool waitFor(int count) {
        for (int i = 0; i < 5000 && answered < count; ++i) QTest::qSleep(1);
        return answered == count;
    }

    keys::Identity identity = keys::Identity::fromSeed(SecretBytes(64));
    std::shared_ptr<FakeCoordinator> coordinator;
    std::unique_ptr<Diary> diary;
    std::unique_ptr<Server> server;
    std::unique_ptr<LinkSession> session;
    std::unique_ptr<Outbox> outbox;
    std::function<void()> begin;
    std::vector<Result<wire::Submitted, api::Refusal>> replies;
    std::atomic<int> answered{0};
    Loop loop;
};

engine::PlaceOrder orderNumber(std::uint64_t clientId) {
    engine::PlaceOrder order;
    order.instrument = {1};
    order.price = {money::Int128{100} * 100'000'000, money::kUsd};
    order.quantity = {10'000, money::kBtc};
    order.clientId = clientId;
    return order;
}
/// Everything that may stand in one.
engine::PlaceOrder wholeOrder() {
    engine::PlaceOrder order = orderNumber(77);
    order.side = 1;
    order.type = market::OrderType::StopLimit;
    order.stopPrice = order.price;
    order.selfTrade = market::SelfTrade::CancelBoth;
    return order;
}
} // namespace

class TestOutbox : public QObject {
    Q_OBJECT

private slots:
    void waitsForTheBeginning();
    void isDurableBeforeItIsSent();
    void isSentAgainUntilAnswered();
    void isSentAgainByTheNextRun();
    void goesOnBehindAnotherDevice();
    void aNumberThatAnotherFolderUsedIsLeftToIt();
    void aNumberThatWasLeftIsNotTakenUpAgain();
    void aFullDiskLosesNoCommandOfAnEarlierRun();
    void refusalIsAnAnswer();
    void fullDiskSendsNothing();
    void onASessionOnlyOrdersGoUnsigned();
    void withoutASessionOrdersAreSigned_data();
    void withoutASessionOrdersAreSigned();
    void aSessionThatIsNotHonouredLoopsNowhere();
    void aRepetitionIsTheSameInBothForms();
    void theNextRunRepeatsWhatWentUnsigned();
    void whoeverChoosesItSignsEachInEveryRun();
    void everyRefusalHasItsWord();
};

void TestOutbox::waitsForTheBeginning() {
    Run run(std::make_shared<MemoryRecords>());
    run.submit("early");
    QVERIFY(run.coordinator->counters.empty());
    run.begin();
    QVERIFY(run.waitFor(1));
    QCOMPARE(run.coordinator->counters, (std::vector<std::uint64_t>{1}));
}

void TestOutbox::isDurableBeforeItIsSent() {
    Run run(std::make_shared<MemoryRecords>());
    run.begin();
    for (int i = 1; i <= 3; ++i) {
        run.submit("one");
        QVERIFY(run.waitFor(i));
    }
    QCOMPARE(run.coordinator->counters, (std::vector<std::uint64_t>{1, 2, 3}));
    QVERIFY(run.coordinator->recordsThen[0] >= 1);
    QVERIFY(run.coordinator->recordsThen[2] > run.coordinator->recordsThen[1]);
}

void TestOutbox::isSentAgainUntilAnswered() {
    Run run(std::make_shared<MemoryRecords>());
    run.coordinator->failures = 3;
    run.begin();
    run.submit("one");
    run.submit("two");
    QVERIFY(run.waitFor(2));
    // The second waits for the first: the order stays.
    QCOMPARE(run.coordinator->counters, (std::vector<std::uint64_t>{1, 1, 1, 1, 2}));
    QVERIFY(run.replies[0].ok() && run.replies[1].ok());
}

void TestOutbox::isSentAgainByTheNextRun() {
    const auto disk = std::make_shared<MemoryRecords>();
    {
        Run run(disk);
        run.coordinator->failures = 1'000'000;
        run.coordinator->failure = ports::LinkError::Closed;
        run.begin();
        run.submit("one");
        run.submit("two");
    }
    Run run(disk);
    QCOMPARE(run.diary->unanswered().size(), std::size_t{2});
    run.begin();
    run.submit("three");
    QVERIFY(run.waitFor(1));
    QCOMPARE(run.coordinator->counters, (std::vector<std::uint64_t>{1, 2, 3}));
    QVERIFY(run.diary->unanswered().empty());
}

void TestOutbox::goesOnBehindAnotherDevice() {
    Run run(std::make_shared<MemoryRecords>(), 41);
    run.begin();
    run.submit("one");
    QVERIFY(run.waitFor(1));
    QCOMPARE(run.coordinator->counters, (std::vector<std::uint64_t>{42}));
}

void TestOutbox::aNumberThatAnotherFolderUsedIsLeftToIt() {
    Run run(std::make_shared<MemoryRecords>());
    run.begin();
    run.coordinator->usedByAnother = 7; // since Hello
    run.submit("one");
    QVERIFY(run.waitFor(1));
    run.submit("two");
    QVERIFY(run.waitFor(2));
    QCOMPARE(run.coordinator->counters, (std::vector<std::uint64_t>{1, 8, 9}));
    for (const auto& reply : run.replies) QVERIFY(reply.ok() && reply->reply.refused == engine::Refused::No);
    QVERIFY(run.diary->unanswered().empty());
}

/// Killed at once behind the new number: the old one is not left to be numbered anew, which would be done twice.
void TestOutbox::aNumberThatWasLeftIsNotTakenUpAgain() {
    const auto killed = std::make_shared<MemoryRecords>();
    {
        const auto disk = std::make_shared<MemoryRecords>();
        Run run(disk);
        run.begin();
        run.coordinator->usedByAnother = 7; // since Hello
        run.submit("one");
        QVERIFY(run.waitFor(1));
        run.on([&] { killed->records = disk->records; });
    }
    Run run(killed, 8);
    run.on([&] {
        QCOMPARE(run.diary->unanswered().size(), std::size_t(1));
        QVERIFY(run.diary->unanswered().contains(8));
    });
    run.coordinator->usedByAnother = 7;
    run.begin();
    run.submit("two");
    QVERIFY(run.waitFor(1));
    QCOMPARE(run.coordinator->counters, (std::vector<std::uint64_t>{8, 9}));
}

/// Nobody waits for it any more, and it cannot be numbered anew: it is left as it was.
void TestOutbox::aFullDiskLosesNoCommandOfAnEarlierRun() {
    const auto disk = std::make_shared<MemoryRecords>();
    {
        Run run(disk);
        run.coordinator->failures = 1'000'000;
        run.begin();
        run.submit("one");
    }
    QCOMPARE(disk->records.size(), std::size_t(1));
    {
        Run run(disk, 7);
        run.coordinator->usedByAnother = 7;
        disk->full = true;
        run.begin();
        QTRY_COMPARE(run.coordinator->counters, (std::vector<std::uint64_t>{1}));
        run.submit("two"); // behind it, so that it has been dealt with
        QVERIFY(run.waitFor(1));
        QCOMPARE(run.replies[0].error().problem, Problem::DiskFull);
        run.on([&] { QVERIFY(run.diary->unanswered().contains(1)); });
        disk->full = false;
    }
    Run run(disk, 7);
    run.coordinator->usedByAnother = 7;
    run.begin();
    run.submit("three");
    QVERIFY(run.waitFor(1));
    QVERIFY(run.diary->unanswered().empty());
    QCOMPARE(run.coordinator->counters.back(), std::uint64_t(9));
}

void TestOutbox::refusalIsAnAnswer() {
    Run run(std::make_shared<MemoryRecords>());
    run.coordinator->refusal = engine::Refused::NameInvalid;
    run.begin();
    run.submit("");
    QVERIFY(run.waitFor(1));
    QVERIFY(run.replies[0].ok());
    QCOMPARE(refusalOf(run.replies[0]->reply).problem, Problem::NameInvalid);
    QVERIFY(run.diary->unanswered().empty());
}

void TestOutbox::fullDiskSendsNothing() {
    const auto disk = std::make_shared<MemoryRecords>();
    Run run(disk);
    run.begin();
    disk->full = true;
    run.submit("one");
    QVERIFY(run.waitFor(1));
    QCOMPARE(run.replies[0].error().problem, Problem::DiskFull);
    QVERIFY(run.coordinator->counters.empty());
    disk->full = false;
    run.submit("one");
    QVERIFY(run.waitFor(2));
    QCOMPARE(run.coordinator->counters, (std::vector<std::uint64_t>{1}));
}

void TestOutbox::onASessionOnlyOrdersGoUnsigned() {
    Run run(std::make_shared<MemoryRecords>());
    run.begin();
    QVERIFY(run.opensSession());
    const std::vector<std::pair<engine::CommandBody, char>> bodies = {
        {wholeOrder(), 'u'},
        {engine::RequestWithdrawal{}, 's'},
        {engine::ReplaceOrder{{1}, money::Amount{5, money::kUsd}, {}, {}}, 'u'},
        {engine::MakeOffer{}, 's'},
        {engine::CancelOrder{{1}}, 'u'},
        {engine::SetDeadMan{1000, false}, 's'},
        {engine::CancelAllOrders{InstrumentId{1}}, 'u'},
        {engine::CancelAllOrders{}, 'u'},
    };
    std::string expected;
    for (const auto& [body, form] : bodies) {
        run.submit(body);
        expected += form;
    }
    QVERIFY(run.waitFor(static_cast<int>(bodies.size())));
    QCOMPARE(run.forms(), expected);
    QCOMPARE(run.coordinator->counters, (std::vector<std::uint64_t>{1, 2, 3, 4, 5, 6, 7, 8}));
    QCOMPARE(run.coordinator->sessionsAsked, 1);
    // Without its signature a command is the one that was signed.
    for (std::size_t i = 0; i < bodies.size(); ++i) {
        const auto envelope = wire::sealCommand(run.identity, i + 1, bodies[i].first);
        QVERIFY(run.coordinator->hashes[i] == wire::readCommand(envelope)->hash);
    }
}

void TestOutbox::withoutASessionOrdersAreSigned_data() {
    QTest::addColumn<bool>("isRefused");
    QTest::newRow("it is refused") << true;
    QTest::newRow("it is not open yet") << false;
}
void TestOutbox::withoutASessionOrdersAreSigned() {
    QFETCH(bool, isRefused);
    Run run(std::make_shared<MemoryRecords>());
    run.coordinator->grants = !isRefused;
    constexpr int kOrders = 5;
    if (!isRefused) run.submit(orderNumber(1)); // goes with the beginning, before any answer
    run.begin();
    if (!isRefused) {
        QVERIFY(run.waitFor(1));
        QCOMPARE(run.forms(), std::string("s"));
        QVERIFY(run.opensSession());
        run.submit(orderNumber(2));
        QVERIFY(run.waitFor(2));
        QCOMPARE(run.forms(), std::string("su"));
        return;
    }
    for (int i = 1; i <= kOrders; ++i) {
        run.submit(orderNumber(static_cast<std::uint64_t>(i)));
        QVERIFY(run.waitFor(i));
    }
    QCOMPARE(run.forms(), std::string(kOrders, 's'));
    QVERIFY(run.coordinator->sessionsAsked <= 1 + kOrders);
    run.coordinator->grants = true; // and when it is granted, it is used
    int sent = kOrders;
    while (run.forms().back() == 's' && sent < 1000) {
        run.submit(orderNumber(static_cast<std::uint64_t>(++sent)));
        QVERIFY(run.waitFor(sent));
        QTest::qSleep(5);
    }
    QCOMPARE(run.forms(), std::string(static_cast<std::size_t>(sent - 1), 's') + 'u');
}

/// Granted, and then no order is taken on it: each is sent so once at most, and then signed.
void TestOutbox::aSessionThatIsNotHonouredLoopsNowhere() {
    Run run(std::make_shared<MemoryRecords>());
    run.coordinator->honours = false;
    run.begin();
    QVERIFY(run.opensSession());
    constexpr int kOrders = 20;
    constexpr int kBusy = 3; // by then another session is granted
    run.coordinator->failures = kBusy;
    for (int i = 1; i <= kOrders; ++i) {
        run.submit(orderNumber(static_cast<std::uint64_t>(i)));
        QVERIFY(run.waitFor(i));
        QVERIFY(run.replies.back().ok());
    }
    QCOMPARE(run.forms(), std::string(kBusy + kOrders, 's'));
    QVERIFY(run.coordinator->sessionsAsked > 1 && run.coordinator->sessionsAsked <= 1 + kOrders);
    for (const auto& [counter, times] : run.coordinator->turnedAway) QCOMPARE(times, 1);
    QVERIFY(run.diary->unanswered().empty());
}

void TestOutbox::aRepetitionIsTheSameInBothForms() {
    Run run(std::make_shared<MemoryRecords>());
    run.begin();
    QVERIFY(run.opensSession());
    run.coordinator->grants = false; // no second session
    run.coordinator->failures = 1;   // it came, and its answer did not
    run.coordinator->failure = ports::LinkError::Closed;
    run.submit(wholeOrder());
    run.submit(orderNumber(2));
    QVERIFY(run.waitFor(2));
    QCOMPARE(run.forms(), std::string("uss"));
    QCOMPARE(run.coordinator->counters, (std::vector<std::uint64_t>{1, 1, 2}));
    QVERIFY(run.coordinator->hashes[0] == run.coordinator->hashes[1]);
    QVERIFY(run.coordinator->hashes[1] != run.coordinator->hashes[2]);
}

void TestOutbox::theNextRunRepeatsWhatWentUnsigned() {
    const auto disk = std::make_shared<MemoryRecords>();
    std::vector<Hash> hashes;
    {
        Run run(disk);
        run.begin();
        QVERIFY(run.opensSession());
        run.coordinator->failures = 1'000'000;
        run.submit(wholeOrder());
        run.submit(orderNumber(2));
        for (int i = 0; i < 5000 && run.forms().empty(); ++i) QTest::qSleep(1);
        QCOMPARE(run.forms()[0], 'u');
        const std::lock_guard lock(run.coordinator->mutex);
        hashes = run.coordinator->hashes;
    }
    Run run(disk);
    run.begin();
    run.submit("three");
    QVERIFY(run.waitFor(1));
    QCOMPARE(run.coordinator->counters, (std::vector<std::uint64_t>{1, 2, 3}));
    QVERIFY(run.coordinator->hashes[0] == hashes[0]);
    QVERIFY(run.diary->unanswered().empty());
}

void TestOutbox::whoeverChoosesItSignsEachInEveryRun() {
    const auto disk = std::make_shared<MemoryRecords>();
    for (int round = 0; round < 2; ++round) {
        Run run(disk);
        if (round == 0) run.on([&] { QVERIFY(run.diary->put(SigningChosen{true})); });
        run.begin();
        for (int i = 1; i <= 3; ++i) {
            run.submit(orderNumber(static_cast<std::uint64_t>(i)));
            QVERIFY(run.waitFor(i));
        }
        QVERIFY(run.forms().find('u') == std::string::npos);
        QCOMPARE(run.coordinator->sessionsAsked, 0);
        if (round == 0) continue;
        run.on([&] { QVERIFY(run.diary->put(SigningChosen{false})); });
        run.submit(orderNumber(4));
        QVERIFY(run.waitFor(4));
        QVERIFY(run.opensSession());
        run.submit(orderNumber(5));
        QVERIFY(run.waitFor(5));
        QCOMPARE(run.forms().back(), 'u');
    }
}

void TestOutbox::everyRefusalHasItsWord() {
    for (int i = 1; i < static_cast<int>(engine::Refused::kCount); ++i)
        QVERIFY2(problemOf(static_cast<engine::Refused>(i)) != Problem::Internal,
                 nameOf(static_cast<engine::Refused>(i)));
    for (int i = 0; i < static_cast<int>(wire::FrameProblem::Internal); ++i)
        QVERIFY2(problemOf(static_cast<wire::FrameProblem>(i)) != Problem::Internal,
                 wire::nameOf(static_cast<wire::FrameProblem>(i)));
    QCOMPARE(problemOf(asset::SealError::Cancelled), Problem::Cancelled);
    QCOMPARE(problemOf(asset::SealError::Truncated), Problem::SealedFileTruncated);
    QCOMPARE(problemOf(asset::SealError::RecipientMismatch), Problem::WrongKey);
    QCOMPARE(problemOf(asset::ManifestError::WrongSignature), Problem::SignatureInvalid);
    QCOMPARE(problemOf(ports::StoreError::DiskFull), Problem::DiskFull);
}

QTEST_GUILESS_MAIN(TestOutbox)
#include "tst_outbox.moc"
