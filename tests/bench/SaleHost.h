// A whole coordinator as sales drive it: people with signed envelopes on links of their own and streams that they
// listen to, a key server that signs, payments that the coordinator reports. Two threads play all of them, each its own
// people: it hears on their streams how the sales stand, and sends what is due.
#pragma once

#include "core/store/SqliteProjector.h"
#include "tests/bench/BenchHost.h"
#include "tests/bench/SaleEngine.h"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <set>
#include <sys/resource.h>
#include <unordered_map>

namespace tallylock::bench {

/// Signs that keys are ready, and notes whose parts it is to send.
class BenchKeyServer {
public:
    std::unique_ptr<ports::Link> link() { return std::make_unique<SigningLink>(*this); }
    /// Said once of each sale.
    bool takeReleased(SaleId sale) {
        const std::lock_guard lock(m_mutex);
        return m_released.erase(sale) != 0;
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
        m_released.insert(release.sale);
        return wire::Accepted{};
    }

    keys::Identity m_identity = identityOf("key server");
    IdentityKey m_coordinator = identityOf("coordinator").key();
    std::mutex m_mutex;
    std::set<SaleId> m_released;
};

/// What the senders share of the key server.
struct KeyServerOfAll {
    BenchKeyServer server;
    Trader trader{identityOf("key server"), nullptr};
    std::mutex turn;
};

/// Plays some of the people, on one thread at a time.
class SaleSender {
public:
    static constexpr std::uint32_t kSenders = 2;
    static constexpr std::uint32_t kPairs = 32;
    static constexpr std::uint32_t kPairsOfOne = kPairs / kSenders;

    SaleSender(std::uint32_t number, BenchHost& node, KeyServerOfAll& keyServer)
        : m_number(number),
          m_node(node),
          m_keyServer(keyServer) {}

    /// Lists files for as many sales.
    void list(std::size_t count) {
        m_sales.assign(count, {});
        for (Sale& sale : m_sales) {
            sale.pair = m_number * kPairsOfOne + m_listed % kPairsOfOne;
            sale.listed = listingOfBench(m_listed++ * kSenders + m_number);
            send(m_node.traders[sale.pair], sale.listed, &sale.listing.value);
            waitUntil(1000, std::chrono::seconds(60));
        }
        waitUntil(0, std::chrono::seconds(60));
        m_byListing.clear();
        for (Sale& sale : m_sales) m_byListing[sale.listing] = &sale;
    }
    /// Of what is listed: sales that are left where they wait for a person.
    void leaveOpen(std::size_t from) {
        for (std::size_t i = 0; i < m_sales.size(); ++i) {
            const Stop& stop = kStops[(from + i) % std::size(kStops)];
            m_sales[i].does = stop.does;
            m_sales[i].restsIn = stop.in;
        }
        play();
    }
    /// Until all that are listed are over, or rest.
    void play() {
        auto next = m_sales.begin();
        while (next != m_sales.end() || m_active != 0) {
            for (; next != m_sales.end() && m_active < kInFlight; ++next) {
                ++m_active;
                send(m_node.traders[kPairs + next->pair],
                     engine::MakeOffer{next->listing, money::kBtc, next->listed.price, next->listed.price,
                                       SystemClock().wallMs() + 80'000'000, test::saleHash("nonce")});
            }
            std::vector<engine::CommandBody> payments;
            for (const engine::SaleChanged& view : takeHeard()) act(view, payments);
            sendReleased();
            if (payments.empty()) continue;
            const auto replies = m_node.host->perform(std::move(payments));
            for (const engine::Reply& reply : *replies) {
                if (reply.refused != engine::Refused::No) giveUp("a payment was refused");
            }
        }
    }
    /// What comes on the stream of one of its buyers. The node's thread.
    void hear(const wire::StreamItem& item) {
        auto event = wire::decodeEvent(item.event);
        const auto* sale = event ? engine::bodyIf<engine::SaleChanged>(*event) : nullptr;
        if (!sale) return;
        const std::lock_guard lock(m_mutex);
        m_heard.push_back(*sale);
        if (m_heard.size() == 1) m_news.notify_one();
    }
    /// Of the thread that plays, so far, without what the node does for it at the door: it reads and checks what comes.
    double ownSeconds() const { return threadSeconds() - m_atTheDoor; }

private:
    static constexpr std::size_t kInFlight = 1536 / kSenders; ///< sales
    static constexpr std::uint64_t kMeasuredOfSent = 7;       ///< one of so many: to look at the clock takes long, too

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
        unsigned does = kAll;
        unsigned done = 0;
        std::optional<engine::SaleState> restsIn; ///< nothing: it goes to its end
        bool isOver = false;
    };

