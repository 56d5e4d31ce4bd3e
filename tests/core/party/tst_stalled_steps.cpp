// The fourteen steps once more, and of each what the last column of the sale's table says: it stalls, it fails, or it
// is late. tst_sale_steps is the way through. Two parties, a coordinator and a key server, all real; what fails is the
// way between them, or the world outside. Every sale ends, and every cent is where it belongs.
#include "tests/core/party/Deal.h"
#include "tests/core/party/Losing.h"

using namespace tallylock;
using namespace tallylock::test;
using api::SaleState;
using money::Amount;
using ports::RailError;

namespace {

/// The exchanges of the practice world, each of which may be away.
struct Outside {
    struct First final : ports::FirstExchange {
        rails::PracticeWorld* world = nullptr;
        std::atomic<bool> away{false};
        std::atomic<int> wallets{0};
        Result<Quote, RailError> quote(const QuoteWanted& wanted) override {
            if (away) return Err(RailError::Unreachable);
            return world->firstExchange().quote(wanted);
        }
        Result<Wallet, RailError> openWallet(SaleId sale, money::UnitId coin) override {
            if (away) return Err(RailError::Unreachable);
            ++wallets;
            return world->firstExchange().openWallet(sale, coin);
        }
        Result<std::string, RailError> provide(SaleId sale, const Amount& dollars) override {
            if (away) return Err(RailError::Unreachable);
            return world->firstExchange().provide(sale, dollars);
        }
        Result<std::string, RailError> closeWallet(SaleId sale) override {
            if (away) return Err(RailError::Unreachable);
            return world->firstExchange().closeWallet(sale);
        }
    } first;
    struct Dollars final : ports::DollarExchange {
        rails::PracticeWorld* world = nullptr;
        std::atomic<bool> away{false};
        Result<std::string, RailError> pay(SaleId sale, const Amount& dollars) override {
            if (away) return Err(RailError::Unreachable);
            return world->dollarExchange().pay(sale, dollars);
        }
    } dollars;
    struct Second final : ports::SecondExchange {
        rails::PracticeWorld* world = nullptr;
        std::atomic<bool> away{false};
        Result<Receipt, RailError> receive(SaleId sale, const Amount& coins) override {
            if (away) return Err(RailError::Unreachable);
            return world->secondExchange().receive(sale, coins);
        }
    } second;
    void stand(HostScene& host) {
        first.world = dollars.world = second.world = host.world.get();
        host.firstExchange = &first;
        host.dollarExchange = &dollars;
        host.secondExchange = &second;
    }
};

/// A key server's word to the coordinator that the key is wrapped.
bool isWrapping(const wire::Request& request) {
    const auto* submit = std::get_if<wire::Submit>(&request);
    if (!submit) return false;
    const auto command = wire::readCommand(submit->envelope);
    return command && std::holds_alternative<engine::WrapKey>(command->body);
}

struct Scene : Outside, Deal {
    using Lost = std::function<bool(const wire::Request&)>;
    std::atomic<bool> cut{false}; ///< what `cutKeyServer` has named does not get through
    Amount due;
    std::string address;

    Scene() : Deal([this](HostScene& host) { stand(host); }) { publish(); }
    ~Scene() { // what is outside goes last
        buyer.reset();
        seller.reset();
        scene.stopServers();
    }

