// The embedded node as its users see it: profiles and what they refuse, a whole sale to the opened file, restarts in
// the middle of it, and the practice counterparty on either side.
#include "tests/scenario/Household.h"

#include <QTest>

#include <filesystem>

using namespace tallylock;
using api::Problem;
using api::SaleState;
using test::dollars;
using test::Household;
using test::secret;

namespace {

QString named(Problem problem) { return QString::fromLatin1(api::nameOf(problem)); }
template <class T>
QString problemOf(const api::Answer<T>& answer) {
    return answer ? QStringLiteral("no problem") : named(answer.error().problem);
}
QByteArray contentOf(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}
constexpr std::string_view kPhrase =
    "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about";

void verifyTrialBalance(Household& home) {
    const auto rows =
        home.loop.ask<std::vector<api::TrialBalanceRow>>([&](auto done) { home.node->trialBalance(done); });
    QVERIFY(rows.ok());
    QVERIFY(!rows->empty());
    for (const auto& row : *rows) QVERIFY(row.sum.isZero());
}

} // namespace

class TestEmbedded : public QObject {
    Q_OBJECT
private slots:
    void refusesBadProfiles() {
        Household home;
        QVERIFY(home.start().ok());
        QCOMPARE(problemOf(home.create("", secret(kPhrase), "long enough")), named(Problem::ProfileNameInvalid));
        QCOMPARE(problemOf(home.create("../up", secret(kPhrase), "long enough")), named(Problem::ProfileNameInvalid));
        QCOMPARE(problemOf(home.create("practice-counterparty", secret(kPhrase), "long enough")),
                 named(Problem::ProfileNameInvalid));
        QCOMPARE(problemOf(home.create("anna", secret(kPhrase), "short")), named(Problem::PassphraseTooShort));
        QCOMPARE(problemOf(home.create("anna", secret("abandon abandon"), "long enough")),
                 named(Problem::PhraseWrongCount));
        const auto unknown = home.create("anna", secret(std::string(kPhrase) + "x"), "long enough");
        QCOMPARE(problemOf(unknown), named(Problem::PhraseWordUnknown));
        QCOMPARE(unknown.error().detail, std::string("12"));
        std::string swapped(kPhrase);
        swapped.replace(swapped.size() - 5, 5, "zebra");
        QCOMPARE(problemOf(home.create("anna", secret(swapped), "long enough")), named(Problem::PhraseWrongChecksum));
        QCOMPARE(problemOf(home.open("anna", "long enough")), named(Problem::ProfileUnknown));
        QVERIFY(home.node->profiles().empty());
        QVERIFY(!home.node->checkPhrase(viewOf(swapped)).ok());
        QVERIFY(home.node->checkPhrase(viewOf(kPhrase)).ok());
        QCOMPARE(home.node->phraseWords("aban", 5), std::vector<std::string>{"abandon"});
    }

    void guardsAProfile() {
        Household home;
        QVERIFY(home.start().ok());
        auto anna = home.create("anna", secret(kPhrase), "long enough");
        QVERIFY(anna.ok());
        const auto key = (*anna)->identityKey();
        QCOMPARE(problemOf(home.create("anna", secret(kPhrase), "long enough")), named(Problem::ProfileInUse));
        QCOMPARE(problemOf(home.open("anna", "long enough")), named(Problem::ProfileInUse));
        QVERIFY(home.node->profiles().at(0).open);
        anna = Err(api::Refusal{});
        QVERIFY(!home.node->profiles().at(0).open);
        QCOMPARE(problemOf(home.create("anna", home.node->newPhrase(12), "long enough")),
                 named(Problem::ProfileExists));
        QCOMPARE(problemOf(home.open("anna", "something else")), named(Problem::PassphraseWrong));
        auto again = home.open("anna", "long enough");
        QVERIFY(again.ok());
        QVERIFY((*again)->identityKey() == key);
        QVERIFY(!(*again)->fingerprintWords().empty());
        again = Err(api::Refusal{});

        QFile vault(QString::fromStdString(home.nodeFolder() + "/profiles/anna/vault"));
        QVERIFY(vault.open(QIODevice::ReadWrite));
        vault.seek(50);
        vault.putChar('x');
        vault.close();
        QCOMPARE(problemOf(home.open("anna", "long enough")), named(Problem::VaultDamaged));
    }

