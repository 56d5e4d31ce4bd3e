// Rows of a model change under a person's eyes without losing what is selected; texts and pictures of strangers show
// no more than they may.
#include "ui/kit/PreviewPicture.h"
#include "ui/kit/RowModel.h"
#include "ui/kit/Widgets.h"

#include <QAbstractItemModelTester>
#include <QBuffer>
#include <QItemSelectionModel>
#include <QRandomGenerator>
#include <QTest>

using namespace tallylock;
using namespace tallylock::ui;

namespace {

QByteArray pngOf(const QImage& image) {
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    image.save(&buffer, "PNG");
    return bytes;
}

api::Preview previewBytes(const char* type, const QByteArray& bytes) {
    return {type, Bytes(bytes.begin(), bytes.end())};
}

struct NumberRow {
    int key = 0;
    int version = 0;
};
class NumberModel : public RowModel<NumberRow, int> {
public:
    int columnCount(const QModelIndex& = {}) const override { return 1; }
    QVariant data(const QModelIndex& index, int role) const override {
        return at(index) && role == Qt::DisplayRole ? QVariant(at(index)->key) : QVariant();
    }

protected:
    int keyOf(const NumberRow& row) const override { return row.key; }
};

} // namespace

class TestRows : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates)); }

    void rowsChangeWithoutLosingTheSelection();
    void remoteTextLosesItsTricks_data();
    void remoteTextLosesItsTricks();
    void remotePictureIsLimited();
};

void TestRows::rowsChangeWithoutLosingTheSelection() {
    const quint32 seed = qEnvironmentVariableIntValue("TALLYLOCK_SEED")
                             ? static_cast<quint32>(qEnvironmentVariableIntValue("TALLYLOCK_SEED"))
                             : QRandomGenerator::global()->generate();
    qInfo("seed %u (TALLYLOCK_SEED)", seed);
    QRandomGenerator random(seed);
    NumberModel model;
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    QItemSelectionModel selection(&model);
    for (int round = 0; round < 300; ++round) {
        std::vector<NumberRow> rows;
        for (int key = 0; key < 12; ++key)
            if (random.bounded(3) != 0) rows.push_back({key, round});
        std::shuffle(rows.begin(), rows.end(), random);
        const QPersistentModelIndex kept = model.index(0, 0);
        const int keptKey = kept.isValid() ? kept.data().toInt() : -1;
        selection.setCurrentIndex(kept, QItemSelectionModel::SelectCurrent);

        std::vector<int> wanted;
        for (const NumberRow& row : rows) wanted.push_back(row.key);
        model.setRows(rows);
        std::vector<int> got;
        for (const NumberRow& row : model.rows()) {
            got.push_back(row.key);
            QCOMPARE(row.version, round);
        }
        QCOMPARE(got, wanted);
        const bool stays = std::find(wanted.begin(), wanted.end(), keptKey) != wanted.end();
        QCOMPARE(kept.isValid(), stays);
        if (stays) QCOMPARE(kept.data().toInt(), keptKey);
        if (stays) QCOMPARE(selection.currentIndex().data().toInt(), keptKey);
    }
}

void TestRows::remoteTextLosesItsTricks_data() {
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("line");
    QTest::newRow("plain") << QByteArray("Harbour") << QStringLiteral("Harbour");
    QTest::newRow("lines") << QByteArray("a\r\nb\tc") << QStringLiteral("a b c");
    QTest::newRow("right-to-left override") << QByteArray("photo\xe2\x80\xaegnp.exe") << QStringLiteral("photognp.exe");
    QTest::newRow("zero width") << QByteArray("pay\xe2\x80\x8bpal") << QStringLiteral("paypal");
    QTest::newRow("joiners stay") << QByteArray("\xd9\x85\xe2\x80\x8c\xd9\x85")
                                  << QString::fromUtf8("\xd9\x85\xe2\x80\x8c\xd9\x85");
    QTest::newRow("bell") << QByteArray("a\x07z") << QStringLiteral("az");
    QTest::newRow("letters beyond the first plane")
        << QByteArray("\xf0\x9f\x8e\xbb") << QString::fromUtf8("\xf0\x9f\x8e\xbb");
}

void TestRows::remoteTextLosesItsTricks() {
    QFETCH(QByteArray, text);
    QFETCH(QString, line);
    QCOMPARE(plainLine(text.toStdString()), line);
}

void TestRows::remotePictureIsLimited() {
    QImage small(20, 10, QImage::Format_RGB32);
    small.fill(Qt::red);
    QCOMPARE(previewImage(previewBytes("image/png", pngOf(small))).size(), QSize(20, 10));
    QVERIFY(previewImage(previewBytes("image/svg+xml", "<svg width='9' height='9'/>")).isNull());
    QVERIFY(previewImage(previewBytes("image/jpeg", pngOf(small))).isNull()); // not what it says
    QVERIFY(previewImage(previewBytes("image/png", pngOf(small).left(40))).isNull());
    QImage wide(2000, 4, QImage::Format_RGB32);
    wide.fill(Qt::red);
    QVERIFY(previewImage(previewBytes("image/png", pngOf(wide))).isNull());
    QByteArray large = pngOf(small);
    large.append(QByteArray(256 * 1024, 'x'));
    QVERIFY(previewImage(previewBytes("image/png", large)).isNull());
    QVERIFY(previewText(previewBytes("text/html", "<b>")).isEmpty());
    QCOMPARE(previewText(previewBytes("text/plain", "<b>\nz")), QStringLiteral("<b>\nz"));
}

QTEST_MAIN(TestRows)
#include "tst_rows.moc"
