// A sale whose sealed file is not in the store: the outbox looks for it, seldom, and sees it when it comes.
#include "tests/core/host/HostStory.h"
#include "tests/support/MemoryFileStore.h"

using namespace tallylock;
using namespace tallylock::test;

namespace {

/// Counts how often it is asked.
class CountingFiles final : public ports::FileStore {
public:
    std::atomic<int> looks{0};
    MemoryFileStore files;
    Result<std::uint64_t, ports::StoreFailure> sizeOf(const Hash& root) override {
        ++looks;
        return files.sizeOf(root);
    }
    Result<std::unique_ptr<Upload>, ports::StoreFailure> upload(const Hash& root) override {
        return files.upload(root);
    }
    Result<std::size_t, ports::StoreFailure> read(const Hash& root, std::uint64_t offset,
                                                  std::span<std::uint8_t> into) override {
        return files.read(root, offset, into);
    }
};

} // namespace

class TestMissingFile : public QObject {
    Q_OBJECT

    static void toFunded(Story& story) {
        story.list();
        story.offer();
        story.accept();
        story.wrap();
        story.fund();
    }

private slots:
    void isLookedForMoreAndMoreSeldom() {
        CountingFiles files;
        HostScene scene;
        scene.files = &files;
        scene.seldomMs = 60'000;
        Story story(scene);
        toFunded(story);
        QTest::qWait(1'500);
        // After 5, 10, 20 ms and so on; every 50 ms it would be thirty times.
        QVERIFY2(files.looks >= 2 && files.looks <= 12, qPrintable(QString::number(files.looks)));
    }

    void nobodyReadsAFileThatIsNotSoundAllTheTime() {
        CountingFiles files;
        HostScene scene;
        scene.files = &files;
        scene.seldomMs = 60'000;
        files.files.put(hashNamed("sealed"), Bytes(1200, 7)); // of the right size
        Story story(scene);
        toFunded(story);
        QTest::qWait(1'500);
        // Each look that finds the size is followed by a reading, which asks for it, too.
        QVERIFY2(files.looks >= 2 && files.looks <= 24, qPrintable(QString::number(files.looks)));
        QVERIFY(story.sale()->state == engine::SaleState::Funded);
    }

    void isStillLookedFor() {
        CountingFiles files;
        HostScene scene;
        scene.files = &files; // at its pace of 50 ms at the most
        Story story(scene);
        toFunded(story);
        const int before = files.looks;
        QVERIFY(eventually([&] { return files.looks > before + 5; }));
        files.files.cannotTell = true;
        const int away = files.looks;
        QVERIFY(eventually([&] { return files.looks > away + 5; }));
        QVERIFY(story.sale()->state == engine::SaleState::Funded);
    }
};

QTEST_GUILESS_MAIN(TestMissingFile)
#include "tst_missing_file.moc"