    void send(Trader& who, const engine::CommandBody& body, std::uint64_t* value = nullptr) {
        {
            const std::lock_guard lock(m_mutex);
            ++m_waiting;
        }
        Bytes frame = encodeCbor(wire::Request{wire::Submit{wire::sealCommand(who.identity, ++who.counter, body)}});
        const bool isMeasured = m_sent++ % kMeasuredOfSent == 0;
        const double before = isMeasured ? threadSeconds() : 0;
        who.link->request(std::move(frame),
                          [this, value](Result<Bytes, ports::LinkError> answer) { acknowledged(answer, value); });
        if (isMeasured) m_atTheDoor += kMeasuredOfSent * (threadSeconds() - before);
    }
    /// There is one key server, whose commands count up.
    void sendAsKeyServer(const engine::CommandBody& body) {
        const std::lock_guard lock(m_keyServer.turn);
        send(m_keyServer.trader, body);
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
        if (--m_waiting == m_most) m_news.notify_one();
    }
    void waitUntil(std::size_t most, std::chrono::milliseconds longest) {
        std::unique_lock lock(m_mutex);
        m_most = most;
        m_news.wait_for(lock, longest, [&] { return m_waiting <= most; });
    }

    /// Waits a little, if there is nothing yet.
    std::deque<engine::SaleChanged> takeHeard() {
        std::unique_lock lock(m_mutex);
        m_news.wait_for(lock, std::chrono::milliseconds(5), [&] { return !m_heard.empty(); });
        return std::exchange(m_heard, {});
    }
    static unsigned dueIn(const engine::SaleChanged& view) {
        switch (view.state) {
        case engine::SaleState::Offered: return kAccept;
        case engine::SaleState::Accepted: return kSign | kDeposit;
        case engine::SaleState::KeyDeposited: return kWrap | kSign;
        case engine::SaleState::KeyWrapped: return kSign;
        case engine::SaleState::WalletOpen: return *view.fundingSigned ? kPay : kFund;
        case engine::SaleState::Seen: return kConfirm;
        case engine::SaleState::Funded: return kDeliver;
        case engine::SaleState::SellerPaid: return kSendParts;
        case engine::SaleState::KeySent2: return kUnlock;
        default: return 0;
        }
    }
    /// What is due in a sale that has changed; one that is over, or rests, is active no more.
    void act(const engine::SaleChanged& view, std::vector<engine::CommandBody>& payments) {
        const auto listed = m_byListing.find(view.listing);
        if (listed == m_byListing.end()) return; // one of those that were left open
        Sale& sale = *listed->second;
        const unsigned deeds = dueIn(view) & sale.does & ~sale.done;
        sale.done |= deeds;
        const bool rests = sale.restsIn == view.state && (sale.does & ~sale.done) == 0;
        if ((rests || view.state == engine::SaleState::Completed) && !std::exchange(sale.isOver, true)) --m_active;
        if (deeds == 0) return;
        Trader& seller = m_node.traders[sale.pair];
        Trader& buyer = m_node.traders[kPairs + sale.pair];
        const test::SaleSigners by = signersOf(sale);
        const auto does = [&](Deed deed) { return (deeds & deed) != 0; };
        if (does(kAccept))
            send(seller,
                 test::acceptanceOf(view.sale, test::termsOf(view, sale.listed, m_node.host->config()), by.seller));
        if (does(kSign)) send(buyer, test::buyersSignatureOn(view, by));
        if (does(kDeposit)) send(seller, engine::DepositKey{view.sale, test::saleHash("deposit")});
        if (does(kWrap)) sendAsKeyServer(test::wrappingOf(view, by));
        if (does(kFund)) send(buyer, engine::SignFunding{view.sale, *view.contract, *view.walletReceipt});
        if (does(kPay)) payments.push_back(payment(view, 0));
        if (does(kConfirm)) payments.push_back(payment(view, 2));
        if (does(kDeliver)) send(buyer, test::deliveryOf(view, by));
        if (does(kSendParts)) m_unreleased.push_back(view);
        if (does(kUnlock)) send(buyer, test::unlockingOf(view, by));
    }
    /// The parts of those whose key server has heard that the seller is paid.
    void sendReleased() {
        std::erase_if(m_unreleased, [&](const engine::SaleChanged& view) {
            if (!m_keyServer.server.takeReleased(view.sale)) return false;
            const test::SaleSigners by = signersOf(*m_byListing.at(view.listing));
            sendAsKeyServer(test::partOf(view, 1, by));
            sendAsKeyServer(test::partOf(view, 2, by));
            return true;
        });
    }
    test::SaleSigners signersOf(const Sale& sale) const {
        return {m_node.traders[kPairs + sale.pair].identity.signingKey(),
                m_node.traders[sale.pair].identity.signingKey(), m_keyServer.trader.identity.signingKey()};
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

    const std::uint32_t m_number; ///< of the senders
    BenchHost& m_node;
    KeyServerOfAll& m_keyServer;
    std::vector<Sale> m_sales;
    std::unordered_map<ListingId, Sale*> m_byListing;
    std::size_t m_active = 0;
    std::vector<engine::SaleChanged> m_unreleased;
    std::deque<engine::SaleChanged> m_heard; ///< under the lock
    std::uint64_t m_listed = 0;
    std::uint64_t m_sent = 0;
    double m_atTheDoor = 0; ///< seconds
    std::mutex m_mutex;
    std::condition_variable m_news;
    std::size_t m_waiting = 0; ///< commands that are not acknowledged
    std::size_t m_most = 0;    ///< of them, is waited for
};

class SaleHost {
public:
    SaleHost() : m_node(m_folder.file("journal"), tables(), 2 * SaleSender::kPairs) {
        m_keyServer.trader.link = m_node.host->connect(m_keyServer.trader.identity.key());
        m_node.host->setKeyServer(m_keyServer.server.link());
        for (std::uint32_t i = 0; i < SaleSender::kSenders; ++i) m_senders.emplace_back(i, m_node, m_keyServer);
        for (std::size_t i = 0; i < m_node.traders.size(); ++i) {
            if (i < SaleSender::kPairs) { // sellers have their streams, too, and need nothing of them here
                m_streams.push_back(
                    m_node.traders[i].link->subscribe(ports::Link::Stream::Own, 0, [](const wire::StreamItem&) {}));
                continue;
            }
            SaleSender& sender = m_senders[(i - SaleSender::kPairs) / SaleSender::kPairsOfOne];
            m_streams.push_back(m_node.traders[i].link->subscribe(
                ports::Link::Stream::Own, 0, [&sender](const wire::StreamItem& item) { sender.hear(item); }));
        }
    }
    ~SaleHost() {
        m_streams.clear();
        m_keyServer.trader.link.reset();
        for (Trader& trader : m_node.traders) trader.link.reset();
        m_node.host.reset();
    }

