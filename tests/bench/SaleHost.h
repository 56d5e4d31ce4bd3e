// A whole coordinator as sales drive it: people with signed envelopes on links of their own and streams that they
// listen to, a key server that signs, payments that the coordinator reports. One thread plays all of them: it looks at
// how the sales stand, and sends what is due.
#pragma once

#include "core/store/SqliteProjector.h"
#include "tests/bench/BenchHost.h"
#include "tests/bench/SaleEngine.h"

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <sys/resource.h>

namespace tallylock::bench {

/// Signs that keys are ready, and notes whose parts it is to send.
class BenchKeyServer {
public:
    std::unique_ptr<ports::Link> link() { return std::make_unique<SigningLink>(*this); }
    const keys::Identity& identity() const { return m_identity; }
    std::vector<SaleId> takeReleased() {
        const std::lock_guard lock(m_mutex);
        return std::exchange(m_released, {});
    }

private:
    class SigningLink final : public ports::Link {
    public:
        explicit SigningLink(BenchKeyServer& server) : m_server(server) {}
        void request(Bytes frame, std::function<void(Result<Bytes, ports::LinkError>)> done) override {
            done(encodeCbor(m_server.answer(*decodeCbor<wire::Request>(frame))));
        }
        std::unique_ptr<ports::Subscription> subscribe(Stream, std::uint64_t,
                                                       std::function<void(const wire::StreamItem&)>) override {
            return nullptr;
        }

    private:
        BenchKeyServer& m_server;
    };
    wire::Answer answer(const wire::Request& request) {
        if (const auto* asked = std::get_if<wire::KeyReadyRequest>(&request))
            return wire::KeyReadyReply{m_identity.sign("key-ready", asked->ready)};
        const auto& release = std::get<wire::Release>(request);
        if (!crypto::verify(m_coordinator, "r10", release.payout, release.payoutSignature))
            giveUp("a release is not signed");
        const std::lock_guard lock(m_mutex);
        m_released.push_back(release.sale);
        return wire::Accepted{};
    }

    keys::Identity m_identity = identityOf("key server");
    IdentityKey m_coordinator = identityOf("coordinator").key();
    std::mutex m_mutex;
    std::vector<SaleId> m_released;
};

class SaleHost {
public:
    SaleHost() : m_node(m_folder.file("journal"), tables(), 2 * kPairs) {
        m_keyServer.link = m_node.host->connect(m_keyServer.identity.key());
        m_node.host->setKeyServer(m_server.link());
        for (std::size_t i = 0; i < m_node.traders.size(); ++i) {
            const bool buys = i >= kPairs;
            m_streams.push_back(m_node.traders[i].link->subscribe(
                ports::Link::Stream::Own, 0, [this, buys](const wire::StreamItem& item) { hear(item, buys); }));
        }
    }
    ~SaleHost() {
        m_streams.clear();
        m_keyServer.link.reset();
        for (Trader& trader : m_node.traders) trader.link.reset();
        m_node.host.reset();
    }

    /// Opens sales and leaves them where they wait for a person.
    void leaveOpen(std::size_t count) {
        for (std::size_t done = 0; done < count; done += kListed) {
            auto sales = list(std::min(kListed, count - done));
            for (std::size_t i = 0; i < sales.size(); ++i) {
                const Stop& stop = kStops[(done + i) % std::size(kStops)];
                sales[i].does = stop.does;
                sales[i].restsIn = stop.in;
            }
            play(sales);
        }
    }

    struct Outcome {
        double salesPerSecond = 0;
        double processorUsPerSale = 0; ///< of the whole process
        double sendersUsPerSale = 0;   ///< of it, of those who send
        double commitsPerSale = 0;
        double bytesPerSale = 0;
    };
    /// Whole sales, until the buyers have heard of the end of the last of them.
    Outcome sell(std::size_t count) {
        auto sales = list(count);
        const Appended before = m_node.appended;
        const std::uint64_t toldBefore = m_completed.load();
        const double cpu = processSeconds();
        const double mine = threadSeconds();
        const double start = wallSeconds();
        play(sales);
        while (m_completed.load() < toldBefore + count) std::this_thread::sleep_for(std::chrono::milliseconds(1));
        const double each = 1 / static_cast<double>(count);
        return {static_cast<double>(count) / (wallSeconds() - start), 1e6 * each * (processSeconds() - cpu),
                1e6 * each * (threadSeconds() - mine), each * static_cast<double>(m_node.appended.times - before.times),
                each * static_cast<double>(m_node.appended.bytes - before.bytes)};
    }

private:
    static constexpr std::uint32_t kPairs = 32;
    static constexpr std::size_t kInFlight = 512; ///< sales
    static constexpr std::size_t kListed = 2000;  ///< listed at a time

