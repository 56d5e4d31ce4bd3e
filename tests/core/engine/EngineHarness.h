// An engine with its people, for tests: signs as they would, checks after every command that all money sums to zero,
// and keeps every event.
#pragma once

#include "core/crypto/Sign.h"
#include "core/engine/Engine.h"
#include "core/ledger/Ledger.h"
#include "tests/support/SaleCommands.h"

#include <QTest>
#include <functional>
#include <map>
#include <mutex>
#include <string>

namespace tallylock::engine::test {

/// Made once: a key takes its time, and guarded memory. Any thread.
inline const crypto::SigningKey& keyNamed(const std::string& name) {
    static std::mutex mutex;
    static std::map<std::string, crypto::SigningKey> keys;
    const std::lock_guard lock(mutex);
    const auto found = keys.find(name);
    if (found != keys.end()) return found->second;
    const Hash seed = crypto::labelledHash("test-key", crypto::cborList(name));
    return keys.emplace(name, crypto::SigningKey::fromSeed(seed.view())).first->second;
}
inline Hash hashNamed(const std::string& name) { return tallylock::test::saleHash(name); }
inline BoxKey boxNamed(const std::string& name) { return *BoxKey::from(hashNamed("box of " + name).view()); }
inline Amount usd(std::int64_t cents) { return {money::Int128{cents} * 1'000'000, money::kUsd}; }
inline Amount satoshi(std::int64_t amount) { return {amount, money::kBtc}; }

class EngineHarness {
public:
    explicit EngineHarness(const Config& config = settings(), std::optional<KeyWay> way = {},
                           std::optional<DeliveryKind> what = {}, std::optional<FundingMode> from = {},
                           std::optional<EscrowAsset> held = {})
        : engine(config),
          keyWay(way),
          kind(what),
          funding(from),
          escrowAsset(held) {}

    static Config settings() {
        Config c;
        c.coordinator = {keyNamed("coordinator").publicKey(), boxNamed("coordinator")};
        c.keyServer = {keyNamed("key server").publicKey(), boxNamed("key server")};
        c.dollars = money::kUsd;
        return c;
    }

    /// Whose coins are sold on its own book.
    static Config sellingOnTheBook() {
        Config c = settings();
        c.secondExchange = SecondExchange::OwnBook;
        return c;
    }

    Reply send(const std::string& who, CommandBody body) { return sendAs(who, ++counters[who], std::move(body)); }

    Reply sendAs(const std::string& who, std::uint64_t counter, CommandBody body) {
        CborWriter writer;
        std::visit([&](const auto& b) { writeCbor(writer, b); }, body);
        const IdentityKey signer = keyNamed(who).publicKey();
        Command command{signer, counter,
                        crypto::labelledHash("command", crypto::cborList(signer, counter, writer.bytes())),
                        std::move(body)};
        return sendRaw(command);
    }

    Reply sendRaw(const Command& command) {
        fresh.clear();
        engine.beginBatch(nowMs, fresh);
        Reply reply = engine.apply(command, fresh);
        complete(fresh);
        history.emplace_back(nowMs, command);
        check();
        return reply;
    }

    void tick(std::int64_t laterMs) {
        nowMs += laterMs;
        fresh.clear();
        engine.beginBatch(nowMs, fresh);
        history.emplace_back(nowMs, std::nullopt);
        check();
    }

    /// After every command of every test.
    void check() {
        QVERIFY(engine.ledger().checkSums());
        for (const money::Unit& unit : money::allUnits()) QVERIFY(engine.ledger().sumOf(unit.id) == 0);
        bool hasQuote = false;
        for (const Event& event : fresh) {
            if (const auto* sale = bodyIf<SaleChanged>(event.body)) {
                lastSale[sale->sale] = *sale;
                hasQuote |= sale->coins.has_value();
            }
            if (const auto* receipt = std::get_if<ReceiptMade>(&event.body)) receipts.push_back(*receipt);
            if (const auto* line = std::get_if<StatementLine>(&event.body)) { // nobody else's business
                QVERIFY(event.audience.kind == Audience::Kind::Holders && event.audience.first == line->holder);
                QVERIFY(!event.audience.second);
            }
            events.push_back(event);
        }
        if (hasQuote) promisesAreThoseOfTheSales();
    }
    /// What the engine has summed up as sales moved is what it sums up from the sales when it is loaded.
    void promisesAreThoseOfTheSales() const {
        CborWriter writer;
        engine.save(writer);
        CborReader reader(writer.bytes());
        const auto loaded = Engine::load(reader);
        QVERIFY(loaded && loaded->openQuotes() == engine.openQuotes());
    }