    /// A forgotten passphrase: the phrase locks the same profile anew.
    void thePhraseMendsAForgottenPassphrase() {
        Household home;
        QVERIFY(home.start().ok());
        const auto key = home.create("anna", secret(kPhrase), "long enough").value()->identityKey();
        const auto again = home.create("anna", secret(kPhrase), "another one");
        QVERIFY(again.ok());
        QVERIFY((*again)->identityKey() == key);
        home.node->lockProfile("anna");
        QCOMPARE(problemOf(home.open("anna", "long enough")), named(Problem::PassphraseWrong));
        QVERIFY(home.open("anna", "another one").ok());
    }

    void locksAndUnlocks() {
        Household home;
        QVERIFY(home.start().ok());
        home.node->lockProfile("nobody"); // no effect
        auto anna = home.create("anna", secret(kPhrase), "long enough");
        QVERIFY(anna.ok());
        const auto key = (*anna)->identityKey();
        home.node->lockProfile("anna");
        home.node->lockProfile("anna");
        QVERIFY(!home.node->profiles().at(0).open);
        // Whoever still holds the session learns that it has ended.
        QCOMPARE(problemOf(home.loop.ask<std::vector<api::SaleRow>>([&](auto done) { (*anna)->sales(done); })),
                 named(Problem::Stopping));
        QCOMPARE(problemOf(home.open("anna", "something else")), named(Problem::PassphraseWrong));
        const auto again = home.open("anna", "long enough");
        QVERIFY(again.ok());
        QVERIFY((*again)->identityKey() == key);
        QVERIFY(home.loop.ask<std::vector<api::SaleRow>>([&](auto done) { (*again)->sales(done); }).ok());
        anna = Err(api::Refusal{}); // the old one ends without harm to the new one
        QVERIFY(home.node->profiles().at(0).open);
    }

    void changesThePassphrase() {
        Household home;
        QVERIFY(home.start().ok());
        const auto change = [&](const char* from, const char* to) {
            return problemOf(home.loop.ask<void>([&](auto done) {
                home.node->changeKeeping("anna", secret(from), api::Keeping::Passphrase, secret(to), std::move(done));
            }));
        };
        QCOMPARE(change("long enough", "the new one"), named(Problem::ProfileUnknown));
        auto anna = home.create("anna", secret(kPhrase), "long enough");
        QVERIFY(anna.ok());
        const auto key = (*anna)->identityKey();
        QCOMPARE(change("something else", "the new one"), named(Problem::PassphraseWrong));
        QCOMPARE(change("long enough", "short"), named(Problem::PassphraseTooShort));
        QCOMPARE(change("long enough", "the new one"), QStringLiteral("no problem")); // while it is open
        home.node->lockProfile("anna");
        QCOMPARE(problemOf(home.open("anna", "long enough")), named(Problem::PassphraseWrong));
        QCOMPARE(change("the new one", "the third one"), QStringLiteral("no problem")); // and while it is not
        const auto again = home.open("anna", "the third one");
        QVERIFY(again.ok());
        QVERIFY((*again)->identityKey() == key);
    }