    /// Opens sales and leaves them where they wait for a person.
    void leaveOpen(std::size_t count) {
        for (std::size_t done = 0; done < count; done += kListed) {
            together(
                [&](SaleSender& sender, std::size_t part) {
                    sender.list(part);
                    sender.leaveOpen(done);
                },
                std::min(kListed, count - done));
        }
    }
    /// Until nothing is behind any more: no tables, and no snapshot.
    void waitUntilQuiet() {
        constexpr auto kLook = std::chrono::milliseconds(200);
        constexpr double kNothing = 0.02; // seconds of the processor's time
        double before = 0;
        do {
            before = processSeconds();
            std::this_thread::sleep_for(kLook);
        } while (processSeconds() - before > kNothing);
    }

    struct Outcome {
        double salesPerSecond = 0;
        double processorUsPerSale = 0; ///< of the whole process
        double sendersUsPerSale = 0;   ///< of it, what people and key server do: mostly they sign
        double commitsPerSale = 0;
        double bytesPerSale = 0;
    };
    /// Whole sales, until the buyers have heard of the end of the last of them.
    Outcome sell(std::size_t count) {
        together([](SaleSender& sender, std::size_t part) { sender.list(part); }, count);
        waitUntilQuiet();
        const Appended before = m_node.appended;
        const double cpu = processSeconds();
        const double start = wallSeconds();
        std::mutex mutex;
        double senders = 0;
        together(
            [&](SaleSender& sender, std::size_t) {
                const double own = sender.ownSeconds();
                sender.play();
                const std::lock_guard lock(mutex);
                senders += sender.ownSeconds() - own;
            },
            count);
        const double each = 1 / static_cast<double>(count);
        return {static_cast<double>(count) / (wallSeconds() - start), 1e6 * each * (processSeconds() - cpu),
                1e6 * each * senders, each * static_cast<double>(m_node.appended.times - before.times),
                each * static_cast<double>(m_node.appended.bytes - before.bytes)};
    }

private:
    static constexpr std::size_t kListed = 2000; ///< listed at a time

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
    /// All senders at once, each with its part.
    template <class F>
    void together(F act, std::size_t count) {
        std::vector<std::thread> threads;
        for (std::size_t i = 0; i < m_senders.size(); ++i) {
            const std::size_t part = count * (i + 1) / m_senders.size() - count * i / m_senders.size();
            threads.emplace_back([this, i, part, &act] { act(m_senders[i], part); });
        }
        for (std::thread& thread : threads) thread.join();
    }

    TemporaryFolder m_folder;
    KeyServerOfAll m_keyServer;
    BenchHost m_node;
    std::deque<SaleSender> m_senders;
    std::vector<std::unique_ptr<ports::Subscription>> m_streams;
};

} // namespace tallylock::bench
