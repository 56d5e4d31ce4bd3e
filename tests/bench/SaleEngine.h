// The engine as sales drive it: sellers, buyers and a key server that sign what they send, and sales that go through
// the fourteen steps side by side, so that the commands of a step are made before the clock runs.
//
// What is measured is Engine::apply with all events, which are read as well. Signatures are really made and checked;
// how long the checks took is told apart (SignatureWatch), since they cost ten times what the rest of a sale does.
#pragma once

#include "Figures.h"
#include "core/engine/Engine.h"
#include "tests/support/SaleCommands.h"

#include <array>
#include <memory>
#include <vector>

namespace tallylock::bench {

/// Stands before the check of a signature (the linker puts it there) and counts, for each thread by itself.
struct SignatureWatch {
    static inline thread_local double seconds = 0;
    static inline thread_local std::uint64_t checks = 0;
};

inline double wallSeconds() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

inline crypto::SigningKey signingKeyOf(const std::string& name) {
    return crypto::SigningKey::fromSeed(crypto::labelledHash("bench-identity", crypto::cborList(name)).view());
}

inline engine::PublishListing listingOfBench(std::uint64_t number) {
    const std::string name = std::to_string(number);
    engine::PublishListing c;
    c.assetId = test::saleHash("asset " + name);
    c.name = "Asset " + name;
    c.description = "Thirty-two photographs of the harbour, taken before the cranes were pulled down.";
    c.mediaType = "application/zip";
    c.sizeBytes = 100'000'000;
    c.sealedSize = 100'100'000;
    c.manifestHash = test::saleHash("manifest " + name);
    c.sealedRoot = test::saleHash("sealed " + name);
    c.plainRoot = test::saleHash("plain " + name);
    c.recipient = *BoxKey::from(test::saleHash("recipient " + name).view());
    c.price = {money::Int128{10'000} * 1'000'000, money::kUsd};
    c.manifest = Bytes(600, 7);
    return c;
}

class SaleEngine {
public:
    /// The places at which a sale waits for somebody: after each of its commands but the last.
    enum Stage : std::size_t {
        kOffered,
        kAccepted,
        kSigned,
        kDeposited,
        kWrapped,
        kQuoted,
        kWalletOpen,
        kFundingSigned,
        kSeen,
        kFunded,
        kDelivered,
        kEscrowed,
        kPaid,
        kMoved,
        kSent1,
        kSent2,
        kUnlocked,
        kStages
    };
    static constexpr std::uint64_t kSteps = 14;

    explicit SaleEngine(std::size_t people) : m_engine(settings()) {
        for (std::size_t i = 0; i < people; ++i) {
            for (auto* list : {&m_sellers, &m_buyers}) {
                const std::string name = (list == &m_sellers ? "seller " : "buyer ") + std::to_string(i);
                list->push_back(std::make_unique<Person>(Person{signingKeyOf(name)}));
                apply(commandOf(*list->back(),
                                engine::RegisterHolder{name, false, *BoxKey::from(test::saleHash(name).view())}));
            }
        }
    }

    /// Opens sales and leaves them where sales wait: at each stage as many as at every other.
    void leaveOpen(std::size_t count) {
        for (std::size_t done = 0; done < count; done += kGroup) {
            std::vector<Sale> group = list(std::min(kGroup, count - done));
            for (std::size_t i = 0; i < group.size(); ++i) group[i].stopsAfter = (done + i) % (kStages - 1);
            for (std::size_t stage = kOffered; stage < kStages; ++stage) (void)run(group, static_cast<Stage>(stage));
        }
    }

    struct Cost {
        double seconds = 0;       ///< in apply
        double signatures = 0;    ///< of these, in the checks of signatures
        std::uint64_t checks = 0; ///< of signatures
        std::uint64_t events = 0;
    };
    /// Whole sales, from the offer to the end.
    Cost sell(std::size_t count) {
        Cost sum;
        for (std::size_t done = 0; done < count; done += kGroup) {
            std::vector<Sale> group = list(std::min(kGroup, count - done));
            for (std::size_t stage = kOffered; stage < kStages; ++stage) {
                const Cost cost = run(group, static_cast<Stage>(stage));
                sum.seconds += cost.seconds;
                sum.signatures += cost.signatures;
                sum.checks += cost.checks;
                sum.events += cost.events;
            }
            for (const Sale& sale : group) {
                if (m_engine.sale(sale.id)) giveUp("a sale has not ended");
            }
        }
        return sum;
    }
    const engine::Engine& engine() const { return m_engine; }

private:
    static constexpr std::size_t kGroup = 256;
    struct Person {
        crypto::SigningKey key;
        std::uint64_t counter = 0;
    };
    struct Sale {
        std::size_t people = 0; ///< seller and buyer
        engine::PublishListing listed;
        ListingId listing;
        SaleId id;
        std::size_t stopsAfter = kStages;
    };

    static engine::Config settings() {
        engine::Config config;
        config.coordinator.identity = signingKeyOf("coordinator").publicKey();
        config.keyServer.identity = signingKeyOf("key server").publicKey();
        config.dollars = money::kUsd;
        return config;
    }

    engine::Command commandOf(Person& signer, engine::CommandBody body) {
        engine::Command command{signer.key.publicKey(), ++signer.counter, {}, std::move(body)};
        command.hash = crypto::labelledHash("command", crypto::cborList(command.signer, command.counter));
        return command;
    }
    engine::Reply apply(const engine::Command& command) {
        m_events.clear();
        const engine::Reply reply = m_engine.apply(command, m_events);
        if (reply.refused != engine::Refused::No) giveUp(std::string("refused: ") + nameOf(reply.refused));
        return reply;
    }
    /// Listings for as many sales; not measured.
    std::vector<Sale> list(std::size_t count) {
        std::vector<Sale> group;
        for (std::size_t i = 0; i < count; ++i) {
            Sale sale;
            sale.people = ++m_listed % m_sellers.size();
            sale.listed = listingOfBench(m_listed);
            sale.listing = {apply(commandOf(*m_sellers[sale.people], sale.listed)).value};
            group.push_back(std::move(sale));
        }
        return group;
    }
    /// Makes the commands, and then applies them by the clock.
    Cost run(std::vector<Sale>& group, Stage stage) {
        std::vector<engine::Command> commands;
        std::vector<Sale*> sales;
        for (Sale& sale : group) {
            if (sale.stopsAfter < stage) continue;
            commands.push_back(command(sale, stage));
            sales.push_back(&sale);
        }
        Cost cost;
        const double checkedBefore = SignatureWatch::seconds;
        const std::uint64_t checksBefore = SignatureWatch::checks;
        const double start = wallSeconds();
        m_engine.beginBatch(++m_nowMs, m_events);
        for (std::size_t i = 0; i < commands.size(); ++i) {
            const engine::Reply reply = apply(commands[i]);
            if (stage == kOffered) sales[i]->id = {reply.value};
            cost.events += m_events.size();
        }
        cost.seconds = wallSeconds() - start;
        cost.signatures = SignatureWatch::seconds - checkedBefore;
        cost.checks = SignatureWatch::checks - checksBefore;
        return cost;
    }

    engine::Command command(const Sale& sale, Stage stage) {
        Person& seller = *m_sellers[sale.people];
        Person& buyer = *m_buyers[sale.people];
        const test::SaleSigners by{buyer.key, seller.key, m_keyServer.key};
        if (stage == kOffered) {
            return commandOf(buyer, engine::MakeOffer{sale.listing, money::kBtc, sale.listed.price, sale.listed.price,
                                                      m_nowMs + 80'000'000, test::saleHash("nonce")});
        }
        const engine::SaleChanged& view = *m_engine.sale(sale.id);
        switch (stage) {
        case kAccepted:
            return commandOf(
                seller, test::acceptanceOf(sale.id, test::termsOf(view, sale.listed, m_engine.config()), seller.key));
        case kSigned: return commandOf(buyer, test::buyersSignatureOn(view, by));
        case kDeposited: return commandOf(seller, engine::DepositKey{sale.id, test::saleHash("deposit")});
        case kWrapped: return commandOf(m_keyServer, test::wrappingOf(view, by));
        case kQuoted:
            return commandOf(m_coordinator,
                             engine::FreezeQuote{sale.id, {20'000'000, money::kBtc}, m_nowMs + 900'000, true});
        case kWalletOpen: return commandOf(m_coordinator, test::walletOf(view, m_nowMs + 80'000'000));
        case kFundingSigned: return commandOf(buyer, engine::SignFunding{sale.id, *view.contract, *view.walletReceipt});
        case kSeen: return commandOf(m_coordinator, payment(view, 0));
        case kFunded: return commandOf(m_coordinator, payment(view, 2));
        case kDelivered: return commandOf(buyer, test::deliveryOf(view, by));
        case kEscrowed: {
            const engine::KeyReady ready{*view.contract, 1};
            return commandOf(m_coordinator, engine::ProvideEscrow{sale.id, "reference", ready,
                                                                  m_keyServer.key.sign("key-ready", ready)});
        }
        case kPaid: return commandOf(m_coordinator, engine::PaySeller{sale.id, "reference"});
        case kMoved: return commandOf(m_coordinator, engine::MoveCoins{sale.id, "reference", *view.coins});
        case kSent1: return commandOf(m_keyServer, test::partOf(view, 1, by));
        case kSent2: return commandOf(m_keyServer, test::partOf(view, 2, by));
        default: return commandOf(buyer, test::unlockingOf(view, by));
        }
    }
    engine::ObservePayment payment(const engine::SaleChanged& view, std::uint32_t confirmations) const {
        return {"chain",     test::saleHash("payment " + std::to_string(view.sale.value)),
                0,           view.wallet->address,
                *view.coins, confirmations,
                false,       m_nowMs};
    }

    engine::Engine m_engine;
    Person m_coordinator{signingKeyOf("coordinator")};
    Person m_keyServer{signingKeyOf("key server")};
    std::vector<std::unique_ptr<Person>> m_sellers;
    std::vector<std::unique_ptr<Person>> m_buyers;
    std::vector<engine::Event> m_events;
    std::uint64_t m_listed = 0;
    std::int64_t m_nowMs = 1'700'000'000'000;
};

} // namespace tallylock::bench