    /// Of the ways to the key server, for those who open it from now on and for the coordinator.
    void cutKeyServer(const Lost& what) {
        cut = true;
        scene.throughKeyServer = [this, what](auto link) {
            return std::make_unique<Losing>(std::move(link),
                                            [this, what](const auto& request) { return cut && what(request); });
        };
        scene.host.host->setKeyServer(scene.throughKeyServer(scene.keyServer->connect(scene.host.coordinator.key())));
        reopen(buyer, "buyer");
        reopen(seller, "seller");
    }
    void reopen(std::unique_ptr<party::Party>& who, const std::string& name) {
        who.reset();
        who = scene.open(name);
    }
    party::Party& somebody() { return buyer ? *buyer : *seller; }
    SaleState state() { return scene.detail(somebody(), sale).row.state; }
    bool reaches(SaleState wanted) { return scene.reaches(somebody(), sale, wanted); }
    void agree() {
        offer();
        accept();
    }
    void agreeAndSeeTheWallet() {
        agree();
        QVERIFY(canPay());
        const auto payment = scene.detail(*buyer, sale).payment;
        due = payment->amount;
        address = payment->address;
    }
    void payCoins(money::Int128 amount) {
        QVERIFY(scene.host.world->chain().payTo(address, {amount, money::kBtc}).ok());
    }
    /// The deadline of the present state, and what it leads to.
    void letPass(SaleState then) {
        const std::int64_t deadlineMs = scene.detail(somebody(), sale).row.deadlineMs;
        scene.host.clock.pass(deadlineMs - scene.host.clock.wallMs() + 1);
        QVERIFY2(reaches(then), escrow::nameOf(static_cast<escrow::SaleState>(state())));
    }
    Amount available(party::Party& who, money::UnitId unit) {
        for (const api::BalanceRow& row :
             scene.must<std::vector<api::BalanceRow>>([&](auto done) { who.balances(done); }))
            if (row.unit == unit) return row.available;
        return {0, unit};
    }
    bool comesToHave(party::Party& who, const Amount& amount) {
        return scene.pump.until([&] { return available(who, amount.unit) == amount; });
    }
    bool isForSale() {
        return scene.pump.until([&] {
            const auto rows = scene.must<std::vector<api::ListingRow>>([&](auto done) { somebody().listings(done); });
            return rows.size() == 1 && rows[0].available;
        });
    }
    template <class Question>
    std::optional<api::Problem> problemOf(Question question) {
        const auto answer = scene.ask<void>(question);
        return answer ? std::nullopt : std::optional(answer.error().problem);
    }
    void unlock() {
        const std::string path = scene.folder.filePath(QStringLiteral("opened.bin")).toStdString();
        scene.must<api::LibraryRow>([&](auto done) { buyer->unlock(sale, path, {}, done); });
        QVERIFY(read(path) == content);
    }
    /// Of 45 dollars, less a fee of 1 %; with what was held back.
    static Amount earned() { return {usd(45).value - usd(45).value / 100, money::kUsd}; }
};

} // namespace

class TestStalledSteps : public QObject {
    Q_OBJECT
private slots:
    /// B1: nobody accepts it in time, or the buyer thinks better of it.
    void b1AnOfferExpiresOrIsWithdrawn() {
        Scene s;
        s.offer();
        s.letPass(SaleState::Void);
        QVERIFY(s.isForSale());
        s.offer();
        s.scene.mustDo([&](auto done) { s.buyer->withdrawOffer(s.sale, done); });
        QVERIFY(s.reaches(SaleState::Void));
        s.agree();
        QCOMPARE(s.problemOf([&](auto done) { s.buyer->withdrawOffer(s.sale, done); }), api::Problem::SaleWrongState);
    }

