// The helper as the programs use it: a process for each job, on files that the test makes, sound and hostile ones.
#include "app/embedded/MediaHelper.h"
#include "core/asset/Mark.h"

#include <QBuffer>
#include <QImage>
#include <QPainter>
#include <QPdfWriter>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>
#include <QtEndian>
#include <csignal>

using namespace tallylock;
using asset::MarkForm;
using ports::MediaError;

namespace {

QImage pattern(int width, int height) {
    QImage image(width, height, QImage::Format_RGB32);
    for (int y = 0; y < height; ++y)
        for (int x = 0; x < width; ++x) image.setPixel(x, y, qRgb(x * 255 / width, y * 255 / height, (x ^ y) & 255));
    return image;
}
QByteArray coded(const QImage& image, const char* format) {
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    image.save(&buffer, format, 90);
    return bytes;
}
QByteArray big(quint32 value) {
    QByteArray bytes(4, 0);
    qToBigEndian(value, bytes.data());
    return bytes;
}
QByteArray little(quint32 value, int size = 4) {
    QByteArray bytes(4, 0);
    qToLittleEndian(value, bytes.data());
    return bytes.left(size);
}
QByteArray pngChunk(const QByteArray& type, const QByteArray& data) {
    const QByteArray body = type + data;
    quint32 crc = ~0u; // ISO 3309, as PNG has it
    for (const char byte : body) {
        crc ^= static_cast<quint8>(byte);
        for (int bit = 0; bit < 8; ++bit) crc = crc >> 1 ^ ((crc & 1) != 0 ? 0xedb88320u : 0);
    }
    return big(static_cast<quint32>(data.size())) + body + big(~crc);
}
/// A PNG that says it has these sides, with `data` as its compressed lines.
QByteArray png(quint32 width, quint32 height, const QByteArray& data) {
    return QByteArray("\x89PNG\r\n\x1a\n", 8) +
           pngChunk("IHDR", big(width) + big(height) + QByteArray("\x08\x06\x00\x00\x00", 5)) + pngChunk("IDAT", data) +
           pngChunk("IEND", {});
}
QByteArray zeros(qsizetype size) { return qCompress(QByteArray(size, 0), 9).mid(4); }

QByteArray tiff() {
    const int width = 8;
    QByteArray file = QByteArray("II*\0", 4) + little(8) + little(9, 2);
    const auto entry = [&](quint32 tag, quint32 type, quint32 value) {
        file += little(tag, 2) + little(type, 2) + little(1) + little(value);
    };
    entry(256, 4, width);
    entry(257, 4, width);
    entry(258, 3, 8);
    entry(259, 3, 1);
    entry(262, 3, 1);
    entry(273, 4, 8 + 2 + 9 * 12 + 4);
    entry(277, 3, 1);
    entry(278, 4, width);
    entry(279, 4, width * width);
    file += little(0);
    for (int i = 0; i < width * width; ++i) file += static_cast<char>(i * 3);
    return file;
}
QByteArray webp() { // one pixel, lossless
    return QByteArray::fromHex("524946461a000000574542505650384c0d0000002f00000010071011118888fe0700");
}
QByteArray pdf() {
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    QPdfWriter writer(&buffer);
    writer.setPageSize(QPageSize(QPageSize::A4));
    writer.setTitle(QStringLiteral("Two pages"));
    QPainter painter(&writer);
    painter.fillRect(QRect(0, 0, 4000, 4000), Qt::red);
    painter.drawText(100, 6000, QStringLiteral("Page one"));
    writer.newPage();
    painter.drawText(100, 6000, QStringLiteral("Page two"));
    painter.end();
    return bytes;
}
/// A document out of its objects' bodies, with a table that fits.
QByteArray pdfOf(const QList<QByteArray>& objects, const QByteArray& trailer = {}) {
    QByteArray file = "%PDF-1.4\n";
    QByteArray table = "xref\n0 " + QByteArray::number(objects.size() + 1) + "\n0000000000 65535 f \n";
    for (qsizetype i = 0; i < objects.size(); ++i) {
        table += QByteArray::number(file.size()).rightJustified(10, '0') + " 00000 n \n";
        file += QByteArray::number(i + 1) + " 0 obj\n" + objects[i] + "\nendobj\n";
    }
    const QByteArray start = QByteArray::number(file.size());
    return file + table + "trailer\n<< /Root 1 0 R /Size " + QByteArray::number(objects.size() + 1) + trailer +
           " >>\nstartxref\n" + start + "\n%%EOF\n";
}
QByteArray pdfWithBox(const QByteArray& box) {
    return pdfOf({"<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
                  "<< /Type /Page /Parent 2 0 R /MediaBox " + box + " >>"});
}

QByteArray id3Frame(const char* name, const QByteArray& body) {
    return QByteArray(name) + big(static_cast<quint32>(body.size())) + QByteArray(2, 0) + body;
}
/// A second of silence with a title, an artist and a cover.
QByteArray mp3(bool withOldTag) {
    const QByteArray cover = coded(pattern(64, 48), "PNG");
    const QByteArray tag = id3Frame("TIT2", QByteArray(1, 0) + "Quiet") +
                           id3Frame("TPE1", QByteArray(1, 0) + "Nobody") +
                           id3Frame("APIC", QByteArray(1, 0) + "image/png" + QByteArray("\0\x03\0", 3) + cover);
    QByteArray file("ID3\x03\0\0", 6);
    for (int shift = 21; shift >= 0; shift -= 7) file += static_cast<char>(tag.size() >> shift & 0x7f);
    file += tag;
    for (int i = 0; i < 40; ++i) file += QByteArray("\xff\xfb\x90\x00", 4) + QByteArray(413, 0);
    if (withOldTag) file += "TAG" + QByteArray("Quiet").leftJustified(125, '\0');
    return file;
}
QByteArray zip(const QList<QByteArray>& names) {
    QByteArray file;
    QByteArray list;
    for (const QByteArray& name : names) {
        const QByteArray common = QByteArray("\x0a\0\0\0\0\0\0\0\x21\0", 10) + little(0) + little(0) + little(0) +
                                  little(static_cast<quint32>(name.size()), 2) + little(0, 2);
        list += "PK\x01\x02" + QByteArray("\x0a\0", 2) + common + QByteArray(10, 0) +
                little(static_cast<quint32>(file.size())) + name;
        file += "PK\x03\x04" + common + name;
    }
    const auto count = static_cast<quint32>(names.size());
    return file + list + "PK\x05\x06" + QByteArray(4, 0) + little(count, 2) + little(count, 2) +
           little(static_cast<quint32>(list.size())) + little(static_cast<quint32>(file.size())) + little(0, 2);
}
QByteArray box(const QByteArray& type, const QByteArray& body) {
    return big(static_cast<quint32>(body.size()) + 8) + type + body;
}
QByteArray boxes() {
    return box("ftyp", "isom" + big(0) + "isom") + box("free", QByteArray(50, 0)) + box("mdat", "data");
}

Bytes sampleMark(std::int64_t timeMs = 2000) {
    const auto key = crypto::SigningKey::fromSeed(Bytes(32, 1));
    Hash id;
    id.bytes.fill(7);
    return encodeCbor(*asset::makeMark(key, {custody::beginCustody(key, id, 1000)}, timeMs));
}

const char* nameOfForm(MarkForm form) {
    switch (form) {
    case MarkForm::Xmp: return "xmp";
    case MarkForm::Trailer: return "trailer";
    case MarkForm::Sidecar: return "sidecar";
    default: return "none";
    }
}

} // namespace

