// What a buyer is told of the delivery: how far it is, where it comes from, and why it waits.
#include "ui/sales/DeliveryText.h"

#include <QTest>

using namespace tallylock;
using api::DeliverySource;

class TestDeliveryText : public QObject {
    Q_OBJECT

    static api::DeliveryRow row(std::uint64_t there, std::uint64_t direct, std::uint64_t stored) {
        api::DeliveryRow row;
        row.bytesThere = there * 1024;
        row.totalBytes = 10 * 1024;
        row.fromSeller = direct * 1024;
        row.fromStore = stored * 1024;
        row.whole = there == 10;
        return row;
    }
    static void says(const api::DeliveryRow& row, const QStringList& words) {
        const QString text = ui::deliveryText(row);
        for (const QString& word : words) QVERIFY2(text.contains(word), qPrintable(text));
        QVERIFY2(!text.contains(QLatin1Char('%')), qPrintable(text));
    }

private slots:
    void initTestCase() { QLocale::setDefault(QLocale::c()); }

    void comesFromWhoever() {
        auto coming = row(4, 4, 0);
        coming.from = DeliverySource::Seller;
        says(coming, {QStringLiteral("from the seller's app"), QStringLiteral("4.00 KiB of 10.00 KiB")});
        coming.from = DeliverySource::FileStore;
        says(coming, {QStringLiteral("from the file store"), QStringLiteral("4.00 KiB of 10.00 KiB")});
    }
    void isHere() {
        says(row(10, 10, 0), {QStringLiteral("It came from the seller's app.")});
        says(row(10, 0, 10), {QStringLiteral("It came from the file store.")});
        says(row(10, 7, 3),
             {QStringLiteral("7.00 KiB came from the seller's app"), QStringLiteral("3.00 KiB from the file store")});
        QVERIFY(!ui::deliveryText(row(10, 0, 0)).contains(QStringLiteral("came")));
    }
    void waitsForTheRest() {
        auto waiting = row(4, 4, 0);
        says(waiting, {QStringLiteral("4.00 KiB of 10.00 KiB")});
        waiting.problem = api::Problem::SealedFileDamaged;
        waiting.failed = DeliverySource::Seller;
        says(waiting, {QStringLiteral("The seller's app does not give the rest"), QStringLiteral("tried again")});
        waiting.failed = DeliverySource::FileStore;
        says(waiting, {QStringLiteral("The file store does not give the rest")});
        waiting.failed = DeliverySource::None;
        waiting.problem = api::Problem::DiskFull;
        says(waiting, {QStringLiteral("This computer cannot take in the rest")});
    }
};

QTEST_GUILESS_MAIN(TestDeliveryText)
#include "tst_delivery_text.moc"