    /// B2: rejected, or more is asked for and nobody meets it; and an edition is promised once.
    void b2AnOfferIsRejectedCounteredOrTooLate() {
        Scene s;
        s.offer();
        s.scene.mustDo([&](auto done) { s.seller->rejectOffer(s.sale, done); });
        QVERIFY(s.reaches(SaleState::Void));
        s.offer();
        s.scene.mustDo([&](auto done) { s.seller->counterOffer(s.sale, usd(60), 60'000, done); });
        QVERIFY(s.reaches(SaleState::Countered));
        QCOMPARE(s.problemOf([&](auto done) { s.seller->acceptOffer(s.sale, usd(50), done); }),
                 api::Problem::SaleWrongState);
        s.letPass(SaleState::Void);

        const auto other = s.scene.open("other");
        s.offer();
        const SaleId first = s.sale;
        const SaleId second = s.scene.must<SaleId>([&](auto done) { other->makeOffer(s.offerRequest(), done); });
        QVERIFY(s.scene.reaches(*s.seller, second, SaleState::Offered));
        s.accept();
        QCOMPARE(s.problemOf([&](auto done) { s.seller->acceptOffer(second, usd(45), done); }),
                 api::Problem::SaleAlreadyAccepted);
        const std::int64_t deadlineMs = s.scene.detail(*other, second).row.deadlineMs;
        s.sale = first;
        QVERIFY(s.canPay());
        s.scene.host.clock.pass(deadlineMs - s.scene.host.clock.wallMs() + 1);
        QVERIFY(s.scene.reaches(*other, second, SaleState::Void));
    }

    /// B3: the key never reaches the key server. No money has moved, and the edition is for sale again.
    void b3TheKeyIsNotBrought_data() {
        QTest::addColumn<bool>("hasNoKeyToBoxItWith");
        QTest::addColumn<SaleState>("stays");
        QTest::newRow("no one-sale key is given out") << true << SaleState::Accepted;
        QTest::newRow("the box is lost") << false << SaleState::KeyDeposited; // as the seller says
    }
    void b3TheKeyIsNotBrought() {
        QFETCH(bool, hasNoKeyToBoxItWith);
        QFETCH(SaleState, stays);
        Scene s;
        s.cutKeyServer([hasNoKeyToBoxItWith](const auto& request) {
            return hasNoKeyToBoxItWith ? std::holds_alternative<wire::DepositKeyRequest>(request)
                                       : std::holds_alternative<wire::Deposit>(request);
        });
        s.agree();
        QVERIFY(s.reaches(stays));
        QTest::qWait(200);
        QCOMPARE(s.state(), stays);
        s.letPass(SaleState::Void);
        QVERIFY(s.isForSale());
        s.cut = false;
        s.agreeAndSeeTheWallet(); // and then it is sold
    }

    /// B4: the key server crashes with the key in its hands, and goes on from what it has written; or it never answers.
    void b4TheKeyServerCrashesOrNeverAnswers() {
        Scene s;
        s.scene.keyServer->setCoordinator(
            std::make_unique<Losing>(s.scene.host.linkFor("key server"), [](const auto& r) { return isWrapping(r); }));
        s.agree();
        QVERIFY(s.reaches(SaleState::KeyDeposited));
        QTest::qWait(200);
        QCOMPARE(s.state(), SaleState::KeyDeposited);
        s.buyer.reset(); // their links lead to the one that is gone
        s.seller.reset();
        s.scene.keyServer.reset();
        s.scene.startKeyServer();
        s.seller = s.scene.open("seller");
        s.buyer = s.scene.open("buyer");
        QVERIFY(s.canPay());

        Scene never;
        never.scene.keyServer->setCoordinator(std::make_unique<Losing>(never.scene.host.linkFor("key server"),
                                                                       [](const auto& r) { return isWrapping(r); }));
        never.agree();
        QVERIFY(never.reaches(SaleState::KeyDeposited));
        never.letPass(SaleState::Void);
        QVERIFY(never.isForSale());
    }

    /// B5: the buyer's app is off, and does not sign the terms.
    void b5TheTermsAreNotSigned() {
        Scene s;
        s.offer();
        s.buyer.reset();
        s.accept();
        QVERIFY(s.reaches(SaleState::KeyWrapped));
        s.letPass(SaleState::Void);
        QVERIFY(s.isForSale());
    }

    /// B6: the first exchange is away. Back in time, it opens one wallet; else the sale ends.
    void b6NoWalletIsOpened() {
        Scene s;
        s.first.away = true;
        s.agree();
        QVERIFY(s.reaches(SaleState::KeyWrapped));
        QTest::qWait(200);
        QVERIFY(!s.scene.detail(*s.buyer, s.sale).payment);
        s.first.away = false;
        QVERIFY(s.canPay());
        QCOMPARE(s.first.wallets.load(), 1);

        Scene never;
        never.first.away = true;
        never.agree();
        QVERIFY(never.reaches(SaleState::KeyWrapped));
        never.letPass(SaleState::Void);
    }

    /// B7: nothing is paid, and then it is, too late: on the buyer's account.
    void b7NothingIsPaidInTime() {
        Scene s;
        s.agreeAndSeeTheWallet();
        s.letPass(SaleState::Void);
        QVERIFY(s.isForSale());
        s.payCoins(s.due.value);
        QVERIFY(s.comesToHave(*s.buyer, s.due));
        QCOMPARE(s.state(), SaleState::Void);
    }
    /// B7: too little. Topped up it is enough, and what is too much comes back.
    void b7TooLittleIsToppedUp() {
        Scene s;
        s.agreeAndSeeTheWallet();
        s.payCoins(1'000);
        QVERIFY(s.reaches(SaleState::Seen));
        s.payCoins(s.due.value - 1'000 + 777);
        QVERIFY(s.canUnlock());
        QVERIFY(s.scene.pump.until([&] { return s.available(*s.buyer, money::kBtc).value >= 777; }));
    }
    /// B7: and if it is not, all of it comes back.
    void b7TooLittleComesBack() {
        Scene s;
        s.agreeAndSeeTheWallet();
        s.payCoins(1'000);
        QVERIFY(s.reaches(SaleState::Seen));
        s.letPass(SaleState::Refunded);
        QVERIFY(s.comesToHave(*s.buyer, {1'000, money::kBtc}));
        QVERIFY(s.available(*s.seller, money::kUsd).isZero());
    }

    /// B8: the file is nowhere to be had. All of the money comes back.
    void b8TheFileDoesNotCome() {
        Scene s;
        s.agreeAndSeeTheWallet();
        s.seller.reset();
        s.scene.files.clear();
        s.payCoins(s.due.value);
        QVERIFY(s.reaches(SaleState::Funded));
        s.letPass(SaleState::Refunded);
        QVERIFY(s.comesToHave(*s.buyer, s.due));
    }
    /// B8: the file is there, and the buyer does not say so. It counts as delivered, and the seller is paid.
    void b8TheBuyerIsSilent() {
        Scene s;
        s.agreeAndSeeTheWallet();
        s.buyer.reset();
        s.payCoins(s.due.value);
        QVERIFY(s.reaches(SaleState::Funded));
        QVERIFY(s.scene.pump.until([&] { // the coordinator looks whether its store has it
            bool isStored = false;
            (void)s.scene.host.host->visit(
                [&](const engine::Engine& engine) { isStored = engine.sale(s.sale)->stored.has_value(); });
            return isStored;
        }));
        s.letPass(SaleState::KeySent2);
        s.letPass(SaleState::Completed); // silence counts as content
        QVERIFY(s.comesToHave(*s.seller, Scene::earned()));
        s.buyer = s.scene.open("buyer");
        QVERIFY(
            s.scene.reaches(*s.buyer, s.sale, [](const auto& now) { return now.part1Arrived && now.part2Arrived; }));
        s.unlock(); // the key can be had for ever
    }

    /// B9: the dollars are not provided in time; or the key server does not say that it can still release the key.
    void b9NothingComesIntoEscrow() {
        Scene s;
        s.agreeAndSeeTheWallet();
        s.first.away = true;
        s.payCoins(s.due.value);
        QVERIFY(s.reaches(SaleState::Delivered));
        s.letPass(SaleState::Refunding);
        s.first.away = false; // the wallet is closed, and the coins are the buyer's
        QVERIFY(s.reaches(SaleState::Refunded));
        QVERIFY(s.comesToHave(*s.buyer, s.due));

        Scene unready;
        unready.cutKeyServer(
            [](const auto& request) { return std::holds_alternative<wire::KeyReadyRequest>(request); });
        unready.agreeAndSeeTheWallet();
        unready.payCoins(unready.due.value);
        QVERIFY(unready.reaches(SaleState::Delivered));
        unready.letPass(SaleState::Refunded);
        QVERIFY(unready.comesToHave(*unready.buyer, unready.due));
        QVERIFY(unready.available(*unready.seller, money::kUsd).isZero());
    }

    /// B10: the dollar exchange is away. It pays once when it is back; and if it never is, the ledger does.
    void b10TheDollarExchangeIsAway() {
        for (const bool comesBack : {true, false}) {
            Scene s;
            s.agreeAndSeeTheWallet();
            s.dollars.away = true;
            s.payCoins(s.due.value);
            QVERIFY(s.reaches(SaleState::Escrowed));
            QTest::qWait(200);
            QCOMPARE(s.state(), SaleState::Escrowed);
            if (comesBack)
                s.dollars.away = false;
            else
                s.letPass(SaleState::KeySent2);
            QVERIFY(s.canUnlock());
            s.unlock();
            QVERIFY(s.reaches(SaleState::Completed));
            QVERIFY(s.comesToHave(*s.seller, Scene::earned()));
        }
    }

    /// B11: the second exchange is away. The key does not wait for it, and in the end the house keeps the coins.
    void b11TheCoinsAreNotTaken() {
        Scene s;
        s.agreeAndSeeTheWallet();
        s.second.away = true;
        s.payCoins(s.due.value);
        QVERIFY(s.canUnlock());
        s.unlock();
        QVERIFY(s.reaches(SaleState::Unlocked));
        QTest::qWait(200);
        QVERIFY(s.scene.detail(*s.buyer, s.sale).settlement != api::Settlement::Done);
        s.letPass(SaleState::Completed);
        QVERIFY(s.comesToHave(*s.seller, Scene::earned()));
        QVERIFY(s.available(*s.buyer, money::kBtc).isZero());
    }

    /// B12: the key server is silent once the seller is paid. It may come back; and else the buyer is made whole.
    void b12TheKeyDoesNotCome() {
        const auto isAfterPayment = [](const auto& request) {
            return std::holds_alternative<wire::Release>(request) || std::holds_alternative<wire::FetchPart>(request);
        };
        for (const bool comesBack : {true, false}) {
            Scene s;
            s.cutKeyServer(isAfterPayment);
            s.agreeAndSeeTheWallet();
            s.payCoins(s.due.value);
            QVERIFY(s.reaches(SaleState::SellerPaid));
            s.letPass(SaleState::Rekeying);
            if (comesBack) {
                s.cut = false;
                QVERIFY(s.canUnlock());
                s.unlock();
                QVERIFY(s.reaches(SaleState::Completed));
            } else {
                s.letPass(SaleState::KeyLost);
                QVERIFY(s.comesToHave(*s.buyer, usd(45))); // the price, and not what it has cost in coins
            }
        }
    }

    /// B13: part 2 cannot be fetched for a while. It is there for whenever it can.
    void b13TheSecondPartIsFetchedLater() {
        Scene s;
        s.cutKeyServer([](const auto& request) { return std::holds_alternative<wire::FetchPart>(request); });
        s.agreeAndSeeTheWallet();
        s.payCoins(s.due.value);
        QVERIFY(s.reaches(SaleState::KeySent2));
        QVERIFY(s.scene.reaches(*s.buyer, s.sale, [](const auto& now) { return now.part1Arrived; }));
        QVERIFY(!s.scene.detail(*s.buyer, s.sale).part2Arrived);
        s.cut = false;
        QVERIFY(s.canUnlock());
        s.unlock();
    }

    /// B14: the buyer never opens it, and never objects.
    void b14TheBuyerDoesNotOpenIt() {
        Scene s;
        s.agreeAndSeeTheWallet();
        s.payCoins(s.due.value);
        QVERIFY(s.canUnlock());
        s.letPass(SaleState::Completed);
        QVERIFY(s.comesToHave(*s.seller, Scene::earned()));
        s.unlock(); // it is the buyer's all the same
    }
};

QTEST_GUILESS_MAIN(TestStalledSteps)
#include "tst_stalled_steps.moc"