    /// The same phrase in a fresh folder is the same identity, in every language, with and without a passphrase.
    void aPhraseRestoresTheIdentity_data() {
        QTest::addColumn<QString>("phrase");
        QTest::addColumn<QString>("passphrase");
        QTest::addColumn<QString>("typedAgain");
        QTest::addColumn<QString>("passphraseAgain");
        const QString english = QString::fromLatin1(kPhrase.data(), static_cast<qsizetype>(kPhrase.size()));
        const QString japanese = QStringLiteral("せまい　うちがわ　あずき　かろう　めずらしい　だんち　ますく　おさめる"
                                                "　ていぼう　あたる　すあな　えしゃく");
        QTest::newRow("English") << english << QString() << english.toUpper() << QString();
        QTest::newRow("a passphrase") << english << QStringLiteral("grün") << english << QStringLiteral("gru\u0308n");
        QTest::newRow("Japanese") << japanese << QString()
                                  << japanese.normalized(QString::NormalizationForm_KD).simplified() << QString();
    }
    void aPhraseRestoresTheIdentity() {
        QFETCH(QString, phrase);
        QFETCH(QString, passphrase);
        QFETCH(QString, typedAgain);
        QFETCH(QString, passphraseAgain);
        const auto keysOf = [](const QString& words, const QString& extra) {
            Household home;
            std::vector<IdentityKey> keys;
            if (!home.start()) return keys;
            api::NewProfile wanted{"anna", secret(words.toStdString()), secret(extra.toStdString()),
                                   api::Keeping::Passphrase, secret("long enough")};
            const auto made = home.loop.ask<Household::SessionPointer>(
                [&](auto done) { home.node->createProfile(std::move(wanted), std::move(done)); });
            if (!made) return keys;
            keys.push_back((*made)->identityKey());
            home.node->lockProfile("anna");
            const auto again = home.open("anna", "long enough"); // out of the vault
            if (again) keys.push_back((*again)->identityKey());
            return keys;
        };
        const auto first = keysOf(phrase, passphrase);
        const auto second = keysOf(typedAgain, passphraseAgain);
        QCOMPARE(first.size(), std::size_t{2});
        QVERIFY(first[0] == first[1]);
        QVERIFY(first == second);
        QCOMPARE(keysOf(phrase, passphrase + u'x').at(0) == first[0], false);
    }

    void oneProcessAFolder() {
        Household home;
        QVERIFY(home.start().ok());
        const auto first = std::move(home.node);
        QCOMPARE(problemOf(home.start()), named(Problem::FolderInUse));
    }

    void neverStartsBlankOverExistingData_data() {
        QTest::addColumn<QString>("file");
        QTest::newRow("coordinator's identity") << "coordinator/identity";
        QTest::newRow("key server's identity") << "keyserver/identity";
        QTest::newRow("key server's master secret") << "keyserver/master";
        QTest::newRow("standby's identity") << "standby/identity";
        QTest::newRow("standby's master secret") << "standby/master";
        QTest::newRow("practice seed") << "coordinator/practice-seed";
    }
    void neverStartsBlankOverExistingData() {
        QFETCH(QString, file);
        Household home;
        QVERIFY(home.start().ok());
        home.stop();
        QVERIFY(QFile::remove(QString::fromStdString(home.nodeFolder()) + QLatin1Char('/') + file));
        QCOMPARE(problemOf(home.start()), named(Problem::FolderDamaged));
    }

    void keepsItsFilesToItsOwner() {
        Household home;
        QVERIFY(home.begin());
        namespace fs = std::filesystem;
        for (const char* name : {"", "coordinator", "keyserver", "standby", "profiles", "profiles/seller"}) {
            const auto mode = fs::status(fs::path(home.nodeFolder()) / name).permissions();
            QVERIFY2((mode & (fs::perms::group_all | fs::perms::others_all)) == fs::perms::none, name);
        }
        for (const char* name : {"coordinator/identity", "keyserver/identity", "keyserver/master", "standby/identity",
                                 "standby/master", "profiles/seller/vault"}) {
            const auto mode = fs::status(fs::path(home.nodeFolder()) / name).permissions();
            QVERIFY2((mode & fs::perms::mask) == (fs::perms::owner_read | fs::perms::owner_write), name);
        }
    }

    void tellsWhatItIs() {
        Household home;
        QVERIFY(home.start().ok());
        const auto info = home.loop.ask<api::NodeInfo>([&](auto done) { home.node->info(done); });
        QVERIFY(info.ok());
        QVERIFY(info->practice);
        QVERIFY(info->coordinatorWords != info->keyServerWords);
        QVERIFY(!info->version.empty());
        home.stop();
        QVERIFY(home.start().ok());
        const auto again = home.loop.ask<api::NodeInfo>([&](auto done) { home.node->info(done); });
        QCOMPARE(again->coordinatorWords, info->coordinatorWords);
        QCOMPARE(again->keyServerWords, info->keyServerWords);
        QCOMPARE(again->journalSeq, info->journalSeq); // a start alone adds nothing
    }