    /// What people do in a sale, each once.
    enum Deed : unsigned {
        kNothing = 0,
        kAccept = 1,
        kSign = 2,
        kDeposit = 4,
        kWrap = 8,
        kFund = 16,
        kPay = 32,
        kConfirm = 64,
        kDeliver = 128,
        kSendParts = 256,
        kUnlock = 512,
        kAll = 1023
    };
    /// Where a sale rests when this is all that is done.
    struct Stop {
        unsigned does;
        engine::SaleState in;
    };
    static constexpr Stop kStops[] = {
        {0, engine::SaleState::Offered},
        {kAccept, engine::SaleState::Accepted},
        {kAccept | kDeposit, engine::SaleState::KeyDeposited},
        {kAccept | kDeposit | kWrap, engine::SaleState::KeyWrapped},
        {kAccept | kDeposit | kWrap | kSign, engine::SaleState::WalletOpen},
        {kAll & ~(kPay | kConfirm | kDeliver | kSendParts | kUnlock), engine::SaleState::WalletOpen},
        {kAll & ~(kConfirm | kDeliver | kSendParts | kUnlock), engine::SaleState::Seen},
        {kAll & ~(kDeliver | kSendParts | kUnlock), engine::SaleState::Funded},
        {kAll & ~kUnlock, engine::SaleState::KeySent2},
    };

    struct Sale {
        std::size_t pair = 0;
        engine::PublishListing listed;
        ListingId listing;
        SaleId id; ///< once the offer is acknowledged
        unsigned does = kAll;
        unsigned done = 0;
        bool released = false;
        std::optional<engine::SaleState> restsIn; ///< nothing: it goes to its end
    };
    struct Due {
        Sale* sale = nullptr;
        unsigned deeds = 0;
        engine::SaleChanged view;
    };

    static double processSeconds() {
        rusage used{};
        ::getrusage(RUSAGE_SELF, &used);
        const auto seconds = [](const timeval& t) {
            return static_cast<double>(t.tv_sec) + 1e-6 * static_cast<double>(t.tv_usec);
        };
        return seconds(used.ru_utime) + seconds(used.ru_stime);
    }
    host::OpenProjector tables() {
        return [this] { return store::SqliteProjector::open(m_folder.file("tables")); };
    }
    Trader& seller(const Sale& sale) { return m_node.traders[sale.pair]; }
    Trader& buyer(const Sale& sale) { return m_node.traders[kPairs + sale.pair]; }

    /// On the node's thread.
    void hear(const wire::StreamItem& item, bool buys) {
        if (!buys) return;
        const auto event = wire::decodeEvent(item.event);
        const auto* sale = event ? engine::bodyIf<engine::SaleChanged>(*event) : nullptr;
        if (sale && sale->state == engine::SaleState::Completed) ++m_completed;
    }

    void send(Trader& who, const engine::CommandBody& body, std::uint64_t* value = nullptr) {
        {
            const std::lock_guard lock(m_mutex);
            ++m_waiting;
        }
        who.link->request(encodeCbor(wire::Request{wire::Submit{wire::sealCommand(who.identity, ++who.counter, body)}}),
                          [this, value](Result<Bytes, ports::LinkError> frame) { acknowledged(frame, value); });
    }
    void acknowledged(const Result<Bytes, ports::LinkError>& frame, std::uint64_t* value) {
        const auto answer =
            frame ? decodeCbor<wire::Answer>(*frame) : Result<wire::Answer, CborError>(Err(CborError{}));
        const auto* submitted = answer ? std::get_if<wire::Submitted>(&*answer) : nullptr;
        if (!submitted) giveUp("a command was not taken");
        if (submitted->reply.refused != engine::Refused::No)
            giveUp(std::string("refused: ") + nameOf(submitted->reply.refused) + " " + submitted->reply.detail);
        const std::lock_guard lock(m_mutex);
        if (value) *value = submitted->reply.value;
        --m_waiting;
        m_news.notify_one();
    }
    void waitUntil(std::size_t most, std::chrono::milliseconds longest) {
        std::unique_lock lock(m_mutex);
        m_news.wait_for(lock, longest, [&] { return m_waiting <= most; });
    }

    std::vector<Sale> list(std::size_t count) {
        std::vector<Sale> sales(count);
        for (Sale& sale : sales) {
            sale.pair = ++m_listed % kPairs;
            sale.listed = listingOfBench(m_listed);
            send(seller(sale), sale.listed, &sale.listing.value);
            waitUntil(1000, std::chrono::seconds(60));
        }
        waitUntil(0, std::chrono::seconds(60));
        return sales;
    }

