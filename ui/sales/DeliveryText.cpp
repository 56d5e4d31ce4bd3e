#include "ui/sales/DeliveryText.h"

#include "ui/kit/ProblemText.h"

#include <QCoreApplication>
#include <QLocale>

namespace tallylock::ui {

using api::DeliverySource;

namespace {
class DeliveryTexts {
    Q_DECLARE_TR_FUNCTIONS(DeliveryTexts)
public:
    static QString whole(const api::DeliveryRow& delivery);
    static QString waiting(const api::DeliveryRow& delivery);
    static QString coming(const api::DeliveryRow& delivery);
};
} // namespace

static QString bytes(std::uint64_t count) { return QLocale().formattedDataSize(static_cast<qint64>(count)); }

QString DeliveryTexts::whole(const api::DeliveryRow& delivery) {
    QString here = tr("The sealed file is here, and every portion was checked.");
    const bool direct = delivery.fromSeller != 0;
    const bool stored = delivery.fromStore != 0;
    if (direct && stored)
        return here + u' ' +
               tr("%1 came from the seller's app, %2 from the file store.")
                   .arg(bytes(delivery.fromSeller), bytes(delivery.fromStore));
    if (direct) return here + u' ' + tr("It came from the seller's app.");
    if (stored) return here + u' ' + tr("It came from the file store.");
    return here;
}

QString DeliveryTexts::waiting(const api::DeliveryRow& delivery) {
    QString there = tr("%1 of %2 of the sealed file are here and checked.")
                        .arg(bytes(delivery.bytesThere), bytes(delivery.totalBytes));
    if (!delivery.problem) return there;
    const QString why = problemText(*delivery.problem);
    const QString who = delivery.failed == DeliverySource::Seller ? tr("The seller's app does not give the rest: %1")
                        : delivery.failed == DeliverySource::FileStore
                            ? tr("The file store does not give the rest: %1")
                            : tr("This computer cannot take in the rest: %1");
    return there + u' ' + who.arg(why) + u' ' + tr("It is tried again by itself.");
}

QString DeliveryTexts::coming(const api::DeliveryRow& delivery) {
    const QString text = delivery.from == DeliverySource::Seller
                             ? tr("Receiving the sealed file from the seller's app: %1 of %2.")
                             : tr("Receiving the sealed file from the file store: %1 of %2.");
    return text.arg(bytes(delivery.bytesThere), bytes(delivery.totalBytes));
}

QString deliveryText(const api::DeliveryRow& delivery) {
    if (delivery.whole) return DeliveryTexts::whole(delivery);
    if (delivery.from == DeliverySource::None) return DeliveryTexts::waiting(delivery);
    return DeliveryTexts::coming(delivery);
}

} // namespace tallylock::ui