    void aWholeSaleOpensTheFile() {
        Household home;
        QVERIFY(home.begin());
        QVERIFY2(home.drive([](const api::SaleRow& sale) { return sale.state == SaleState::Completed; }),
                 home.trouble.c_str());
        QCOMPARE(contentOf(home.openedPath()), home.content);
        const auto receipts = home.get<std::vector<api::ReceiptRow>>(
            [&](auto done) { home.buyer->receipts(home.salesOf(home.buyer).front().id, done); });
        QVERIFY(receipts.has_value());
        std::set<int> steps;
        for (const auto& receipt : *receipts) steps.insert(receipt.step);
        for (int step = 1; step <= 14; ++step) QVERIFY2(steps.contains(step), qPrintable(QString::number(step)));
        verifyTrialBalance(home);
    }

    /// Stopped and started again at every state that the buyer is shown.
    void restartsAtEveryStateAndGoesOn() {
        Household home;
        QVERIFY(home.begin());
        std::set<SaleState> restartedAt;
        for (;;) {
            const bool there = home.drive([&](const api::SaleRow& sale) { return !restartedAt.contains(sale.state); });
            QVERIFY2(there, home.trouble.c_str());
            const SaleState state = home.salesOf(home.buyer).front().state;
            if (state == SaleState::Completed) break;
            restartedAt.insert(state);
            QVERIFY2(home.restart(), home.trouble.c_str());
        }
        QVERIFY(restartedAt.size() >= 4);
        QCOMPARE(contentOf(home.openedPath()), home.content);
        verifyTrialBalance(home);
        QVERIFY(home.restart());
        QVERIFY(home.salesOf(home.buyer).front().state == SaleState::Completed);
        QVERIFY(home.salesOf(home.seller).front().state == SaleState::Completed);
    }

