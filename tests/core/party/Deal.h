// Two people and a file, brought through a sale by hand.
#pragma once

#include "tests/core/party/PartyScene.h"

#include <QFile>

namespace tallylock::test {

inline Bytes someBytes(std::size_t size) {
    Bytes bytes(size);
    for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<std::uint8_t>(i * 7 + i / 251);
    return bytes;
}
inline std::string write(PartyScene& scene, const QString& name, const Bytes& bytes) {
    const QString path = scene.folder.filePath(name);
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly)) qFatal("cannot write");
    file.write(reinterpret_cast<const char*>(bytes.data()), static_cast<qint64>(bytes.size()));
    return path.toStdString();
}
inline Bytes read(const std::string& path) {
    QFile file(QString::fromStdString(path));
    if (!file.open(QIODevice::ReadOnly)) return {};
    const QByteArray all = file.readAll();
    return Bytes(all.begin(), all.end());
}

/// Two people and a file.
struct Deal {
    explicit Deal(const std::function<void(HostScene&)>& prepare = {}) : scene(prepare) {}
    PartyScene scene;
    std::unique_ptr<party::Party> seller = scene.open("seller");
    std::unique_ptr<party::Party> buyer = scene.open("buyer");
    Bytes content = someBytes(3'000'000);
    ListingId listing;
    SaleId sale;

    api::SellRequest request() {
        api::SellRequest request;
        request.path = write(scene, QStringLiteral("map.bin"), content);
        request.name = "A map";
        request.description = "of the river";
        request.mediaType = "application/octet-stream";
        request.price = usd(50);
        request.preview = {"text/plain", bytesOf("a river")};
        return request;
    }
    Hash seal() {
        return scene.must<api::DraftRow>([&](auto done) { seller->seal(request(), {}, done); }).assetId;
    }
    void publish() {
        const Hash assetId = seal();
        listing = scene.must<ListingId>([&](auto done) { seller->publish(assetId, done); });
    }
    bool buyerSees() {
        return scene.pump.until([&] {
            return !scene.must<std::vector<api::ListingRow>>([&](auto done) { buyer->listings(done); }).empty();
        });
    }
    api::OfferRequest offerRequest() { return {listing, money::kBtc, usd(50), usd(40), 3'600'000}; }
    void offer() {
        QVERIFY(buyerSees());
        sale = scene.must<SaleId>([&](auto done) { buyer->makeOffer(offerRequest(), done); });
        QVERIFY(scene.reaches(*seller, sale, api::SaleState::Offered));
    }
    void accept() {
        scene.mustDo([&](auto done) { seller->acceptOffer(sale, usd(45), done); });
    }
    bool canPay() {
        return scene.reaches(*buyer, sale, [](const api::SaleDetail& now) { return now.payment.has_value(); });
    }
    void pay() {
        const auto payment = scene.detail(*buyer, sale).payment;
        QVERIFY(payment.has_value());
        QVERIFY(scene.host.world->chain().payTo(payment->address, payment->amount).ok());
    }
    bool canUnlock() {
        return scene.reaches(*buyer, sale, [](const api::SaleDetail& now) {
            return now.row.state == api::SaleState::KeySent2 && now.part1Arrived && now.part2Arrived && now.row.needsMe;
        });
    }
};

} // namespace tallylock::test
