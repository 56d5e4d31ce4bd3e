// An engine with its people, for tests: signs as they would, checks after every command that all money sums to zero,
// and keeps every event.
#pragma once

#include "core/crypto/Sign.h"
#include "core/engine/Engine.h"
#include "core/ledger/Ledger.h"

#include <QTest>
#include <functional>
#include <map>
#include <string>

namespace tallylock::engine::test {

inline crypto::SigningKey keyNamed(const std::string& name) {
    return crypto::SigningKey::fromSeed(crypto::labelledHash("test-key", crypto::cborList(name)).view());
}
inline Hash hashNamed(const std::string& name) { return crypto::labelledHash("test-hash", crypto::cborList(name)); }
inline BoxKey boxNamed(const std::string& name) { return *BoxKey::from(hashNamed("box of " + name).view()); }
inline Amount usd(std::int64_t cents) { return {money::Int128{cents} * 1'000'000, money::kUsd}; }
inline Amount satoshi(std::int64_t amount) { return {amount, money::kBtc}; }

class EngineHarness {
public:
    EngineHarness() : engine(settings()) {}

    static Config settings() {
        Config c;
        c.coordinator = {keyNamed("coordinator").publicKey(), boxNamed("coordinator")};
        c.keyServer = {keyNamed("key server").publicKey(), boxNamed("key server")};
        c.dollars = money::kUsd;
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
        for (const Event& event : fresh) {
            if (const auto* sale = bodyIf<SaleChanged>(event.body)) lastSale[sale->sale] = *sale;
            if (const auto* receipt = std::get_if<ReceiptMade>(&event.body)) receipts.push_back(*receipt);
            if (const auto* line = std::get_if<StatementLine>(&event.body)) { // nobody else's business
                QVERIFY(event.audience.kind == Audience::Kind::Holders && event.audience.first == line->holder);
                QVERIFY(!event.audience.second);
            }
            events.push_back(event);
        }
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
        return {listing, money::kBtc, usd(10'000), usd(9'000), nowMs + 60'000, hashNamed("nonce")};
    }

    Terms termsFor(SaleId id, const PublishListing& l) const {
        const SaleChanged& sale = lastSale.at(id);
        const Config& c = engine.config();
        Terms t;
        t.buyerNonce = sale.buyerNonce;
        t.sellerNonce = hashNamed("seller nonce");
        t.listing = sale.listing;
        t.manifestHash = l.manifestHash;
        t.recipient = l.recipient;
        t.sealedRoot = l.sealedRoot;
        t.plainRoot = l.plainRoot;
        t.sealedSize = l.sealedSize;
        t.buyer = sale.buyerKeys;
        t.seller = sale.sellerKeys;
        t.keyServer = c.keyServer;
        t.coordinator = c.coordinator.identity;
        t.coin = sale.coin;
        t.price = sale.bid;
        t.fee = *money::feeOf(t.price, c.saleFeeBasisPoints);
        t.holdback = *money::feeOf(t.price, c.holdbackBasisPoints);
        t.deadlines = c.deadlines;
        return t;
    }

    AcceptOffer acceptance(SaleId id, const Terms& terms, const std::string& seller = "seller") const {
        return {id, terms,
                keyNamed(seller).sign("accept-terms", TermsAcceptance{crypto::labelledHash("terms", terms)})};
    }
    SignTerms buyersSignature(SaleId id) const {
        return {id, keyNamed("buyer").sign("accept-terms", TermsAcceptance{*lastSale.at(id).termsHash})};
    }
    WrapKey wrapping(SaleId id) const {
        const SaleChanged& sale = lastSale.at(id);
        KeyReceiptBody body{*sale.termsHash,        hashNamed("c1"),       hashNamed("c2"), sale.terms->recipient,
                            sale.terms->sealedRoot, sale.terms->plainRoot, "full"};
        return {id, {body, keyNamed("key server").sign("r4", body)}};
    }
    OpenWallet walletOf(SaleId id) const {
        const SaleChanged& sale = lastSale.at(id);
        return {id, *sale.contract, "chain", "wallet " + std::to_string(id.value), *sale.coins, nowMs + 1'000'000, 1};
    }
    ObservePayment payment(SaleId id, const std::string& name, const Amount& amount,
                           std::uint32_t confirmations) const {
        return {"chain", hashNamed(name), 0, "wallet " + std::to_string(id.value), amount, confirmations, false, nowMs};
    }
    ConfirmDelivery delivery(SaleId id) const {
        const DeliveryReceipt r8{*lastSale.at(id).contract, lastSale.at(id).terms->sealedRoot};
        return {id, r8, keyNamed("buyer").sign("r8", r8)};
    }
    ProvideEscrow escrowing(SaleId id) const {
        const KeyReady ready{*lastSale.at(id).contract, 1};
        return {id, "reference", ready, keyNamed("key server").sign("key-ready", ready)};
    }
    SendPart part(SaleId id, std::uint8_t number) const {
        const Bytes box = number == 1 ? bytesOf("boxed part 1") : Bytes();
        const KeyPartNote note{*lastSale.at(id).contract, number,
                               crypto::labelledHash("part", encodeCbor(bytesOf("boxed part 1")))};
        return {id, note, keyNamed("key server").sign("key-part", note), box};
    }
    ConfirmUnlock unlocking(SaleId id) const {
        const UnlockReceipt r14{*lastSale.at(id).contract, true};
        return {id, r14, keyNamed("buyer").sign("r14", r14)};
    }

    /// The commands that bring a fresh sale from B2 on to its end, each with who sends it. Made one by one, since each
    /// signs what the ones before have made.
    struct Step {
        std::string who;
        std::function<CommandBody()> body;
        SaleState after;
    };
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
            {"buyer", [=, this] { return delivery(id); }, SaleState::Delivered},
            {"coordinator", [=, this] { return escrowing(id); }, SaleState::Escrowed},
            {"coordinator",
             [=] {
                 return PaySeller{id, "reference"};
             },
             SaleState::SellerPaid},
            {"coordinator",
             [=] {
                 return MoveCoins{id, "reference", satoshi(200'000)};
             },
             SaleState::SellerPaid},
            {"key server", [=, this] { return part(id, 1); }, SaleState::KeySent1},
            {"key server", [=, this] { return part(id, 2); }, SaleState::KeySent2},
            {"buyer", [=, this] { return unlocking(id); }, SaleState::Completed},
        };
    }

    Engine engine;
    std::int64_t nowMs = 1'700'000'000'000;
    std::vector<Event> fresh;  ///< of the last command
    std::vector<Event> events; ///< of all
    std::vector<ReceiptMade> receipts;
    std::map<SaleId, SaleChanged> lastSale;
    std::map<std::string, std::uint64_t> counters;
    std::vector<std::pair<std::int64_t, std::optional<Command>>> history;
    int payments = 0;
};

} // namespace tallylock::engine::test
