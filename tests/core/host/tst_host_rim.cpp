// What the host does at the rim: the effects of a sale, deposits, and deadlines that wait for the rails and for a clock
// that can be trusted.
#include "tests/core/host/HostScene.h"
#include "tests/support/SaleCommands.h"

#include <QDir>

using namespace tallylock;
using namespace tallylock::test;
using engine::SaleChanged;
using engine::SaleState;
using Stream = ports::Link::Stream;

namespace {

money::Amount bitcoin(std::int64_t satoshi) { return {satoshi, money::kBtc}; }

/// Signs what a key server signs, without passwords.
class SigningKeyServer {
public:
    explicit SigningKeyServer(HostScene& scene) : m_scene(scene) {}

    std::atomic<int> releases{0};
    std::atomic<bool> silent{false};

    std::unique_ptr<ports::Link> link() { return std::make_unique<SigningLink>(*this); }
    /// What it owes the coordinator after a release.
    std::optional<wire::Release> released() {
        const std::lock_guard lock(m_mutex);
        return m_released;
    }

private:
    class SigningLink final : public ports::Link {
    public:
        explicit SigningLink(SigningKeyServer& server) : m_server(server) {}
        void request(Bytes frame, std::function<void(Result<Bytes, ports::LinkError>)> done) override {
            if (m_server.silent) return done(Err(ports::LinkError::Closed));
            done(encodeCbor(m_server.answer(*decodeCbor<wire::Request>(frame))));
        }
        std::unique_ptr<ports::Subscription> subscribe(Stream, std::uint64_t,
                                                       std::function<void(const wire::StreamItem&)>) override {
            return nullptr;
        }

    private:
        SigningKeyServer& m_server;
    };

    wire::Answer answer(const wire::Request& request) {
        if (const auto* asked = std::get_if<wire::KeyReadyRequest>(&request)) {
            if (asked->ready.contract != crypto::labelledHash("contract", asked->contract)) return wire::Problem{};
            return wire::KeyReadyReply{m_scene.keyServer.sign("key-ready", asked->ready)};
        }
        const auto* release = std::get_if<wire::Release>(&request);
        if (!release) return wire::Problem{};
        const bool proven =
            crypto::verify(m_scene.coordinator.key(), "r10", release->payout, release->payoutSignature) &&
            release->payout.deliveryReceipt == crypto::labelledHash("r8", release->delivery) &&
            release->payout.keyReady == crypto::labelledHash("key-ready", release->keyReady) && release->payout.entry &&
            !release->payout.journalHead.isZero();
        if (!proven) return wire::Problem{wire::FrameProblem::NotPaid, {}};
        const std::lock_guard lock(m_mutex);
        m_released = *release;
        ++releases;
        return wire::Accepted{};
    }

    HostScene& m_scene;
    std::mutex m_mutex;
    std::optional<wire::Release> m_released;
};

/// One sale, told by those who act in it. What the host does by itself is waited for.
class Story {
public:
    explicit Story(HostScene& scene) : m_scene(scene), m_server(scene) {
        start();
        for (Person* person : {&m_seller, &m_buyer}) {
            person->mustSubmit(engine::RegisterHolder{person->name, false, person->identity.boxKey()});
        }
    }
    ~Story() { stop(); }

    void start() {
        m_scene.start();
        connect();
        m_scene.host->setKeyServer(m_server.link());
    }
    void connect() {
        for (Person* person : {&m_seller, &m_buyer, &m_keyServer}) m_scene.connect(*person);
        m_listener = std::make_unique<Listener>(*m_buyer.link, Stream::Own);
    }
    void stop() {
        m_listener.reset();
        for (Person* person : {&m_seller, &m_buyer, &m_keyServer}) person->link.reset();
        m_scene.stop();
    }
    SigningKeyServer& server() { return m_server; }
    Person& buyer() { return m_buyer; }

    std::optional<SaleChanged> sale() const {
        const auto changes = m_listener->eventsOf<SaleChanged>();
        return changes.empty() ? std::nullopt : std::optional(changes.back());
    }
    bool reaches(SaleState state) const {
        return eventually([&] { return sale() && sale()->state == state; });
    }