    /// The state as bytes and back, and every command anew, give the same state.
    bool isReproducible() const {
        CborWriter writer;
        engine.save(writer);
        CborReader reader(writer.bytes());
        const auto loaded = Engine::load(reader);
        if (!loaded || loaded->stateHash() != engine.stateHash()) return false;
        if (loaded->nextDeadlineMs() != engine.nextDeadlineMs()) return false;
        Engine again(engine.config());
        std::vector<Event> made;
        for (const auto& [timeMs, command] : history) {
            made.clear();
            again.beginBatch(timeMs, made);
            if (command) (void)again.apply(*command, made);
        }
        return again.stateHash() == engine.stateHash();
    }

    template <class E>
    std::vector<E> freshOf() const {
        std::vector<E> found;
        for (const Event& event : fresh) {
            if (const auto* e = bodyIf<E>(event.body)) found.push_back(*e);
        }
        return found;
    }

    money::Int128 available(HolderId holder, money::UnitId unit) const {
        return engine.ledger().balance(ledger::availableOf(holder, unit)).available();
    }

    HolderId join(const std::string& name, bool institution = false) {
        const Reply reply = send(name, RegisterHolder{name, institution, boxNamed(name)});
        Q_ASSERT(reply.refused == Refused::No);
        return {reply.value};
    }

    void deposit(HolderId holder, const Amount& amount) {
        const bool fiat = amount.unit == money::kUsd;
        const std::string identifier = "to " + std::to_string(holder.value) + (fiat ? " usd" : " btc");
        send("coordinator", AssignDepositIdentifier{holder, amount.unit, fiat ? "bank" : "chain", identifier});
        ++payments;
        const std::string name = "payment " + std::to_string(payments);
        if (fiat) {
            send("coordinator", ObserveBankEntry{"bank", name, identifier, amount, nowMs});
        } else {
            send("coordinator", ObservePayment{"chain", hashNamed(name), 0, identifier, amount, 2, false, nowMs});
        }
    }