    void theCounterpartySells() {
        Household home;
        QVERIFY(home.begin());
        QVERIFY(home.loop
                    .ask<bool>([&](auto done) {
                        home.node->practice()->startCounterparty([done](api::Answer<void> answer) {
                            if (answer)
                                done(true);
                            else
                                done(Err(answer.error()));
                        });
                    })
                    .ok());
        std::optional<api::ListingRow> sample;
        QTRY_VERIFY_WITH_TIMEOUT(
            [&] {
                const auto rows =
                    home.get<std::vector<api::ListingRow>>([&](auto done) { home.buyer->listings(done); });
                for (const auto& row : rows.value_or(std::vector<api::ListingRow>()))
                    if (row.available && row.mediaType == "text/plain") sample = row;
                return sample.has_value();
            }(),
            30'000);
        QVERIFY(sample->name.starts_with("Practice"));
        QVERIFY(sample->sellerName.starts_with("Practice"));
        api::OfferRequest offer;
        offer.listing = sample->id;
        offer.coin = money::kBtc;
        offer.bid = sample->price;
        offer.minimum = sample->price;
        QVERIFY(home.get<SaleId>([&](auto done) { home.buyer->makeOffer(offer, done); }).has_value());
        QVERIFY2(home.drive([](const api::SaleRow& sale) { return sale.state == SaleState::Completed; }),
                 home.trouble.c_str());
        QVERIFY(contentOf(home.openedPath()).startsWith("Practice notes"));
    }

    /// An objection comes to an end in practice as well: the counterparty answers, and the node's arbiter splits.
    void theCounterpartyIsObjectedTo() {
        Household home;
        QVERIFY(home.begin());
        QVERIFY(home.loop.ask<void>([&](auto done) { home.node->practice()->startCounterparty(done); }).ok());
        std::optional<api::ListingRow> sample;
        QTRY_VERIFY_WITH_TIMEOUT(
            [&] {
                const auto rows =
                    home.get<std::vector<api::ListingRow>>([&](auto done) { home.buyer->listings(done); });
                for (const auto& row : rows.value_or(std::vector<api::ListingRow>()))
                    if (row.available) sample = row;
                return sample.has_value();
            }(),
            30'000);
        const api::OfferRequest offer{sample->id, money::kBtc, sample->price, sample->price};
        const auto sale = home.get<SaleId>([&](auto done) { home.buyer->makeOffer(offer, done); });
        QVERIFY(sale.has_value());
        QVERIFY2(home.drive([](const api::SaleRow& row) { return row.state == SaleState::Unlocked; }),
                 home.trouble.c_str());
        const auto objected = home.loop.ask<void>([&](auto done) {
            home.buyer->raiseDispute(*sale, api::Claim::NotAsDescribed, "It is shorter than I thought.", done);
        });
        QVERIFY(objected.ok());
        std::optional<api::SaleDetail> detail;
        QTRY_VERIFY_WITH_TIMEOUT(
            [&] {
                detail = home.get<api::SaleDetail>([&](auto done) { home.buyer->sale(*sale, done); });
                return detail && detail->row.state == SaleState::Resolved;
            }(),
            30'000);
        const api::DisputeRow& dispute = *detail->dispute;
        QVERIFY(dispute.toBuyer->value == detail->holdback.value / 2);
        QVERIFY(dispute.decidedBy == api::Actor::Arbiter);
        QCOMPARE(dispute.statements.size(), std::size_t{3});
        verifyTrialBalance(home);
    }

    void theCounterpartyBuysAndMakesAMarket() {
        Household home;
        QVERIFY(home.begin());
        QVERIFY(home.loop
                    .ask<bool>([&](auto done) {
                        home.node->practice()->startCounterparty([done](api::Answer<void> answer) {
                            if (answer)
                                done(true);
                            else
                                done(Err(answer.error()));
                        });
                    })
                    .ok());
        home.buyer.reset(); // the counterparty is the buyer
        QVERIFY(home.get<api::DraftRow>([&](auto done) {
                        home.seller->seal(
                            {home.assetPath().toStdString(), "For the counterparty", "", "text/plain", dollars(10), {}},
                            nullptr, done);
                    })
                    .has_value());
        const auto drafts = home.get<std::vector<api::DraftRow>>([&](auto done) { home.seller->drafts(done); });
        QVERIFY(
            home.get<ListingId>([&](auto done) { home.seller->publish(drafts->front().assetId, done); }).has_value());
        bool accepted = false;
        QTRY_VERIFY_WITH_TIMEOUT(
            [&] {
                for (const auto& sale : home.salesOf(home.seller)) {
                    if (sale.state == SaleState::Offered && !std::exchange(accepted, true))
                        home.get<bool>([&](auto done) {
                            home.seller->acceptOffer(sale.id, sale.bid, [done](api::Answer<void>) { done(true); });
                        });
                    if (sale.state == SaleState::Completed) return true;
                }
                return false;
            }(),
            60'000);
        const auto markets =
            home.get<std::vector<api::InstrumentRow>>([&](auto done) { home.seller->instruments(done); });
        QVERIFY(markets && markets->size() == 1);
        QTRY_VERIFY_WITH_TIMEOUT(
            [&] {
                const auto book = home.get<std::vector<api::BookRow>>(
                    [&](auto done) { home.seller->book(markets->front().id, 10, done); });
                return book && book->size() >= 8;
            }(),
            30'000);
        verifyTrialBalance(home);
    }

    void refusesPracticePaymentsThatAreNone() {
        Household home;
        QVERIFY(home.begin());
        const auto pay = [&](const std::string& address, money::Amount amount) {
            return home.loop.ask<bool>([&](auto done) {
                home.node->practice()->payToAddress(amount.unit, address, amount, [done](api::Answer<void> answer) {
                    if (answer)
                        done(true);
                    else
                        done(Err(answer.error()));
                });
            });
        };
        QCOMPARE(problemOf(pay("nobody", {5, money::kBtc})), named(Problem::PaymentNotOpen));
        QCOMPARE(problemOf(pay("nobody", {0, money::kBtc})), named(Problem::AmountZero));
        QCOMPARE(problemOf(pay("nobody", {-5, money::kBtc})), named(Problem::AmountNegative));
    }
};

QTEST_GUILESS_MAIN(TestEmbedded)
#include "tst_embedded.moc"
