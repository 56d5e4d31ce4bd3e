// A file that is to be sold, as it is looked at first: what is wrong with it, and previews that show no more than was
// approved.
#include "tests/ui/views/Looking.h"
#include "ui/kit/PreviewPicture.h"
#include "ui/sell/FileLook.h"

#include <QRandomGenerator>
#include <QTemporaryDir>

using namespace tallylock;
using namespace tallylock::ui;

Q_DECLARE_METATYPE(tallylock::ui::FileTrouble)

namespace {

api::FileLook redLook() {
    api::FileLook look;
    look.mediaType = "image/png";
    look.picture.width = 200;
    look.picture.height = 100;
    for (int i = 0; i < 200 * 100; ++i) append(look.picture.rgba, Bytes{255, 0, 0, 255});
    look.markForm = api::MarkForm::Xmp;
    return look;
}

} // namespace

class TestFileLook : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() {
        QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
        applyTheme(*qApp, Brightness::Light);
        QVERIFY(m_folder.isValid());
    }

    void fileTroubles_data();
    void fileTroubles();
    void textPreviewIsWhatWasApproved();
    void picturePreviewIsSmallAndBare();
    void pixelsThatLieAreNoPicture();

private:
    QString file(const QString& name, const QByteArray& bytes) const { return writeFile(m_folder, name, bytes); }

    QTemporaryDir m_folder;
};

void TestFileLook::fileTroubles_data() {
    QTest::addColumn<QString>("path");
    QTest::addColumn<FileTrouble>("trouble");
    QTest::newRow("missing") << m_folder.filePath(QStringLiteral("nothing.txt")) << FileTrouble::Missing;
    QTest::newRow("folder") << m_folder.path() << FileTrouble::NotAFile;
    QTest::newRow("empty") << file(QStringLiteral("empty.txt"), {}) << FileTrouble::Empty;
    QTest::newRow("cannot be read") << QStringLiteral("/proc/self/mem") << FileTrouble::Unreadable; // also as root
    QTest::newRow("good") << file(QStringLiteral("good.txt"), "x") << FileTrouble::None;
}

void TestFileLook::fileTroubles() {
    QFETCH(QString, path);
    QFETCH(FileTrouble, trouble);
    QCOMPARE(lookAt(path).trouble, trouble);
}

void TestFileLook::textPreviewIsWhatWasApproved() {
    const FileLook look = lookAt(file(QStringLiteral("notes.txt"), "one\r\ntwo\nthree\nfour\n"));
    QCOMPARE(look.lines, words({"one", "two", "three", "four"}));
    QVERIFY(look.picture.isNull());
    QCOMPARE(textOf(previewOf(look.lines, 2).bytes), std::string("one\ntwo"));
    QVERIFY(previewOf(look.lines, 0).mediaType.empty());
    QVERIFY(previewOf(QStringList(), 5).bytes.empty());
    const FileLook binary = lookAt(file(QStringLiteral("data.bin"), QByteArray("ab\0cd", 5)));
    QVERIFY(binary.lines.isEmpty());
    const FileLook latin = lookAt(file(QStringLiteral("latin.txt"), QByteArray("caf\xe9 au lait")));
    QVERIFY(latin.lines.isEmpty());
    const FileLook longLine = lookAt(file(QStringLiteral("long.txt"), QByteArray(100000, 'a')));
    QCOMPARE(longLine.lines.size(), 1);
    QCOMPARE(longLine.lines.front().size(), kPreviewColumns);
}

void TestFileLook::picturePreviewIsSmallAndBare() {
    QImage noise(1400, 900, QImage::Format_RGB32);
    QRandomGenerator random(7);
    for (int y = 0; y < noise.height(); ++y)
        for (int x = 0; x < noise.width(); ++x) noise.setPixel(x, y, random.generate() | 0xff000000u);
    noise.setText(QStringLiteral("Comment"), QStringLiteral("taken at home"));
    const api::Preview preview = previewOf(noise);
    QVERIFY(!preview.bytes.empty());
    QVERIFY(preview.bytes.size() <= kPreviewBytes);
    QVERIFY(!previewImage(preview).isNull()); // what is published can be shown
    QVERIFY(
        !QByteArray(reinterpret_cast<const char*>(preview.bytes.data()), static_cast<qsizetype>(preview.bytes.size()))
             .contains("home"));
    QVERIFY(previewOf(QImage()).mediaType.empty());
}

void TestFileLook::pixelsThatLieAreNoPicture() {
    api::Pixels pixels = redLook().picture;
    QCOMPARE(imageOf(pixels).size(), QSize(200, 100));
    pixels.height = 101;
    QVERIFY(imageOf(pixels).isNull());
    pixels = {513, 1, Bytes(513 * 4)};
    QVERIFY(imageOf(pixels).isNull());
    QVERIFY(imageOf({}).isNull());
}

QTEST_MAIN(TestFileLook)
#include "tst_file_look.moc"