    /// Somebody bids 52,000 dollars for a Bitcoin, for up to a hundredth of one.
    void openMarket() {
        send("coordinator", OpenInstrument{"BTC/USD", money::kBtc, money::kUsd, usd(1), satoshi(1'000), satoshi(1'000),
                                           satoshi(1'000'000'000)});
        deposit(join("bidder"), usd(100'000));
        const Reply bid = send("bidder", PlaceOrder{{1}, 0, usd(5'200'000), satoshi(1'000'000)});
        Q_ASSERT(bid.refused == Refused::No);
    }

    // --- a sale, step by step -------------------------------------------------------------------------------------

    PublishListing listingOf(const std::string& name) const {
        PublishListing c;
        c.assetId = hashNamed("asset " + name);
        c.name = name;
        c.mediaType = "text/plain";
        c.sizeBytes = 1000;
        c.sealedSize = 1200;
        c.manifestHash = hashNamed("manifest " + name);
        c.sealedRoot = hashNamed("sealed " + name);
        c.plainRoot = hashNamed("plain " + name);
        c.recipient = boxNamed("recipient " + name);
        c.price = usd(10'000);
        c.manifest = {1};
        return c;
    }

    MakeOffer offerFor(ListingId listing) const {
        return {listing, money::kBtc, usd(10'000), usd(9'000), nowMs + 60'000, hashNamed("nonce"),
                keyWay,  kind,        funding,     {},         escrowAsset};
    }

    Terms termsFor(SaleId id, const PublishListing& l) const {
        return tallylock::test::termsOf(lastSale.at(id), l, engine.config());
    }
    AcceptOffer acceptance(SaleId id, const Terms& terms, const std::string& seller = "seller") const {
        return tallylock::test::acceptanceOf(id, terms, keyNamed(seller));
    }
    SignTerms buyersSignature(SaleId id) const {
        return tallylock::test::buyersSignatureOn(lastSale.at(id), signers());
    }
    WrapKey wrapping(SaleId id) const { return tallylock::test::wrappingOf(lastSale.at(id), signers()); }
    OpenWallet walletOf(SaleId id) const { return tallylock::test::walletOf(lastSale.at(id), nowMs + 1'000'000); }
    ObservePayment payment(SaleId id, const std::string& name, const Amount& amount,
                           std::uint32_t confirmations) const {
        return {"chain", hashNamed(name), 0, tallylock::test::walletNamed(id), amount, confirmations, false, nowMs};
    }
    ConfirmDelivery delivery(SaleId id) const { return tallylock::test::deliveryOf(lastSale.at(id), signers()); }
    PassOwnership passing(SaleId id) const { return tallylock::test::ownershipOf(lastSale.at(id), signers()); }
    ProvideEscrow escrowing(SaleId id) const {
        const auto order = funding == FundingMode::Converted ? std::optional(conversion) : std::nullopt;
        return tallylock::test::escrowingOf(lastSale.at(id), engine, signers(), order);
    }
    MoveCoins moving(SaleId id) const {
        return {id, "reference", satoshi(funding == FundingMode::Converted ? 0 : 200'000)};
    }
    RewrapKey rewrapping(SaleId id) const { return tallylock::test::rewrappingOf(lastSale.at(id), signers()); }
    SendPart part(SaleId id, std::uint8_t number) const {
        return tallylock::test::partOf(lastSale.at(id), number, signers());
    }
    ConfirmStored storing(SaleId id) const { return tallylock::test::storingOf(lastSale.at(id), nowMs, m_coordinator); }
    RaiseDispute objection(SaleId id, Claim claim) const {
        return tallylock::test::objectionOf(lastSale.at(id), claim, signers());
    }
    JudgeData judging(SaleId id, bool bad) const { return tallylock::test::judgingOf(lastSale.at(id), bad, signers()); }
    ConfirmUnlock unlocking(SaleId id) const { return tallylock::test::unlockingOf(lastSale.at(id), signers()); }

    /// The commands that bring a fresh sale from B2 on to its end, each with who sends it. Made one by one, since each
    /// signs what the ones before have made.
    struct Step {
        std::string who;
        std::function<CommandBody()> body;
        SaleState after;
    };
    Step delivering(SaleId id) {
        if (kind == DeliveryKind::OwnershipOnly)
            return {"seller", [=, this] { return passing(id); }, SaleState::Delivered};
        return {"buyer", [=, this] { return delivery(id); }, SaleState::Delivered};
    }
    /// By the steps of a sale, until it is there for the first time.
    void reach(SaleId id, const PublishListing& listing, SaleState wanted) {
        const auto steps = stepsOf(id, listing);
        std::size_t& next = m_nextStep[id];
        while (lastSale.at(id).state != wanted) {
            const Step& step = steps.at(next++);
            const Reply reply = send(step.who, step.body());
            if (reply.refused != Refused::No) qFatal("%s", nameOf(reply.refused));
        }
    }
    std::vector<Step> stepsOf(SaleId id, const PublishListing& listing) {
        return {
            {"seller", [=, this] { return acceptance(id, termsFor(id, listing)); }, SaleState::Accepted},
            {"buyer", [=, this] { return buyersSignature(id); }, SaleState::Accepted},
            {"seller",
             [=] {
                 return DepositKey{id, hashNamed("deposit")};
             },
             SaleState::KeyDeposited},
            {"key server", [=, this] { return wrapping(id); }, SaleState::KeyWrapped},
            {"coordinator",
             [=, this] {
                 return FreezeQuote{id, satoshi(200'000), nowMs + 600'000};
             },
             SaleState::Ready},
            {"coordinator", [=, this] { return walletOf(id); }, SaleState::WalletOpen},
            {"buyer",
             [=, this] {
                 return SignFunding{id, *lastSale.at(id).contract, *lastSale.at(id).walletReceipt};
             },
             SaleState::WalletOpen},
            {"coordinator", [=, this] { return payment(id, "pays", satoshi(200'500), 0); }, SaleState::Seen},
            {"coordinator", [=, this] { return payment(id, "pays", satoshi(200'500), 2); }, SaleState::Funded},
            delivering(id),
            {"coordinator", [=, this] { return escrowing(id); }, SaleState::Escrowed},
            {"coordinator",
             [=] {
                 return PaySeller{id, "reference"};
             },
             SaleState::SellerPaid},
            {"coordinator", [=, this] { return moving(id); }, SaleState::SellerPaid},
            {"key server", [=, this] { return part(id, 1); }, SaleState::KeySent1},
            {"key server", [=, this] { return part(id, 2); }, SaleState::KeySent2},
            {"buyer", [=, this] { return unlocking(id); }, SaleState::Completed},
        };
    }

    tallylock::test::SaleSigners signers() const { return {m_buyer, m_seller, m_keyServer, &m_standby}; }

    Engine engine;
    std::int64_t nowMs = 1'700'000'000'000;
    std::vector<Event> fresh;  ///< of the last command
    std::vector<Event> events; ///< of all
    std::vector<ReceiptMade> receipts;
    std::map<SaleId, SaleChanged> lastSale;
    std::map<std::string, std::uint64_t> counters;
    std::vector<std::pair<std::int64_t, std::optional<Command>>> history;
    int payments = 0;
    std::optional<KeyWay> keyWay;     ///< that offers ask for
    std::optional<DeliveryKind> kind; ///< likewise
    std::optional<FundingMode> funding;
    std::optional<EscrowAsset> escrowAsset;
    /// That sells the coins of a converted sale: 193,000 satoshi are 100.36 dollars at 52,000.
    Conversion conversion{{1}, usd(5'200'000), satoshi(193'000)};

private:
    std::map<SaleId, std::size_t> m_nextStep;
    const crypto::SigningKey& m_buyer = keyNamed("buyer");
    const crypto::SigningKey& m_seller = keyNamed("seller");
    const crypto::SigningKey& m_keyServer = keyNamed("key server");
    const crypto::SigningKey& m_standby = keyNamed("standby");
    const crypto::SigningKey& m_coordinator = keyNamed("coordinator");
};

} // namespace tallylock::engine::test
