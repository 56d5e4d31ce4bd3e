// One sale at the rim of a host, told by those who act in it, with a key server that signs without passwords.
#pragma once

#include "tests/core/host/HostScene.h"
#include "tests/support/SaleCommands.h"

#include <map>

namespace tallylock::test {

using engine::SaleChanged;
using engine::SaleState;

inline money::Amount bitcoin(std::int64_t satoshi) { return {satoshi, money::kBtc}; }

/// Signs what a key server signs, without passwords.
class SigningKeyServer {
public:
    explicit SigningKeyServer(HostScene& scene) : m_scene(scene) {}

    std::atomic<int> releases{0};
    std::atomic<int> readies{0}; ///< how often it was asked whether the key is ready
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
            ++readies;
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
        m_listener = std::make_unique<Listener>(*m_buyer.link, ports::Link::Stream::Own);
    }
    void stop() {
        m_listener.reset();
        for (Person* person : {&m_seller, &m_buyer, &m_keyServer}) person->link.reset();
        m_scene.stop();
    }
    std::optional<engine::FundingMode> funding; ///< that the offer asks for
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
                                                       m_scene.clock.wallMs() + 600'000, hashNamed("nonce"),
                                                       std::nullopt, std::nullopt, funding})};
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
    void agree() { m_buyer.mustSubmit(engine::SignFunding{m_sale, *sale()->contract, *sale()->walletReceipt}); }
    /// All of these, one after the other.
    void goToFunded() {
        list();
        offer();
        accept();
        wrap();
        fund();
    }
    void fund() {
        agree();
        QVERIFY(m_scene.world->chain().payTo(sale()->wallet->address, *sale()->coins).ok());
        QVERIFY(reaches(SaleState::Funded));
    }
    void askForQuote() { m_buyer.mustSubmit(engine::AskQuote{m_sale}); }
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
        t.funding = now.funding;
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

/// Passes everything on.
class ThroughExchange : public ports::FirstExchange {
public:
    explicit ThroughExchange(ports::FirstExchange& other) : m_other(other) {}
    Result<Quote, ports::RailError> quote(const QuoteWanted& wanted) override { return m_other.quote(wanted); }
    Result<Wallet, ports::RailError> openWallet(SaleId sale, money::UnitId coin) override {
        return m_other.openWallet(sale, coin);
    }
    Result<std::string, ports::RailError> provide(SaleId sale, const money::Amount& dollars) override {
        return m_other.provide(sale, dollars);
    }
    Result<std::string, ports::RailError> closeWallet(SaleId sale) override { return m_other.closeWallet(sale); }

private:
    ports::FirstExchange& m_other;
};

/// Refuses every call a few times, and counts.
class MoodyExchange final : public ThroughExchange {
public:
    MoodyExchange(ports::FirstExchange& kind, int moods) : ThroughExchange(kind), m_moods(moods) {}
    std::atomic<int> calls{0};
    Result<Quote, ports::RailError> quote(const QuoteWanted& wanted) override {
        if (isMoody(m_quotes)) return Err(ports::RailError::Unreachable);
        return ThroughExchange::quote(wanted);
    }
    Result<Wallet, ports::RailError> openWallet(SaleId sale, money::UnitId coin) override {
        if (isMoody(m_wallets)) return Err(ports::RailError::Unreachable);
        return ThroughExchange::openWallet(sale, coin);
    }
    Result<std::string, ports::RailError> provide(SaleId sale, const money::Amount& dollars) override {
        if (isMoody(m_provisions)) return Err(ports::RailError::Refused);
        return ThroughExchange::provide(sale, dollars);
    }

private:
    bool isMoody(int& count) {
        ++calls;
        return count++ < m_moods;
    }
    int m_moods;
    int m_quotes = 0;
    int m_wallets = 0;
    int m_provisions = 0;
};

/// What is quoted behind another quote is a tenth more.
class RisingExchange final : public ThroughExchange {
public:
    using ThroughExchange::ThroughExchange;
    Result<Quote, ports::RailError> quote(const QuoteWanted& wanted) override {
        auto quote = ThroughExchange::quote(wanted);
        if (quote && wanted.behindMs != 0) quote->coins.value += quote->coins.value / 10 * tenths(wanted.behindMs);
        return quote;
    }

private:
    /// As often as there was another quote before; the same for the same one.
    std::int64_t tenths(std::int64_t behindMs) {
        return m_tenths.try_emplace(behindMs, static_cast<std::int64_t>(m_tenths.size()) + 1).first->second;
    }
    std::map<std::int64_t, std::int64_t> m_tenths;
};

/// Lets whoever asks for a quote wait.
class SlowExchange final : public ThroughExchange {
public:
    using ThroughExchange::ThroughExchange;
    std::atomic<bool> shut{true};
    std::atomic<int> asked{0};
    Result<Quote, ports::RailError> quote(const QuoteWanted& wanted) override {
        ++asked;
        while (shut) QTest::qSleep(1);
        return ThroughExchange::quote(wanted);
    }
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

} // namespace tallylock::test
