// Two people whose folders are lost, and who come back with nothing but their phrases: what they sold and bought is
// theirs again, and the sale that was open goes on.
#include "tests/scenario/Household.h"

#include <QDir>
#include <QTest>

using namespace tallylock;
using api::Problem;
using api::SaleState;
using test::dollars;
using test::Household;
using test::secret;

namespace {

std::string words(const SecretBytes& phrase) {
    const ByteView view = phrase.view();
    return std::string(view.begin(), view.end());
}

/// The household, with phrases that are written down.
struct Home : Household {
    std::string sellersPhrase;
    std::string buyersPhrase;

    bool begin() {
        if (!start()) return false;
        sellersPhrase = words(node->newPhrase(12));
        buyersPhrase = words(node->newPhrase(24));
        return enter("new");
    }
    /// The same phrases, in folders of another name: nothing is left of the old ones.
    bool enter(const std::string& suffix) {
        auto one = create("seller-" + suffix, secret(sellersPhrase), "seller's passphrase");
        auto two = create("buyer-" + suffix, secret(buyersPhrase), "buyer's passphrase");
        if (!one || !two) return false;
        seller = *one;
        buyer = *two;
        return true;
    }
    bool loseEverythingAndRestore(const std::string& suffix) {
        stop();
        if (!QDir(QString::fromStdString(nodeFolder() + "/profiles")).removeRecursively()) return false;
        return start().ok() && enter(suffix);
    }