class TestMediaHelper : public QObject {
    Q_OBJECT
    QTemporaryDir m_folder;
    app::MediaHelper m_helper{TALLYLOCK_BIN_DIR "/tallylock-media"};

    std::string write(const QString& name, const QByteArray& bytes) {
        QFile file(m_folder.filePath(name));
        if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size()) qFatal("cannot write");
        return file.fileName().toStdString();
    }
    QByteArray read(const std::string& path) {
        QFile file(QString::fromStdString(path));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    std::string fresh() {
        const QString path = m_folder.filePath(QStringLiteral("out"));
        QFile::remove(path);
        return path.toStdString();
    }
    /// Runs a stock program; its output, and what it said on failure.
    QByteArray stock(const QString& program, const QStringList& arguments, int* code = nullptr) {
        QProcess process;
        process.start(program, arguments);
        if (!process.waitForFinished()) return "did not run: " + program.toUtf8();
        if (code) *code = process.exitCode();
        return process.readAllStandardOutput();
    }

private slots:
    void initTestCase() { QVERIFY(m_folder.isValid()); }

    // --- hostile files: each costs a message ------------------------------------------------------------------------

    void hostile_data() {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("trouble"); // why there is no picture; empty: nothing was expected
        const auto row = [](const char* name, const QByteArray& bytes, MediaError trouble) {
            QTest::newRow(name) << bytes << QString::fromLatin1(ports::nameOf(trouble));
        };
        row("PNG with sides beyond all", png(0x7fffffff, 0x7fffffff, zeros(1000)), MediaError::Damaged);
        row("PNG bomb", png(60000, 60000, zeros(10'000'000)), MediaError::TooLarge);
        row("PNG of 90 megapixels in a few bytes", png(30000, 3000, zeros(1000)), MediaError::Damaged);
        row("truncated JPEG", coded(pattern(200, 200), "JPEG").left(40), MediaError::Damaged);
        row("JPEG of noise", "\xff\xd8\xff\xe0" + QByteArray(5000, '\x5a'), MediaError::Damaged);
        row("PDF of noise", "%PDF-1.7\n" + QByteArray(5000, '\x5a'), MediaError::Damaged);
        row("PDF of no page", pdfOf({"<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [] /Count 0 >>"}),
            MediaError::Damaged);
        row("PDF whose pages are a circle",
            pdfOf({"<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [2 0 R] /Count 1 >>"}),
            MediaError::Damaged);
        row("ZIP without a list", "PK\x03\x04" + QByteArray(100, 'x'), MediaError::Damaged);
        row("ZIP whose list is elsewhere", zip({"a"}).replace("PK\x01\x02", "PK\x01\x09"), MediaError::Damaged);
        row("recording of noise", "fLaC" + QByteArray(5000, '\x5a'), MediaError::Damaged);
        row("Matroska of noise", "\x1a\x45\xdf\xa3" + QByteArray(5000, '\xff'), MediaError::Damaged);
    }
    void hostile() {
        QFETCH(QByteArray, bytes);
        QFETCH(QString, trouble);
        const std::string path = write(QStringLiteral("hostile"), bytes);
        const auto look = m_helper.look(path);
        if (look) {
            QVERIFY(!look->picture);
            QVERIFY(look->noPicture);
            QCOMPARE(QLatin1String(ports::nameOf(*look->noPicture)), trouble);
        } else {
            QCOMPARE(QLatin1String(ports::nameOf(look.error())), trouble);
        }
        (void)m_helper.mark(path, fresh(), sampleMark()); // whatever it says, nothing hangs and nothing breaks
        (void)m_helper.findMark(path);
    }

    void odd_data() {
        QTest::addColumn<QByteArray>("bytes");
        QTest::newRow("nothing") << QByteArray();
        QTest::newRow("zeros") << QByteArray(100, 0);
        QTest::newRow("text with zeros") << QByteArray("a line\0another\n", 15);
        QTest::newRow("half a beginning") << QByteArray("\x89PN");
        QTest::newRow("TIFF whose directories are a circle") << QByteArray("II*\0", 4) + little(8) + little(1, 2) +
                                                                    little(256, 2) + little(4, 2) + little(1) +
                                                                    little(5) + little(8);
        QTest::newRow("TIFF that points beyond itself")
            << QByteArray("MM\0*", 4) + big(0xfffffff0) + QByteArray(64, '\xff');
        QTest::newRow("boxes larger than the file") << big(0x7fffffff) + "ftypisom" + QByteArray(30, 0);
        QTest::newRow("box of no size") << big(0) + "ftypisom" + QByteArray(30, 0);
        QTest::newRow("tar of huge sizes")
            << QByteArray(124, 'a') + "77777777777" + QByteArray(122, 0) + "ustar" + QByteArray(250, 0);
    }
    /// Nothing to see, and no harm.
    void odd() {
        QFETCH(QByteArray, bytes);
        const std::string path = write(QStringLiteral("odd"), bytes);
        const auto look = m_helper.look(path);
        QVERIFY2(look.ok() || look.error() == MediaError::Damaged, look ? "" : ports::nameOf(look.error()));
        if (look) QVERIFY(!look->picture);
        (void)m_helper.mark(path, fresh(), sampleMark());
        const auto mark = m_helper.findMark(path);
        QVERIFY(!mark || mark->empty());
    }

    void hugePageIsPaintedSmall() {
        const auto look = m_helper.look(write(QStringLiteral("huge.pdf"), pdfWithBox("[0 0 900000000 450000000]")));
        QVERIFY(look && look->picture);
        QCOMPARE(look->picture->width, 512u);
        QVERIFY(look->picture->height <= 512u);
    }

    /// What is too much in these files belongs to no picture, and nobody unpacks it.
    void bombsBesideThePicture() {
        const QByteArray lines = zeros(100 * 401);
        const QByteArray tooMuch = zeros(50'000'000);
        const auto goesOn = m_helper.look(write(QStringLiteral("on.png"), png(100, 100, tooMuch)));
        QVERIFY(goesOn && goesOn->picture);
        QByteArray text = png(100, 100, lines);
        text.insert(33, pngChunk("zTXt", QByteArray("Comment\0\0", 9) + tooMuch));
        const auto inText = m_helper.look(write(QStringLiteral("text.png"), text));
        QVERIFY2(inText && inText->picture, inText ? "" : ports::nameOf(inText.error()));
        QByteArray packet = png(100, 100, lines);
        packet.insert(33, pngChunk("iTXt", QByteArray("XML:com.adobe.xmp\0\1\0\0\0", 22) + tooMuch));
        const std::string path = write(QStringLiteral("packet.png"), packet);
        const auto inPacket = m_helper.look(path);
        QVERIFY2(inPacket.ok(), inPacket ? "" : ports::nameOf(inPacket.error()));
        const auto mark = m_helper.findMark(path);
        QVERIFY(!mark || mark->empty());
    }

    void notAFile() {
        QCOMPARE(m_helper.look(m_folder.path().toStdString()).error(), MediaError::Unreadable);
        QCOMPARE(m_helper.look("/nowhere/at/all").error(), MediaError::Unreadable);
        QCOMPARE(m_helper.look("/dev/zero").error(), MediaError::Unreadable);
    }

    // --- the helper itself ------------------------------------------------------------------------------------------

    /// A program in the helper's place that does what a broken or hostile one might.
    void misbehaving_data() {
        QTest::addColumn<QByteArray>("script");
        QTest::addColumn<QString>("error");
        const auto row = [](const char* name, const char* script, MediaError error) {
            QTest::newRow(name) << QByteArray(script) << QString::fromLatin1(ports::nameOf(error));
        };
        row("hangs", "while :; do read x < /dev/zero; done", MediaError::TookTooLong);
        row("hangs up and stays", "exec 1>&-; while :; do :; done", MediaError::TookTooLong);
        row("says nothing", "exit 0", MediaError::Damaged);
        row("talks nonsense", "echo nonsense", MediaError::Damaged);
        row("talks for ever", "while :; do echo yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy; done",
            MediaError::Damaged);
        row("crashes", "kill -SEGV $$", MediaError::Damaged);
        row("has no sandbox", "exit 2", MediaError::NoHelper);
        // A picture that says it is larger than it is.
        row("lies",
            "printf '\\241\\002\\244\\001iimage/png\\002\\243\\001\\030d\\002\\030d\\003A\\000\\004\\200\\005\\000'",
            MediaError::Damaged);
    }
    void misbehaving() {
        QFETCH(QByteArray, script);
        QFETCH(QString, error);
        const std::string program = write(QStringLiteral("helper.sh"), "#!/bin/bash\n" + script + "\n");
        QFile::setPermissions(QString::fromStdString(program), QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
        app::MediaHelper helper(program, 1500);
        const std::string path = write(QStringLiteral("file.png"), coded(pattern(10, 10), "PNG"));
        const auto look = helper.look(path);
        QVERIFY(!look);
        QCOMPARE(QLatin1String(ports::nameOf(look.error())), error);
        const std::string out = fresh();
        QVERIFY(!helper.mark(path, out, sampleMark()));
        QVERIFY(!QFile::exists(QString::fromStdString(out)));
    }

    void missingHelper() {
        app::MediaHelper helper(m_folder.filePath(QStringLiteral("no-program")).toStdString());
        const std::string path = write(QStringLiteral("file.png"), coded(pattern(10, 10), "PNG"));
        QCOMPARE(helper.look(path).error(), MediaError::NoHelper);
        QCOMPARE(app::MediaHelper({}).look(path).error(), MediaError::NoHelper);
    }

    // --- looks
    // --------------------------------------------------------------------------------------------------------

    void pictures_data() {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("mediaType");
        QTest::addColumn<QSize>("size");
        QTest::newRow("PNG") << coded(pattern(300, 200), "PNG") << "image/png" << QSize(300, 200);
        QTest::newRow("large JPEG") << coded(pattern(3000, 1500), "JPEG") << "image/jpeg" << QSize(512, 256);
        QTest::newRow("BMP") << coded(pattern(30, 20), "BMP") << "application/octet-stream" << QSize(30, 20);
        QTest::newRow("SVG") << QByteArray(
                                    "<svg xmlns='http://www.w3.org/2000/svg' width='100' height='50'>"
                                    "<rect width='100' height='50' fill='red'/><text x='1' y='20'>a</text></svg>")
                             << "application/octet-stream" << QSize(100, 50);
        QTest::newRow("PDF") << pdf() << "application/pdf" << QSize(362, 512);
        QTest::newRow("MP3 with a cover") << mp3(true) << "audio/mpeg" << QSize(64, 48);
    }
    void pictures() {
        QFETCH(QByteArray, bytes);
        QFETCH(QString, mediaType);
        QFETCH(QSize, size);
        const auto look = m_helper.look(write(QStringLiteral("picture"), bytes));
        QVERIFY2(look.ok(), look ? "" : ports::nameOf(look.error()));
        QCOMPARE(QString::fromStdString(look->mediaType), mediaType);
        QVERIFY2(look->picture, look->noPicture ? ports::nameOf(*look->noPicture) : "none");
        const QSize found(static_cast<int>(look->picture->width), static_cast<int>(look->picture->height));
        QVERIFY2(qAbs(found.width() - size.width()) <= 1 && qAbs(found.height() - size.height()) <= 1,
                 qPrintable(QStringLiteral("%1 x %2").arg(found.width()).arg(found.height())));
        QVERIFY(!look->marked);
        // Something is painted: not all pixels are the same.
        const Bytes& rgba = look->picture->rgba;
        bool varied = false;
        for (std::size_t i = 4; i < rgba.size() && !varied; i += 4)
            varied = !std::equal(rgba.begin(), rgba.begin() + 3, rgba.begin() + static_cast<std::ptrdiff_t>(i));
        QVERIFY(varied);
    }

    /// Not the beginning, although it is the only key frame.
    void posterFrame_data() {
        QTest::addColumn<QString>("name");
        QTest::newRow("MP4") << QStringLiteral("night-then-red.mp4");
        QTest::newRow("WebM") << QStringLiteral("night-then-red.webm");
    }
    void posterFrame() {
        QFETCH(QString, name);
        const auto look = m_helper.look(TALLYLOCK_SOURCE_DIR "/tests/vectors/media/" + name.toStdString());
        QVERIFY2(look.ok(), look ? "" : ports::nameOf(look.error()));
        QCOMPARE(look->lines, (std::vector<std::string>{"Night, then red", "0:03"}));
        QVERIFY2(look->picture, look->noPicture ? ports::nameOf(*look->noPicture) : "none");
        QCOMPARE(look->picture->width, 64u);
        QCOMPARE(look->picture->height, 48u);
        for (std::size_t i = 0; i < look->picture->rgba.size(); i += 4) {
            QVERIFY(look->picture->rgba[i] > 200);
            QVERIFY(look->picture->rgba[i + 1] < 60 && look->picture->rgba[i + 2] < 60);
        }
    }

    void titleArtistAndLength() {
        const auto look = m_helper.look(write(QStringLiteral("song.mp3"), mp3(false)));
        QVERIFY(look.ok());
        QCOMPARE(look->lines, (std::vector<std::string>{"Quiet", "Nobody", "0:01"}));
    }

    void archives() {
        const auto look = m_helper.look(write(QStringLiteral("a.zip"), zip({"one.txt", "folder/two.txt", "\xff\x01"})));
        QVERIFY(look.ok());
        QCOMPARE(look->lines, (std::vector<std::string>{"one.txt", "folder/two.txt", "??"}));
        QList<QByteArray> many;
        for (int i = 0; i < 100; ++i) many << "file-" + QByteArray::number(i);
        const auto more = m_helper.look(write(QStringLiteral("b.zip"), zip(many)));
        QVERIFY(more.ok());
        QCOMPARE(more->lines.size(), ports::kMaxLookLines);
        QCOMPARE(more->lines.back(), "+ 37");
        QByteArray tar(1024, 0);
        tar.replace(0, 8, "notes.md");
        tar.replace(124, 11, "00000000000");
        tar.replace(156, 1, "0");
        tar.replace(257, 5, "ustar");
        const auto listed = m_helper.look(write(QStringLiteral("c.tar"), tar));
        QVERIFY(listed.ok());
        QCOMPARE(listed->lines, std::vector<std::string>{"notes.md"});
    }

    // --- marks
    // --------------------------------------------------------------------------------------------------------

    void marks_data() {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("form");
        QTest::newRow("PNG") << coded(pattern(60, 40), "PNG") << "xmp";
        QTest::newRow("JPEG") << coded(pattern(60, 40), "JPEG") << "xmp";
        QTest::newRow("TIFF") << tiff() << "xmp";
        QTest::newRow("WebP") << webp() << "xmp";
        QTest::newRow("PDF") << pdf() << "xmp";
        QTest::newRow("MP4") << boxes() << "trailer";
        QTest::newRow("MP3") << mp3(false) << "trailer";
        QTest::newRow("MP3 with an old tag") << mp3(true) << "trailer";
        QTest::newRow("ZIP") << zip({"a", "b"}) << "trailer";
        QTest::newRow("ZIP with a comment") << zip({"a"}).chopped(2) + little(3, 2) + "own"
                                            << "sidecar";
        QTest::newRow("MP4 that ends in an index") << boxes() + box("mfra", "x") << "sidecar";
        QTest::newRow("MP4 whose last box is open") << boxes() + big(0) + "mdat"
                                                    << "sidecar";
        QTest::newRow("MP3 with an APE tag") << mp3(false) + "APETAGEX" + QByteArray(24, 0) << "sidecar";
        QTest::newRow("signed PDF") << pdfOf(
                                           {"<< /Type /Catalog /Pages 2 0 R /AcroForm << /SigFlags 3 /Fields [] >> >>",
                                            "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
                                            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 100 100] >>"})
                                    << "sidecar";
        QTest::newRow("BMP") << coded(pattern(30, 20), "BMP") << "sidecar";
        QTest::newRow("text") << QByteArray("A text.\n") << "sidecar";
    }
    void marks() {
        QFETCH(QByteArray, bytes);
        QFETCH(QString, form);
        const std::string in = write(QStringLiteral("in"), bytes);
        const auto look = m_helper.look(in);
        QVERIFY2(look.ok(), look ? "" : ports::nameOf(look.error()));
        QCOMPARE(QLatin1String(nameOfForm(look->markForm)), form);
        const std::string out = fresh();
        const auto written = m_helper.mark(in, out, sampleMark());
        QCOMPARE(read(in), bytes); // never changed
        if (form == QLatin1String("sidecar")) {
            QVERIFY(!written && (written.error() == MediaError::NotSupported || written.error() == MediaError::Locked));
            QVERIFY(!QFile::exists(QString::fromStdString(out)));
            return;
        }
        QVERIFY2(written.ok(), written ? "" : ports::nameOf(written.error()));
        QCOMPARE(QLatin1String(nameOfForm(*written)), form);
        QCOMPARE(*m_helper.findMark(out), sampleMark());
        QVERIFY(m_helper.look(out)->marked);

        // A second mark replaces the first, and the file does not grow by it.
        const std::string again = m_folder.filePath(QStringLiteral("again")).toStdString();
        QFile::remove(QString::fromStdString(again));
        QVERIFY(m_helper.mark(out, again, sampleMark(3000)).ok());
        QCOMPARE(*m_helper.findMark(again), sampleMark(3000));
        QVERIFY(qAbs(read(again).size() - read(out).size()) < 64);
    }

    void pixelsStayTheSame() {
        for (const char* format : {"PNG", "JPEG"}) {
            const QByteArray before = coded(pattern(60, 40), format);
            const std::string out = fresh();
            QVERIFY(m_helper.mark(write(QStringLiteral("in"), before), out, sampleMark()).ok());
            QCOMPARE(QImage::fromData(read(out)), QImage::fromData(before));
        }
    }

    void stockProgramsReadIt() {
        int code = -1;
        const std::string picture = m_folder.filePath(QStringLiteral("stock.jpg")).toStdString();
        QVERIFY(
            m_helper.mark(write(QStringLiteral("in.jpg"), coded(pattern(60, 40), "JPEG")), picture, sampleMark()).ok());
        const QByteArray packet =
            stock(QStringLiteral("exiv2"), {QStringLiteral("-pX"), QString::fromStdString(picture)}, &code);
        QCOMPARE(code, 0);
        QVERIFY2(packet.contains(QByteArray::fromStdString(asset::markText(sampleMark()))), packet.constData());

        const std::string document = m_folder.filePath(QStringLiteral("stock.pdf")).toStdString();
        QVERIFY(m_helper.mark(write(QStringLiteral("in.pdf"), pdf()), document, sampleMark()).ok());
        const QByteArray said =
            stock(QStringLiteral("qpdf"), {QStringLiteral("--check"), QString::fromStdString(document)}, &code);
        QVERIFY2(code == 0 && said.contains("No syntax or stream encoding errors"), said.constData());
        QCOMPARE(stock(QStringLiteral("qpdf"), {QStringLiteral("--show-npages"), QString::fromStdString(document)})
                     .trimmed(),
                 "2");
    }

    /// Saved anew by another program, at another quality, with the metadata taken along.
    void survivesCopyOfMetadata() {
        const std::string marked = m_folder.filePath(QStringLiteral("marked.jpg")).toStdString();
        QVERIFY(
            m_helper.mark(write(QStringLiteral("in.jpg"), coded(pattern(60, 40), "JPEG")), marked, sampleMark()).ok());
        const QString other = m_folder.filePath(QStringLiteral("resaved.jpg"));
        QVERIFY(QImage(QString::fromStdString(marked)).save(other, "JPEG", 40));
        QVERIFY(m_helper.findMark(other.toStdString())->empty());
        int code = -1;
        QVERIFY(QFile::rename(QString::fromStdString(marked), m_folder.filePath(QStringLiteral("other.jpg"))));
        stock(QStringLiteral("exiv2"), {QStringLiteral("-eX"), m_folder.filePath(QStringLiteral("other.jpg"))}, &code);
        QCOMPARE(code, 0);
        QVERIFY(QFile::rename(m_folder.filePath(QStringLiteral("other.xmp")),
                              m_folder.filePath(QStringLiteral("resaved.xmp"))));
        stock(QStringLiteral("exiv2"), {QStringLiteral("-iX"), other}, &code);
        QCOMPARE(code, 0);
        QCOMPARE(*m_helper.findMark(other.toStdString()), sampleMark());
    }

    void keepsOtherMetadata() {
        const QString path = QString::fromStdString(write(QStringLiteral("own.jpg"), coded(pattern(60, 40), "JPEG")));
        int code = -1;
        stock(QStringLiteral("exiv2"), {QStringLiteral("-Mset Xmp.dc.creator XmpSeq Anna"), path}, &code);
        QCOMPARE(code, 0);
        const std::string out = fresh();
        QVERIFY(m_helper.mark(path.toStdString(), out, sampleMark()).ok());
        QVERIFY(stock(QStringLiteral("exiv2"), {QStringLiteral("-pX"), QString::fromStdString(out)}).contains("Anna"));
    }

    void encryptedPdfIsLocked() {
        const QString plain = QString::fromStdString(write(QStringLiteral("plain.pdf"), pdf()));
        const QString locked = m_folder.filePath(QStringLiteral("locked.pdf"));
        int code = -1;
        stock(QStringLiteral("qpdf"),
              {QStringLiteral("--encrypt"), QStringLiteral("secret"), QStringLiteral("secret"), QStringLiteral("256"),
               QStringLiteral("--"), plain, locked},
              &code);
        QCOMPARE(code, 0);
        QCOMPARE(m_helper.mark(locked.toStdString(), fresh(), sampleMark()).error(), MediaError::Locked);
        const auto look = m_helper.look(locked.toStdString());
        QVERIFY(look && look->noPicture);
        QCOMPARE(*look->noPicture, MediaError::Locked);
    }

    void damagedTrailerIsNamed() {
        QByteArray block(reinterpret_cast<const char*>(asset::markBlock(sampleMark()).data()),
                         static_cast<qsizetype>(asset::markBlock(sampleMark()).size()));
        block[100] = static_cast<char>(block[100] ^ 1);
        QCOMPARE(m_helper.findMark(write(QStringLiteral("file"), "text" + block)).error(), MediaError::Damaged);
    }

    void existingFilesAreNotOverwritten() {
        const std::string out = write(QStringLiteral("there"), "precious");
        QCOMPARE(m_helper.mark(write(QStringLiteral("in"), zip({"a"})), out, sampleMark()).error(),
                 MediaError::Unreadable);
        QCOMPARE(read(out), QByteArray("precious"));
    }
};

QTEST_MAIN(TestMediaHelper)
#include "tst_media_helper.moc"