    /// Until all of them are over, or rest.
    void play(std::vector<Sale>& sales) {
        std::vector<Sale*> active;
        std::map<SaleId, Sale*> byId;
        auto next = sales.begin();
        while (next != sales.end() || !active.empty()) {
            for (; next != sales.end() && active.size() < kInFlight; ++next) {
                active.push_back(&*next);
                send(buyer(*next),
                     engine::MakeOffer{next->listing, money::kBtc, next->listed.price, next->listed.price,
                                       SystemClock().wallMs() + 80'000'000, test::saleHash("nonce")},
                     &next->id.value);
            }
            waitUntil(active.size() / 4, std::chrono::milliseconds(5));
            for (const SaleId id : m_server.takeReleased()) {
                if (const auto found = byId.find(id); found != byId.end()) found->second->released = true;
            }
            std::vector<Due> due = look(active, byId);
            std::vector<engine::CommandBody> payments;
            for (Due& one : due) act(one, payments);
            if (payments.empty()) continue;
            const auto replies = m_node.host->perform(std::move(payments));
            for (const engine::Reply& reply : *replies) {
                if (reply.refused != engine::Refused::No) giveUp("a payment was refused");
            }
        }
    }

    /// What is due in each; those that are over, or rest, are active no more.
    std::vector<Due> look(std::vector<Sale*>& active, std::map<SaleId, Sale*>& byId) {
        std::vector<Due> due;
        std::vector<Sale*> stay;
        const auto visited = m_node.host->visit([&](const engine::Engine& engine) {
            const std::lock_guard lock(m_mutex); // for the ids
            for (Sale* sale : active) {
                if (!sale->id) {
                    stay.push_back(sale);
                    continue;
                }
                byId.emplace(sale->id, sale);
                const engine::SaleChanged* view = engine.sale(sale->id);
                const bool rests = view && sale->restsIn == view->state && (sale->does & ~sale->done) == 0;
                if (!view || rests) continue;
                stay.push_back(sale);
                const unsigned deeds = dueIn(*view, *sale) & sale->does & ~sale->done;
                if (deeds != 0) due.push_back({sale, deeds, *view});
            }
        });
        if (!visited) giveUp("the node has stopped");
        active = std::move(stay);
        return due;
    }
    static unsigned dueIn(const engine::SaleChanged& view, const Sale& sale) {
        switch (view.state) {
        case engine::SaleState::Offered: return kAccept;
        case engine::SaleState::Accepted: return kSign | kDeposit;
        case engine::SaleState::KeyDeposited: return kWrap | kSign;
        case engine::SaleState::KeyWrapped: return kSign;
        case engine::SaleState::WalletOpen: return *view.fundingSigned ? kPay : kFund;
        case engine::SaleState::Seen: return kConfirm;
        case engine::SaleState::Funded: return kDeliver;
        case engine::SaleState::SellerPaid: return sale.released ? kSendParts : kNothing;
        case engine::SaleState::KeySent2: return kUnlock;
        default: return 0;
        }
    }
    void act(Due& due, std::vector<engine::CommandBody>& payments) {
        Sale& sale = *due.sale;
        const engine::SaleChanged& view = due.view;
        const test::SaleSigners by{buyer(sale).identity.signingKey(), seller(sale).identity.signingKey(),
                                   m_keyServer.identity.signingKey()};
        const auto does = [&](Deed deed) { return (due.deeds & deed) != 0; };
        sale.done |= due.deeds;
        if (does(kAccept))
            send(seller(sale),
                 test::acceptanceOf(sale.id, test::termsOf(view, sale.listed, m_node.host->config()), by.seller));
        if (does(kSign)) send(buyer(sale), test::buyersSignatureOn(view, by));
        if (does(kDeposit)) send(seller(sale), engine::DepositKey{sale.id, test::saleHash("deposit")});
        if (does(kWrap)) send(m_keyServer, test::wrappingOf(view, by));
        if (does(kFund)) send(buyer(sale), engine::SignFunding{sale.id, *view.contract, *view.walletReceipt});
        if (does(kPay)) payments.push_back(payment(view, 0));
        if (does(kConfirm)) payments.push_back(payment(view, 2));
        if (does(kDeliver)) send(buyer(sale), test::deliveryOf(view, by));
        if (does(kSendParts)) {
            send(m_keyServer, test::partOf(view, 1, by));
            send(m_keyServer, test::partOf(view, 2, by));
        }
        if (does(kUnlock)) send(buyer(sale), test::unlockingOf(view, by));
    }
    static engine::ObservePayment payment(const engine::SaleChanged& view, std::uint32_t confirmations) {
        return {view.wallet->rail,
                test::saleHash("payment " + std::to_string(view.sale.value)),
                0,
                view.wallet->address,
                *view.coins,
                confirmations,
                false,
                view.timeMs};
    }

    TemporaryFolder m_folder;
    BenchKeyServer m_server;
    Trader m_keyServer{identityOf("key server"), nullptr};
    BenchHost m_node;
    std::mutex m_mutex;
    std::condition_variable m_news;
    std::size_t m_waiting = 0;
    std::atomic<std::uint64_t> m_completed{0};
    std::uint64_t m_listed = 0;
    std::vector<std::unique_ptr<ports::Subscription>> m_streams;
};

} // namespace tallylock::bench
