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
        const auto command = wire::openCommand(std::get<wire::Submit>(*request).envelope);
        if (!command) return done(Err(ports::LinkError::TooLarge));
        counters.push_back(command->counter);
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
    std::mutex mutex;
    std::shared_ptr<MemoryRecords> disk;
    std::vector<std::uint64_t> counters;
    std::vector<std::size_t> recordsThen; ///< how many records were durable at each request
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
        on([this, disk] {
            auto opened = Diary::open(std::make_unique<MemoryJournal>(disk));
            if (!opened) qFatal("%s", opened.error().detail.c_str());
            diary = std::move(*opened);
            server = std::make_unique<Server>(coordinator, loop.poster());
            outbox = std::make_unique<Outbox>(identity, *diary, *server, loop.poster());
        });
        begin = [this, lastCounter] { on([this, lastCounter] { outbox->begin(lastCounter); }); };
    }
    ~Run() {
        loop.stop([this] {
            outbox.reset();
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
    void submit(const std::string& name) {
        on([&] {
            outbox->submit(engine::RegisterHolder{name, false, {}}, [this](Result<wire::Submitted, api::Refusal> r) {
                replies.push_back(std::move(r));
                ++answered;
            });
        });
    }
    bool waitFor(int count) {
        for (int i = 0; i < 5000 && answered < count; ++i) QTest::qSleep(1);
        return answered == count;
    }

    keys::Identity identity = keys::Identity::fromSeed(SecretBytes(64));
    std::shared_ptr<FakeCoordinator> coordinator;
    std::unique_ptr<Diary> diary;
    std::unique_ptr<Server> server;
    std::unique_ptr<Outbox> outbox;
    std::function<void()> begin;
    std::vector<Result<wire::Submitted, api::Refusal>> replies;
    std::atomic<int> answered{0};
    Loop loop;
};
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
    void refusalIsAnAnswer();
    void fullDiskSendsNothing();
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