    void list() {
        m_listing.assetId = hashNamed("asset");
        m_listing.name = "A song";
        m_listing.mediaType = "audio/ogg";
        m_listing.sizeBytes = 1000;
        m_listing.sealedSize = 1200;
        m_listing.manifestHash = hashNamed("manifest");
        m_listing.sealedRoot = hashNamed("sealed");
        m_listing.plainRoot = hashNamed("plain");
        m_listing.recipient = m_seller.identity.boxKey();
        m_listing.price = usd(100);
        m_listing.manifest = {1};
        m_number = ListingId{m_seller.mustSubmit(m_listing)};
    }
    void offer() {
        m_sale = {m_buyer.mustSubmit(engine::MakeOffer{m_number, money::kBtc, usd(100), usd(90),
                                                       m_scene.clock.wallMs() + 600'000, hashNamed("nonce")})};
        QVERIFY(reaches(SaleState::Offered));
    }
    void accept() {
        const engine::Terms terms = termsNow();
        const engine::TermsAcceptance signs{crypto::labelledHash("terms", terms)};
        m_seller.mustSubmit(engine::AcceptOffer{m_sale, terms, m_seller.identity.sign("accept-terms", signs)});
        m_buyer.mustSubmit(engine::SignTerms{m_sale, m_buyer.identity.sign("accept-terms", signs)});
        QVERIFY(reaches(SaleState::Accepted));
    }
    void wrapUnquoted() {
        m_seller.mustSubmit(engine::DepositKey{m_sale, hashNamed("deposit")});
        const SaleChanged now = *sale();
        const engine::KeyReceiptBody body{
            *now.termsHash,        hashNamed("c1"),      hashNamed("c2"), now.terms->recipient,
            now.terms->sealedRoot, now.terms->plainRoot, "full"};
        m_keyServer.mustSubmit(engine::WrapKey{m_sale, {body, m_scene.keyServer.sign("r4", body)}});
    }
    void wrap() {
        wrapUnquoted();
        QVERIFY(eventually([&] { return sale()->wallet.has_value(); })); // B5 and B6 are the host's
    }
    void fund() {
        m_buyer.mustSubmit(engine::SignFunding{m_sale, *sale()->contract, *sale()->walletReceipt});
        QVERIFY(m_scene.world->chain().payTo(sale()->wallet->address, *sale()->coins).ok());
        QVERIFY(reaches(SaleState::Funded));
    }
    void deliver() {
        const engine::DeliveryReceipt r8{*sale()->contract, sale()->terms->sealedRoot};
        m_buyer.mustSubmit(engine::ConfirmDelivery{m_sale, r8, m_buyer.identity.sign("r8", r8)});
    }
    void pay() { // B9, B10 and B11 are the host's
        QVERIFY(reaches(SaleState::SellerPaid));
        QVERIFY(eventually([&] { return sale()->settlement == engine::Settlement::Done; }));
        QVERIFY(eventually([&] { return m_server.released().has_value(); }));
    }
    void send() {
        const Bytes box = bytesOf("part 1");
        for (const std::uint8_t number : {std::uint8_t{1}, std::uint8_t{2}}) {
            const engine::KeyPartNote note{*sale()->contract, number, crypto::labelledHash("part", encodeCbor(box))};
            m_keyServer.mustSubmit(
                engine::SendPart{m_sale, note, m_scene.keyServer.sign("key-part", note), number == 1 ? box : Bytes()});
        }
        QVERIFY(reaches(SaleState::KeySent2));
    }
    void unlock() {
        const engine::UnlockReceipt r14{*sale()->contract, true};
        m_buyer.mustSubmit(engine::ConfirmUnlock{m_sale, r14, m_buyer.identity.sign("r14", r14)});
        QVERIFY(reaches(SaleState::Completed));
    }
    /// All of it, with something done after each step.
    void tell(const std::function<void()>& between = {}) {
        using Step = void (Story::*)();
        for (const Step step : {&Story::list, &Story::offer, &Story::accept, &Story::wrap, &Story::fund,
                                &Story::deliver, &Story::pay, &Story::send, &Story::unlock}) {
            (this->*step)();
            if (QTest::currentTestFailed()) return;
            if (between) between();
        }
    }

private:
    engine::Terms termsNow() const {
        const SaleChanged now = *sale();
        engine::Terms t;
        t.buyerNonce = now.buyerNonce;
        t.sellerNonce = hashNamed("seller nonce");
        t.listing = now.listing;
        t.manifestHash = m_listing.manifestHash;
        t.recipient = m_listing.recipient;
        t.sealedRoot = m_listing.sealedRoot;
        t.plainRoot = m_listing.plainRoot;
        t.sealedSize = m_listing.sealedSize;
        t.buyer = now.buyerKeys;
        t.seller = now.sellerKeys;
        t.keyServer = m_scene.config.keyServer;
        t.coordinator = m_scene.coordinator.key();
        t.coin = now.coin;
        t.price = now.bid;
        t.fee = *money::feeOf(t.price, m_scene.config.saleFeeBasisPoints);
        t.holdback = *money::feeOf(t.price, m_scene.config.holdbackBasisPoints);
        t.deadlines = m_scene.config.deadlines;
        return t;
    }

    HostScene& m_scene;
    SigningKeyServer m_server;
    Person m_seller{"seller"};
    Person m_buyer{"buyer"};
    Person m_keyServer{"key server"};
    std::unique_ptr<Listener> m_listener;
    engine::PublishListing m_listing;
    ListingId m_number;
    SaleId m_sale;
};

/// Refuses every call a few times, and counts.
class MoodyExchange final : public ports::FirstExchange {
public:
    MoodyExchange(ports::FirstExchange& kind, int moods) : m_kind(kind), m_moods(moods) {}
    std::atomic<int> calls{0};
    Result<Quote, ports::RailError> quote(SaleId sale, money::UnitId coin, const money::Amount& dollars) override {
        if (isMoody(m_quotes)) return Err(ports::RailError::Unreachable);
        return m_kind.quote(sale, coin, dollars);
    }
    Result<Wallet, ports::RailError> openWallet(SaleId sale, money::UnitId coin) override {
        if (isMoody(m_wallets)) return Err(ports::RailError::Unreachable);
        return m_kind.openWallet(sale, coin);
    }
    Result<std::string, ports::RailError> provide(SaleId sale, const money::Amount& dollars) override {
        if (isMoody(m_provisions)) return Err(ports::RailError::Refused);
        return m_kind.provide(sale, dollars);
    }
    Result<std::string, ports::RailError> closeWallet(SaleId sale) override { return m_kind.closeWallet(sale); }

private:
    bool isMoody(int& count) {
        ++calls;
        return count++ < m_moods;
    }
    ports::FirstExchange& m_kind;
    int m_moods;
    int m_quotes = 0;
    int m_wallets = 0;
    int m_provisions = 0;
};

/// Lets whoever asks for a quote wait.
class SlowExchange final : public ports::FirstExchange {
public:
    explicit SlowExchange(ports::FirstExchange& quick) : m_quick(quick) {}
    std::atomic<bool> shut{true};
    std::atomic<int> asked{0};
    Result<Quote, ports::RailError> quote(SaleId sale, money::UnitId coin, const money::Amount& dollars) override {
        ++asked;
        while (shut) QTest::qSleep(1);
        return m_quick.quote(sale, coin, dollars);
    }
    Result<Wallet, ports::RailError> openWallet(SaleId sale, money::UnitId coin) override {
        return m_quick.openWallet(sale, coin);
    }
    Result<std::string, ports::RailError> provide(SaleId sale, const money::Amount& dollars) override {
        return m_quick.provide(sale, dollars);
    }
    Result<std::string, ports::RailError> closeWallet(SaleId sale) override { return m_quick.closeWallet(sale); }

private:
    ports::FirstExchange& m_quick;
};

/// Sales between two people up to where the host is to freeze the quote.
class ManySales {
public:
    explicit ManySales(HostScene& scene)
        : m_scene(scene),
          m_seller(scene.person("seller")),
          m_buyer(scene.person("buyer")) {
        scene.connect(m_keyServer);
    }
    ~ManySales() { // their links go before the host
        for (Person* person : {&m_seller, &m_buyer, &m_keyServer}) person->link.reset();
        m_scene.stop();
    }

    void begin() {
        const std::string name = "asset " + std::to_string(m_sales.size());
        engine::PublishListing listed;
        listed.assetId = saleHash(name);
        listed.name = name;
        listed.sizeBytes = 1000;
        listed.sealedSize = 1200;
        listed.manifestHash = saleHash("manifest of " + name);
        listed.sealedRoot = saleHash("sealed " + name);
        listed.plainRoot = saleHash("plain " + name);
        listed.recipient = *BoxKey::from(saleHash("recipient of " + name).view());
        listed.price = usd(100);
        listed.manifest = {1};
        const ListingId listing{m_seller.mustSubmit(listed)};
        const SaleId id{m_buyer.mustSubmit(engine::MakeOffer{listing, money::kBtc, usd(100), usd(100),
                                                             m_scene.clock.wallMs() + 600'000, saleHash("nonce")})};
        const SaleSigners by{m_buyer.identity.signingKey(), m_seller.identity.signingKey(),
                             m_keyServer.identity.signingKey()};
        m_seller.mustSubmit(acceptanceOf(id, termsOf(*sale(id), listed, m_scene.config), by.seller));
        m_buyer.mustSubmit(buyersSignatureOn(*sale(id), by));
        m_seller.mustSubmit(engine::DepositKey{id, saleHash("deposit")});
        m_keyServer.mustSubmit(wrappingOf(*sale(id), by));
        m_sales.push_back(id);
    }
    std::size_t withWallet() const {
        std::size_t count = 0;
        for (const SaleId id : m_sales) count += sale(id)->wallet ? 1u : 0u;
        return count;
    }

private:
    std::optional<SaleChanged> sale(SaleId id) const {
        std::optional<SaleChanged> found;
        m_scene.host->visit([&](const engine::Engine& engine) {
            if (const SaleChanged* view = engine.sale(id)) found = *view;
        });
        return found;
    }
    HostScene& m_scene;
    Person m_seller;
    Person m_buyer;
    Person m_keyServer{"key server"};
    std::vector<SaleId> m_sales;
};

/// A rail that can be cut off.
class FarRail final : public ports::Rail {
public:
    explicit FarRail(ports::Rail& near) : m_near(near) {}
    std::atomic<bool> cut{false};
    std::string name() const override { return m_near.name(); }
    bool carries(money::UnitId unit) const override { return m_near.carries(unit); }
    Result<std::string, ports::RailError> expect(money::UnitId unit, const std::string& key) override {
        if (cut) return Err(ports::RailError::Unreachable);
        return m_near.expect(unit, key);
    }
    Result<std::vector<ports::Sighting>, ports::RailError> observe(std::uint64_t cursor, std::size_t limit) override {
        if (cut) return Err(ports::RailError::Unreachable);
        return m_near.observe(cursor, limit);
    }
    Result<std::string, ports::RailError> pay(const std::string& key, const std::string& to,
                                              const money::Amount& amount) override {
        return m_near.pay(key, to, amount);
    }
    Result<money::Amount, ports::RailError> balance(money::UnitId unit) override { return m_near.balance(unit); }

private:
    ports::Rail& m_near;
};

wire::TrialBalance trialBalance(Person& person) { return *person.ask<wire::TrialBalance>(wire::TrialBalanceQuery{}); }

/// Time passes, and the host looks at the clock.
void pass(HostScene& scene, std::int64_t ms) {
    scene.clock.pass(ms);
    scene.host->wake();
}

void forgetSnapshots(HostScene& scene) {
    QDir folder(scene.folder.path());
    for (const QString& name : folder.entryList({QStringLiteral("snapshot-*")})) folder.remove(name);
}

/// The state, and the last command in it.
std::pair<std::optional<Hash>, std::uint64_t> stateAndSequence(HostScene& scene) {
    while (true) {
        const auto sequence = scene.host->status().sequence;
        const auto hash = scene.host->stateHash();
        if (scene.host->status().sequence == sequence) return {hash, sequence};
    }
}

/// Long enough for a deadline to fire if it were going to.
void giveTimeToGoWrong() { QTest::qSleep(150); }

} // namespace

class TestHostRim : public QObject {
    Q_OBJECT
private slots:
    void carriesASaleThrough() {
        HostScene scene;
        Story story(scene);
        story.tell();
        const auto balance = trialBalance(story.buyer());
        QCOMPARE(balance.lines.size(), std::size_t{2});
        for (const auto& line : balance.lines) {
            QVERIFY(line.debits.value + line.credits.value == 0);
            QVERIFY(line.credits.isPositive());
        }
    }

    /// A restart after each step, from snapshots and from nothing: the sale goes on where it was.
    void carriesASaleThroughRestarts_data() {
        QTest::addColumn<bool>("snapshots");
        QTest::newRow("with snapshots") << true;
        QTest::newRow("without") << false;
    }
    void carriesASaleThroughRestarts() {
        QFETCH(bool, snapshots);
        HostScene scene;
        Story story(scene);
        story.tell([&] {
            const auto before = stateAndSequence(scene);
            story.stop();
            if (!snapshots) forgetSnapshots(scene);
            story.start();
            // The rails go on: where nothing new was seen, nothing is different.
            const auto after = stateAndSequence(scene);
            if (after.second == before.second) QVERIFY(after.first == before.first);
            QVERIFY(eventually([&] { return story.sale().has_value() || before.second < 4; }));
        });
    }

    void triesAgainWhatTheOutsideRefuses() {
        HostScene scene;
        MoodyExchange moody(scene.world->firstExchange(), 3);
        scene.firstExchange = &moody;
        Story story(scene);
        story.tell();
        QCOMPARE(moody.calls.load(), 3 * 4); // and no oftener than needed
    }

    /// Beyond the cap there is no quote, and the key's deadline ends what waits for one: nobody has paid yet.
    void waitsForTheFloat() {
        HostScene scene;
        scene.quotes.floatCap = usd(99);
        Story story(scene);
        story.list();
        story.offer();
        story.accept();
        story.wrapUnquoted();
        QVERIFY(story.reaches(SaleState::KeyWrapped));
        pass(scene, scene.config.deadlines.keyMs + 1);
        QVERIFY(story.reaches(SaleState::Void));
        QVERIFY(!story.sale()->coins);
    }

    /// B11 on our own book. The sale does not wait for bids, and what it has brought is sold when they come, also after
    /// a restart; a quote is made from them where they are deep enough.
    void sellsTheCoinsOnTheBook() {
        HostScene scene;
        scene.config.secondExchange = engine::SecondExchange::OwnBook;
        Story story(scene);
        (void)scene.host->perform({engine::OpenInstrument{"BTC/USD", money::kBtc, money::kUsd, usd(1), bitcoin(10'000),
                                                          bitcoin(10'000), bitcoin(100'000'000)},
                                   engine::SteerInstrument{{1}, false, usd(50'000)}});
        const auto left = [&] {
            money::Int128 coins = 0;
            scene.host->visit([&](const engine::Engine& engine) {
                for (const auto& [coin, stock] : engine.coinStocks()) coins += stock.left.value;
            });
            return coins;
        };
        story.tell();
        QVERIFY(*story.sale()->coins == bitcoin(200'000)); // nobody bids: the practice exchange's price
        QVERIFY(left() == 200'000);

        story.stop();
        story.start();
        Person bidder = scene.person("bidder");
        {
            const Listener listener(*bidder.link, Stream::Own);
            bidder.mustSubmit(engine::RequestDepositIdentifier{money::kUsd});
            QVERIFY(eventually([&] { return listener.eventsOf<engine::IdentifierAssigned>().size() == 1; }));
            const auto assigned = listener.eventsOf<engine::IdentifierAssigned>();
            QVERIFY(scene.world->bank().transfer(assigned[0].identifier, usd(1'000)).ok());
        }
        const auto bid = [&](std::int64_t dollars, std::int64_t coins) {
            return bidder.submit(engine::PlaceOrder{{1}, 0, usd(dollars), bitcoin(coins)})->reply.refused ==
                   engine::Refused::No;
        };
        QVERIFY(eventually([&] { return bid(49'000, 150'000); }));
        QVERIFY(eventually([&] { return left() == 50'000; }));
        QVERIFY(bid(44'000, 150'000)); // too far below the reference price
        QVERIFY(bid(48'000, 150'000));
        QVERIFY(eventually([&] { return left() == 0; }));
    }

    /// What has become due while the outside was slow is answered together, not one batch after the other.
    void carriesOutTogetherWhatIsDue() {
        constexpr std::size_t kSales = 30;
        HostScene scene;
        SlowExchange slow(scene.world->firstExchange());
        scene.firstExchange = &slow;
        scene.start();
        ManySales sales(scene);
        sales.begin();
        QVERIFY(eventually([&] { return slow.asked == 1; }));
        for (std::size_t i = 1; i < kSales; ++i) sales.begin();
        const std::uint64_t before = scene.host->status().batch;
        slow.shut = false;
        QVERIFY(eventually([&] { return sales.withWallet() == kSales; }));
        // Two answers a sale. One by one they were sixty batches.
        QVERIFY2(scene.host->status().batch - before <= kSales,
                 qPrintable(QString::number(scene.host->status().batch - before)));
    }

    void waitsForTheKeyServer() {
        HostScene scene;
        Story story(scene);
        story.server().silent = true;
        story.list();
        story.offer();
        story.accept();
        story.wrap();
        story.fund();
        story.deliver();
        giveTimeToGoWrong();
        QCOMPARE(story.sale()->state, SaleState::Delivered); // no dollars move for a key that is gone
        story.server().silent = false;
        story.pay();
    }

    /// Until the parts are reported sent, and not afterwards.
    void sendsTheProofOfPaymentAgain() {
        HostScene scene;
        Story story(scene);
        story.tell([&] {
            if (story.server().releases == 1) QVERIFY(eventually([&] { return story.server().releases >= 3; }));
        });
        const int releases = story.server().releases;
        giveTimeToGoWrong();
        QCOMPARE(story.server().releases.load(), releases);
    }

    void refundsWhenDeliveryFails() {
        HostScene scene;
        Story story(scene);
        story.list();
        story.offer();
        story.accept();
        story.wrap();
        story.fund();
        pass(scene, scene.config.deadlines.deliveryMs + 1);
        QVERIFY(story.reaches(SaleState::Refunded));
    }

    void creditsDepositsOnce() {
        HostScene scene;
        scene.start();
        Person ada = scene.person("Ada");
        auto listener = std::make_unique<Listener>(*ada.link, Stream::Own);
        ada.mustSubmit(engine::RequestDepositIdentifier{money::kBtc});
        ada.mustSubmit(engine::RequestDepositIdentifier{money::kUsd});
        QVERIFY(eventually([&] { return listener->eventsOf<engine::IdentifierAssigned>().size() == 2; }));
        for (const auto& assigned : listener->eventsOf<engine::IdentifierAssigned>()) {
            if (assigned.unit == money::kBtc) {
                QVERIFY(scene.world->chain().payTo(assigned.identifier, bitcoin(5000)).ok());
            } else {
                QVERIFY(scene.world->bank().transfer(assigned.identifier, usd(70)).ok());
            }
        }
        const auto balances = [&] {
            std::map<money::UnitId, money::Int128> found;
            for (const auto& b : listener->eventsOf<engine::BalanceChanged>()) found[b.total.unit] = b.total.value;
            return found;
        };
        QVERIFY(eventually([&] { return balances().size() == 2; }));
        QVERIFY(balances()[money::kBtc] == 5000);
        QVERIFY(balances()[money::kUsd] == usd(70).value);
        // The last block that the chain makes for this payment has been looked at.
        QVERIFY(eventually([&] { return scene.world->chain().observe(0, 100)->size() == 7; }));
        std::uint64_t sequence = 0;
        QVERIFY(eventually([&] {
            const auto now = scene.host->status().sequence;
            QTest::qSleep(60);
            sequence = scene.host->status().sequence;
            return now == sequence;
        }));
        listener.reset();
        scene.restart();
        giveTimeToGoWrong();
        QCOMPARE(scene.host->status().sequence, sequence); // the cursors were kept: nothing is looked at twice
    }

    /// A crash comes between the journal and the cursor: the page is submitted a second time.
    void aPageThatComesAgainIsNoNews() {
        HostScene scene;
        scene.start();
        Person ada = scene.person("Ada");
        ada.mustSubmit(engine::RequestDepositIdentifier{money::kBtc});
        std::string address;
        {
            const Listener listener(*ada.link, Stream::Own);
            QVERIFY(eventually([&] { return listener.eventsOf<engine::IdentifierAssigned>().size() == 1; }));
            address = listener.eventsOf<engine::IdentifierAssigned>()[0].identifier;
        }
        QVERIFY(scene.world->chain().payTo(address, bitcoin(5000)).ok());
        QVERIFY(eventually([&] { return scene.world->chain().observe(0, 100)->size() == 7; }));
        const auto credited = [&] {
            const Listener listener(*ada.link, Stream::Own);
            return eventually([&] { return !listener.eventsOf<engine::BalanceChanged>().empty(); });
        };
        QVERIFY(credited());
        scene.stop();
        scene.forgetCursorOf("practice-chain");
        scene.start();
        scene.connect(ada);
        const Listener listener(*ada.link, Stream::Own);
        giveTimeToGoWrong();
        const auto balances = listener.eventsOf<engine::BalanceChanged>();
        QCOMPARE(balances.size(), std::size_t{1});
        QVERIFY(balances[0].total.value == 5000);
    }

    void makesTheIdentifierLaterIfTheRailIsAway() {
        HostScene scene;
        FarRail far(scene.world->chain());
        scene.rail = &far;
        far.cut = true;
        scene.start();
        Person ada = scene.person("Ada");
        ada.mustSubmit(engine::RequestDepositIdentifier{money::kBtc});
        scene.restart();
        far.cut = false;
        scene.connect(ada);
        const Listener listener(*ada.link, Stream::Own);
        QVERIFY(eventually([&] { return listener.eventsOf<engine::IdentifierAssigned>().size() == 1; }));
    }

    void firesADeadlineWhenItIsDue() {
        HostScene scene;
        Story story(scene);
        story.list();
        story.offer();
        pass(scene, 599'999);
        giveTimeToGoWrong();
        QCOMPARE(story.sale()->state, SaleState::Offered);
        pass(scene, 2);
        QVERIFY(story.reaches(SaleState::Void));
        const auto before = scene.host->stateHash();
        story.stop();
        forgetSnapshots(scene);
        story.start();
        QVERIFY(scene.host->stateHash() == before); // the tick is in the journal
    }

    /// A payment that lies on the rail unseen must not come too late.
    void firesNoDeadlineBeforeTheRailsAreSeen() {
        HostScene scene;
        FarRail far(scene.world->chain());
        scene.rail = &far;
        Story story(scene);
        story.list();
        story.offer();
        far.cut = true;
        giveTimeToGoWrong();
        pass(scene, 700'000);
        giveTimeToGoWrong();
        Person other = scene.person("somebody"); // commands are taken all the while
        QCOMPARE(story.sale()->state, SaleState::Offered);
        far.cut = false;
        QVERIFY(story.reaches(SaleState::Void));
    }

    void firesNoDeadlineOnAClockThatWasSet_data() {
        QTest::addColumn<qint64>("jumpMs");
        QTest::addColumn<bool>("held");
        QTest::newRow("a year forward") << qint64{365} * 24 * 3600 * 1000 << true;
        QTest::newRow("six minutes forward") << qint64{360'000} << true;
        QTest::newRow("a day back") << qint64{-24} * 3600 * 1000 << true;
        QTest::newRow("four minutes forward") << qint64{240'000} << false;
        QTest::newRow("four minutes back") << qint64{-240'000} << false;
    }
    void firesNoDeadlineOnAClockThatWasSet() {
        QFETCH(qint64, jumpMs);
        QFETCH(bool, held);
        HostScene scene;
        Story story(scene);
        story.list();
        story.offer();
        pass(scene, 400'000);
        scene.clock.jump(jumpMs);
        scene.host->wake();
        giveTimeToGoWrong();
        QCOMPARE(scene.host->status().clockHeld, held);
        if (held) {
            QCOMPARE(story.sale()->state, SaleState::Offered);
            Person other = scene.person("somebody"); // commands are taken all the while
            scene.host->confirmClock();
            QVERIFY(!scene.host->status().clockHeld);
        }
        // The offer is good for ten minutes by the clock that counts.
        const bool isOver = 400'000 + jumpMs >= 600'000;
        if (isOver) {
            QVERIFY(story.reaches(SaleState::Void));
        } else {
            giveTimeToGoWrong();
            QCOMPARE(story.sale()->state, SaleState::Offered);
        }
    }
};

QTEST_GUILESS_MAIN(TestHostRim)
#include "tst_host_rim.moc"