    std::optional<Hash> seal(const std::string& name) {
        const auto draft = get<api::DraftRow>([&](auto done) {
            seller->seal({assetPath().toStdString(), name, "for a test", "application/octet-stream", dollars(100), {}},
                         nullptr, done);
        });
        return draft ? std::optional(draft->assetId) : std::nullopt;
    }
    std::optional<ListingId> list(const std::string& name) {
        const auto asset = seal(name);
        return asset ? get<ListingId>([&](auto done) { seller->publish(*asset, done); }) : std::nullopt;
    }
    std::vector<api::DraftRow> drafts() {
        return get<std::vector<api::DraftRow>>([&](auto done) { seller->drafts(done); })
            .value_or(std::vector<api::DraftRow>());
    }
    std::optional<SaleId> offer(ListingId listing) {
        for (int i = 0; i < 500; ++i) {
            const auto rows = get<std::vector<api::ListingRow>>([&](auto done) { buyer->listings(done); });
            if (rows && std::any_of(rows->begin(), rows->end(), [&](const auto& row) { return row.id == listing; }))
                break;
            loop.runFor(10);
        }
        api::OfferRequest request;
        request.listing = listing;
        request.coin = money::kBtc;
        request.bid = dollars(100);
        request.minimum = dollars(90);
        return get<SaleId>([&](auto done) { buyer->makeOffer(request, done); });
    }
    std::optional<api::SaleRow> row(const SessionPointer& session, SaleId sale) {
        for (const auto& one : salesOf(session))
            if (one.id == sale) return one;
        return std::nullopt;
    }
    bool reaches(SaleId sale, SaleState state) {
        return QTest::qWaitFor(
            [&] {
                nudgeSale(sale);
                const auto now = row(buyer, sale);
                return now && now->state >= state && now->state <= SaleState::Completed;
            },
            60'000);
    }
    /// What a person would do next for this sale.
    void nudgeSale(SaleId sale) {
        loop.runFor(5);
        const auto sellers = row(seller, sale);
        if (sellers && sellers->state == SaleState::Offered)
            (void)loop.ask<bool>([&](auto done) {
                seller->acceptOffer(sale, dollars(95), [done](api::Answer<void> answer) { done(answer.ok()); });
            });
        const auto buyers = row(buyer, sale);
        if (!buyers) return;
        if (buyers->state == SaleState::WalletOpen && !paid.contains(sale)) {
            const auto detail = get<api::SaleDetail>([&](auto done) { buyer->sale(sale, done); });
            if (!detail || !detail->payment) return;
            paid.insert(sale);
            (void)loop.ask<bool>([&](auto done) {
                const auto& due = *detail->payment;
                node->practice()->payToAddress(due.amount.unit, due.address, due.amount,
                                               [done](api::Answer<void> answer) { done(answer.ok()); });
            });
        }
        if (buyers->state == SaleState::KeySent2) (void)unlock(sale);
        if (buyers->state == SaleState::Unlocked)
            (void)loop.ask<bool>([&](auto done) {
                buyer->releaseHoldback(sale, [done](api::Answer<void> answer) { done(answer.ok()); });
            });
    }
    std::optional<api::LibraryRow> unlock(SaleId sale) {
        return get<api::LibraryRow>([&](auto done) { buyer->unlock(sale, openedPath().toStdString(), nullptr, done); });
    }
    QByteArray opened() const {
        QFile file(openedPath());
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }
    std::set<SaleId> paid;
};

} // namespace

class TestRestore : public QObject {
    Q_OBJECT
private slots:
    void aPhraseAloneRestoresEverything() {
        Home home;
        QVERIFY(home.begin());
        const auto soldListing = home.list("Sold");
        QVERIFY2(soldListing, home.trouble.c_str());
        const auto sold = home.offer(*soldListing);
        QVERIFY2(sold, home.trouble.c_str());
        QVERIFY2(home.reaches(*sold, SaleState::Completed), home.trouble.c_str());
        QVERIFY(home.seal("Draft"));

        const auto openListing = home.list("Open");
        const auto open = home.offer(*openListing);
        QVERIFY2(open, home.trouble.c_str());

        QFile::remove(home.openedPath());
        QVERIFY(home.loseEverythingAndRestore("again"));
        // The listings are one's own again, and the draft says that its file is gone.
        QTRY_COMPARE_WITH_TIMEOUT(home.drafts().size(), std::size_t{1}, 20'000);
        const auto rows = home.get<std::vector<api::ListingRow>>([&](auto done) { home.seller->listings(done); });
        QVERIFY(rows && rows->size() == 2 && rows->front().mine && rows->back().mine);
        const api::DraftRow draft = home.drafts().front();
        QVERIFY(draft.name == "Draft" && draft.state == api::DraftState::Gone);
        const auto published = home.loop.ask<ListingId>([&](auto done) { home.seller->publish(draft.assetId, done); });
        QVERIFY(!published && published.error().problem == Problem::DraftGone);
        QVERIFY(home.loop
                    .ask<bool>([&](auto done) {
                        home.seller->discardDraft(draft.assetId, [done](api::Answer<void> a) { done(a.ok()); });
                    })
                    .ok());
        // What was bought opens again, from the own copy of its key.
        QTRY_VERIFY_WITH_TIMEOUT(home.unlock(*sold).has_value(), 20'000);
        QCOMPARE(home.opened(), home.content);
        QFile::remove(home.openedPath());

        // The open sale goes on, through losing everything again and again.
        for (const SaleState state : {SaleState::Accepted, SaleState::WalletOpen, SaleState::KeySent2}) {
            QVERIFY2(home.reaches(*open, state), home.trouble.c_str());
            QVERIFY(home.loseEverythingAndRestore("at-" + std::to_string(static_cast<int>(state))));
        }
        QVERIFY2(home.reaches(*open, SaleState::Completed), home.trouble.c_str());
        QTRY_VERIFY_WITH_TIMEOUT(home.unlock(*open).has_value(), 20'000);
        QCOMPARE(home.opened(), home.content);
        QVERIFY(home.drafts().empty()); // it stays discarded
    }

    void twoFoldersOfOnePhrase() {
        Home home;
        QVERIFY(home.begin());
        const auto first = home.list("From the first folder");
        QVERIFY(first);
        const auto firstFolder = home.seller;
        auto second = home.create("seller-beside", secret(home.sellersPhrase), "seller's passphrase");
        QVERIFY(second.ok());
        home.seller = *second;
        const auto other = home.list("From the second folder");
        QVERIFY2(other, home.trouble.c_str());
        // Each sells what the other has sealed.
        const auto one = home.offer(*first);
        QVERIFY(one && home.reaches(*one, SaleState::KeyDeposited));
        home.seller = firstFolder;
        const auto two = home.offer(*other);
        QVERIFY(two && home.reaches(*two, SaleState::Completed));
        QVERIFY2(home.reaches(*one, SaleState::Completed), home.trouble.c_str());
        QCOMPARE(home.opened(), home.content);
    }
};

QTEST_GUILESS_MAIN(TestRestore)
#include "tst_restore.moc"
